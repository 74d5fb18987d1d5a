package dev.ostrakon.group;

import dev.ostrakon.model.Key;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.Bytes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A read of some keys. */
final class KeyReading<T> extends Reading {
  private final PendingCall<T> call;
  private final Collection<Key> keys;
  private final GroupRules rules;
  private final Function<ShardState, T> view;

  /**
   * @param view what to answer, once all keys are in memory and nothing is in the way
   */
  KeyReading(
      PendingCall<T> call, Collection<Key> keys, GroupRules rules, Function<ShardState, T> view) {
    super(call);
    this.call = call;
    this.keys = keys;
    this.rules = rules;
    this.view = view;
  }

  @Override
  Attempt attempt(ShardState state) {
    for (Key key : keys) {
      if (!state.slotTable.serves(state.data.slots().of(key))) {
        call.end(new FrontAnswer.Denied<>(state.wrongGroup()));
        return SERVED;
      }
      Optional<TxnId> ready = state.queues.readyWriter(key);
      if (ready.isPresent() && rules.readWaitsForReady()) {
        return new Attempt.After(ready.get());
      }
    }
    List<Bytes> rows = state.data.rowsToLoad(keys);
    if (!rows.isEmpty()) {
      return new Attempt.NeedsRows(rows);
    }
    call.end(new FrontAnswer.Done<>(view.apply(state)));
    return SERVED;
  }
}
