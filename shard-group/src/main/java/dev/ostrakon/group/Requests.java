package dev.ostrakon.group;

import dev.ostrakon.group.finished.Memory;
import dev.ostrakon.group.queue.Access;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import java.util.Optional;
import java.util.SortedMap;

/** PROTOCOL.md's entry EXECUTE: an atomic batch wholly inside the group. */
final class Requests {
  private final ShardState state;
  private final Turns turns;

  Requests(ShardState state, Turns turns) {
    this.state = state;
    this.turns = turns;
  }

  /**
   * Executes a request at once if nothing conflicting is pending, else queues it. Its timestamp is
   * final from the start: the leader's, or the one after the conflict timestamp of its keys.
   */
  CommandResult execute(Request request, HybridTimestamp timestamp) {
    if (state.isBeyondWindow(request.issuedAt())) {
      return new CommandResult.Denied(state.windowPassed());
    }
    if (state.isReused(request)) {
      return new CommandResult.Denied(state.reused(request));
    }
    Memory memory =
        state.rules.recognisesRetries()
            ? state.finished.lookup(request.id())
            : new Memory.Unheard();
    if (memory instanceof Memory.Remembered remembered) {
      return new CommandResult.Executed(remembered.outcome());
    }
    if (memory instanceof Memory.Settled) {
      return new CommandResult.Denied(state.acknowledged());
    }
    TxnRecord record = state.records.find(request.id());
    return record == null ? executeNew(request, timestamp) : known(record);
  }

  /** What a request that came before is told; empty if it is new or nobody can tell. */
  Optional<CommandResult> known(Request request) {
    if (state.isBeyondWindow(request.issuedAt()) || state.isReused(request)) {
      return Optional.empty();
    }
    if (state.finished.lookup(request.id()) instanceof Memory.Remembered remembered) {
      return Optional.of(new CommandResult.Executed(remembered.outcome()));
    }
    TxnRecord record = state.records.find(request.id());
    return record != null && record.state == TxnRecord.State.WAITING_REQUEST
        ? Optional.of(new CommandResult.Queued())
        : Optional.empty();
  }

  private static CommandResult known(TxnRecord record) {
    return switch (record.state) {
      case WAITING_REQUEST -> new CommandResult.Queued();
      case REFUSED ->
          new CommandResult.Executed(
              new RequestOutcome.Refused(ofTheAttempt(record.requireRefusal())));
      case PENDING_FRAGMENT, FINISHED ->
          new CommandResult.Denied(
              new Refusal(
                  Refusal.Reason.INVALID,
                  "the id belongs to a transaction over several groups: ask for its outcome"));
    };
  }

  /** It is in the log and ends the attempt: to send the same one again would be of no use. */
  private static Refusal ofTheAttempt(Refusal refusal) {
    return refusal.reason() == Refusal.Reason.OVERLOADED
        ? new Refusal(Refusal.Reason.NOT_ORDERED, "the attempt was refused: " + refusal.detail())
        : refusal;
  }

  private CommandResult executeNew(Request request, HybridTimestamp timestamp) {
    Optional<Refusal> tooMany =
        Fragments.tooManyOperations(request.transaction(), state.settings.limits());
    if (tooMany.isPresent()) {
      return new CommandResult.Denied(tooMany.get());
    }
    SortedMap<Key, Access> accesses = Fragments.accesses(request.transaction());
    if (!state.servesKeys(accesses.keySet())) {
      return denied(request, accesses);
    }
    Optional<Refusal> refusal =
        Fragments.refusal(request.transaction(), accesses.size(), state.settings.limits());
    if (refusal.isPresent()) {
      return new CommandResult.Denied(refusal.get());
    }
    if (state.records.isAnotherAttemptPending(request.id())) {
      return new CommandResult.Denied(
          new Refusal(Refusal.Reason.OVERLOADED, "an earlier attempt is still pending"));
    }
    HybridTimestamp at = state.queues.proposal(accesses, timestamp);
    if (!state.queues.isAnythingInTheWay(accesses) || !state.rules.requestsWaitTheirTurn()) {
      return new CommandResult.Executed(turns.execute(request, accesses, at));
    }
    if (state.isPendingFull(request.transaction(), accesses)) {
      return new CommandResult.Denied(state.overloaded());
    }
    enqueue(request, accesses, at);
    return new CommandResult.Queued();
  }

  private CommandResult denied(Request request, SortedMap<Key, Access> accesses) {
    if (state.rules.remembersDenials()) {
      state.finished.remember(
          request.id(),
          request.issuedAt(),
          Fragments.slotsOf(accesses.keySet(), state.data.slots()),
          new RequestOutcome.Refused(state.wrongGroup()),
          request.fingerprint());
    }
    return new CommandResult.Denied(state.wrongGroup());
  }

  private void enqueue(Request request, SortedMap<Key, Access> accesses, HybridTimestamp at) {
    TxnRecord record =
        new TxnRecord(request.id(), request.issuedAt(), TxnRecord.State.WAITING_REQUEST);
    record.request = request;
    record.fingerprint = request.fingerprint();
    record.accesses = accesses;
    record.proposal = at;
    record.timestamp = at;
    state.records.add(record);
    state.data.pin(accesses.keySet());
    state.onEnqueued(record);
    state.queues.enqueue(request.id(), accesses, at);
  }
}
