package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a front refuses before it is logged, whatever the state. */
final class Door {
  /** What no timestamp of a command may reach, the year 6429; see the format of commands. */
  private static final long WALL_MILLIS_LIMIT = 1L << 47;

  private final HybridLogicalClock clock;
  private long skewCount;

  Door(HybridLogicalClock clock) {
    this.clock = clock;
  }

  /** Calls turned away because of their timestamp. */
  long skewCount() {
    return skewCount;
  }

  /**
   * PROTOCOL.md, "The clock": a request whose timestamp is too far ahead of the physical clock here
   * is refused before it is logged. Others are merged.
   */
  Optional<Refusal> clockSkew(HybridTimestamp timestamp) {
    if (timestamp.isAfter(clock.last())
        && clock.observe(timestamp) instanceof Observation.Refused refused) {
      skewCount++;
      return Optional.of(
          new Refusal(
              Refusal.Reason.CLOCK_SKEW,
              "the timestamp is "
                  + refused.offsetMillis()
                  + " ms ahead of this node's clock, allowed are "
                  + refused.maxMillis()
                  + " ms"));
    }
    return Optional.empty();
  }

  /**
   * A timestamp that other groups' logs hold already, or that of a request in them, is let in
   * however far ahead it is: to refuse it would leave the transaction pending. Those groups have
   * checked it at their doors, by clocks that may have been set back since.
   */
  Optional<Refusal> nonsense(HybridTimestamp timestamp) {
    return timestamp.wallMillis() < WALL_MILLIS_LIMIT
        ? Optional.empty()
        : Optional.of(
            new Refusal(Refusal.Reason.INVALID, "the timestamp is out of range, was " + timestamp));
  }

  Optional<Refusal> limits(Transaction transaction, Limits limits) {
    int mostKeys =
        transaction.conditions().size()
            + transaction.then().size()
            + transaction.otherwise().size();
    int keys = mostKeys <= limits.txnKeysMax() ? mostKeys : transaction.keys().size();
    return Fragments.refusal(transaction, keys, limits);
  }

  /** Why a transaction cannot be served as a read. */
  Optional<Refusal> reading(Transaction transaction, Limits limits) {
    return Fragments.isReadOnly(transaction)
        ? limits(transaction, limits)
        : Optional.of(
            new Refusal(Refusal.Reason.INVALID, "a read has no operations but gets, found others"));
  }

  /** The keys of a read; a single one, which most have, without sorting. */
  static Collection<Key> keysOf(Transaction transaction) {
    return isOneGet(transaction) ? List.of(transaction.then().get(0).key()) : transaction.keys();
  }

  static boolean isOneGet(Transaction transaction) {
    return transaction.conditions().isEmpty()
        && transaction.then().size() == 1
        && transaction.otherwise().isEmpty();
  }

  /** The slots served here that an earlier request may have touched, ascending. */
  static List<Slot> servedSlotsOf(Collection<Key> keys, ShardState state) {
    return keys.isEmpty()
        ? state.slotTable.serving()
        : Fragments.slotsOf(keys, state.data.slots()).stream()
            .filter(slot -> state.slotTable.serves(slot) || !state.rules.settlesWhatItServes())
            .toList();
  }
}
