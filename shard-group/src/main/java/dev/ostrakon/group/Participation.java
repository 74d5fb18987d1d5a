package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.finished.Memory;
import dev.ostrakon.group.queue.Access;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.Fingerprint;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;

/**
 * This group's part in transactions over several groups: ORDER, FINALISE, REFUSE, APPLY, FORGET.
 */
final class Participation {
  /**
   * Refusals of one attempt: the request may still be done, so they are not remembered as its
   * result.
   */
  private static final Set<Refusal.Reason> OF_THE_ATTEMPT =
      EnumSet.of(
          Refusal.Reason.WRONG_GROUP,
          Refusal.Reason.NOT_ORDERED,
          Refusal.Reason.CLOCK_SKEW,
          Refusal.Reason.OVERLOADED,
          Refusal.Reason.WINDOW_PASSED);

  private static final Refusal NOT_ORDERED = TxnRecord.NOT_ORDERED;

  private final ShardState state;
  private final Turns turns;
  private final ShardObserver observer;

  Participation(ShardState state, Turns turns, ShardObserver observer) {
    this.state = state;
    this.turns = turns;
    this.observer = observer;
  }

  /** Where it stands; a pure look. */
  TxnStatus status(TxnId id) {
    TxnRecord record = state.records.find(id);
    return record == null ? fromMemory(id).orElse(new TxnStatus.Unknown()) : record.status();
  }

  /**
   * An id that is known with another body is denied and not refused: a refusal would speak of the
   * transaction that the id belongs to.
   */
  CommandResult order(Command.Order order) {
    return state.isReused(order.request())
        ? new CommandResult.Denied(state.reused(order.request()))
        : new CommandResult.Status(orderOnce(order));
  }

  private TxnStatus orderOnce(Command.Order order) {
    Request request = order.request();
    TxnRecord known = state.records.find(request.id());
    if (known != null) {
      return known.status();
    }
    if (state.isBeyondWindow(request.issuedAt())) {
      // Not recorded: whatever comes later under this id is as old and is refused the same way.
      return new TxnStatus.Refused(state.windowPassed());
    }
    Optional<TxnStatus> remembered = fromMemory(request.id());
    if (remembered.isPresent()) {
      return remembered.get();
    }
    state.observe(order.proposed());
    dropReads(request.id().request(), request.id().attempt() - 1);
    SortedMap<Key, Access> accesses = Fragments.accesses(request.transaction());
    Optional<Refusal> refusal = refusal(order, accesses);
    if (refusal.isEmpty()) {
      return enqueue(order, accesses);
    }
    // Nobody relies on the refusal of a read: its coordinator asks again before it believes one.
    return order.isReadOnly()
        ? new TxnStatus.Refused(refusal.get())
        : refuse(request.id(), request.issuedAt(), refusal.get(), request.fingerprint());
  }

  TxnStatus finalise(Command.Finalise finalise) {
    TxnRecord record = state.records.find(finalise.txn());
    if (record != null
        && record.state == TxnRecord.State.PENDING_FRAGMENT
        && finalise.timestamp().isAfter(record.timestamp)) {
      state.observe(finalise.timestamp());
      boolean wasReady = record.evaluation != null;
      record.evaluation = null;
      state.waiting.begin(record);
      record.timestamp = finalise.timestamp();
      state.escrow.release(record.id);
      state.records.changed(record);
      List<TxnId> ready = state.queues.finalise(record.id, record.timestamp);
      if (wasReady) {
        observer.onUnready(record.id);
      }
      turns.advance(ready);
    }
    return status(finalise.txn());
  }

  CommandResult refuse(Command.Refuse refuse) {
    TxnRecord known = state.records.find(refuse.txn());
    if (known != null) {
      return new CommandResult.Status(known.status());
    }
    if (state.isBeyondWindow(refuse.issuedAt())) {
      return new CommandResult.Status(new TxnStatus.Refused(state.windowPassed()));
    }
    Optional<TxnStatus> remembered = fromMemory(refuse.txn());
    return new CommandResult.Status(
        remembered.isPresent()
            ? remembered.get()
            : refuse(refuse.txn(), refuse.issuedAt(), NOT_ORDERED, Fingerprint.UNKNOWN));
  }

  /**
   * Settles a request that lies inside the group, whatever its attempts: what is pending or has
   * come to an end is told, what was never heard of is refused.
   */
  CommandResult settle(Command.Refuse refuse) {
    RequestId request = refuse.txn().request();
    dropReads(request, Integer.MAX_VALUE);
    for (TxnRecord record : state.records.attempts(request)) {
      if (record.isPending() || record.outcome instanceof TxnOutcome.Commit) {
        return new CommandResult.Settled(record.status(), !record.participants.isEmpty());
      }
    }
    Memory memory = state.finished.lookup(new TxnId(request, 1));
    if (memory instanceof Memory.Settled) {
      return new CommandResult.Acknowledged();
    }
    Optional<TxnStatus> remembered = fromMemory(memory).filter(status -> !isOfTheAttempt(status));
    if (remembered.isPresent()) {
      return settleRemembered(refuse, memory, remembered.get());
    }
    if (state.isBeyondWindow(refuse.issuedAt())) {
      return settled(state.windowPassed());
    }
    if (!state.slotTable.servesAll(refuse.slots(), Function.identity())) {
      return new CommandResult.Denied(state.wrongGroup());
    }
    // Remembered with the slots, so that it moves with them and still stops the request there.
    state.finished.remember(
        refuse.txn(), refuse.issuedAt(), refuse.slots(), new RequestOutcome.Refused(NOT_ORDERED));
    return settled(NOT_ORDERED);
  }

  /**
   * A refusal ends the attempt that met it; told as the outcome of the request, it must hold for
   * those that are still on their way.
   */
  private CommandResult settleRemembered(Command.Refuse refuse, Memory memory, TxnStatus status) {
    boolean isPart = false;
    if (memory instanceof Memory.Remembered known) {
      isPart = known.isPart();
      if (known.outcome() instanceof RequestOutcome.Refused) {
        if (!state.slotTable.servesAll(refuse.slots(), Function.identity())) {
          return new CommandResult.Denied(state.wrongGroup());
        }
        state.finished.close(refuse.txn().request());
      }
    }
    return new CommandResult.Settled(status, isPart);
  }

  private static CommandResult settled(Refusal refusal) {
    return new CommandResult.Settled(new TxnStatus.Refused(refusal), false);
  }

  private static boolean isOfTheAttempt(TxnStatus status) {
    return status instanceof TxnStatus.Refused refused
        && refused.refusal().reason() == Refusal.Reason.NOT_ORDERED;
  }

  TxnStatus apply(Command.Apply apply) {
    TxnRecord record = state.records.find(apply.txn());
    if (record != null && record.state == TxnRecord.State.PENDING_FRAGMENT) {
      if (record.isReadOnly) {
        return release(record, apply);
      }
      if (apply.outcome() instanceof TxnOutcome.Commit commit) {
        commit(record, apply.timestamp(), commit);
      } else if (apply.outcome() instanceof TxnOutcome.Abort abort) {
        abort(record, abort);
      }
    }
    return status(apply.txn());
  }

  /**
   * Ends a read: at the final timestamp, where it is ready, with its results, and otherwise only if
   * it is given up. Nothing is remembered of it; whoever asks again hears that it is unknown.
   */
  private TxnStatus release(TxnRecord record, Command.Apply apply) {
    if (!(apply.outcome() instanceof TxnOutcome.Commit commit)) {
      drop(record);
      return new TxnStatus.Refused(NOT_ORDERED);
    }
    Evaluation evaluation = record.evaluation;
    if (evaluation == null
        || !record.timestamp.equals(apply.timestamp())
        || !(evaluation.of(commit.branch()) instanceof BranchResult.Results reported)) {
      return record.status();
    }
    drop(record);
    return new TxnStatus.Finished(
        record.timestamp, record.participants, record.configuration, commit, reported.results());
  }

  /** Drops the pending attempts at a request up to this one, if it only reads. */
  private void dropReads(RequestId request, int attempt) {
    if (attempt < 1) {
      return;
    }
    for (TxnRecord record : state.records.attempts(request)) {
      if (record.isReadOnly && record.id.attempt() <= attempt) {
        drop(record);
      }
    }
  }

  /** A read leaves: it had no effect, and its coordinator finds out that it is gone. */
  private void drop(TxnRecord record) {
    List<TxnId> ready = turns.dequeue(record);
    if (state.rules.dropsReads()) {
      state.records.remove(record);
    } else {
      finish(record, new TxnOutcome.Abort(NOT_ORDERED), List.of());
    }
    observer.onUnready(record.id);
    observer.onDropped(record.id);
    turns.advance(ready);
  }

  void forget(List<TxnId> txns) {
    for (TxnId id : txns) {
      TxnRecord record = state.records.find(id);
      if (record != null && record.state == TxnRecord.State.FINISHED && !record.isForgotten) {
        record.isForgotten = true;
        state.records.changed(record);
        if (!removeIfSettled(record)) {
          state.records.expireAt(record, state.endOfWindow(record.issuedAt));
        }
        observer.onForgotten(id);
      }
    }
  }

  /** The client will not ask for these again. */
  void acknowledge(ClientId client, HybridTimestamp issuedAt, Acknowledgement acknowledgement) {
    if (!state.isBeyondWindow(issuedAt)
        && !state.finished.knows(client)
        && state.records.hasAnyBetween(client, 0, acknowledgement.watermark())) {
      // Fragments that only read, and refusals, leave records although nothing is remembered.
      state.finished.hear(client, issuedAt);
    }
    OptionalLong before = state.finished.acknowledge(client, issuedAt, acknowledgement);
    if (before.isPresent()) {
      // What lies below has had its turn; of that, only what was not forgotten then is still there.
      state
          .records
          .between(client, before.getAsLong(), acknowledgement.watermark())
          .forEach(this::removeIfSettled);
    }
  }

  private boolean removeIfSettled(TxnRecord record) {
    boolean isSettled =
        record.mayExpire()
            && state.finished.isSettled(record.id.request())
            && state.rules.dropsAcknowledged();
    if (isSettled) {
      state.records.remove(record);
    }
    return isSettled;
  }

  /** What the memory of finished requests knows: also of transactions whose slots moved here. */
  private Optional<TxnStatus> fromMemory(TxnId id) {
    return fromMemory(state.finished.lookup(id));
  }

  private Optional<TxnStatus> fromMemory(Memory memory) {
    if (memory instanceof Memory.Settled) {
      return Optional.of(new TxnStatus.Refused(state.acknowledged()));
    }
    if (memory instanceof Memory.Remembered remembered) {
      return Optional.of(statusOf(remembered.outcome()));
    }
    return Optional.empty();
  }

  private static TxnStatus statusOf(RequestOutcome outcome) {
    if (outcome instanceof RequestOutcome.Committed committed) {
      return new TxnStatus.Finished(
          committed.timestamp(),
          List.of(),
          new TxnOutcome.Commit(committed.branch()),
          committed.results());
    }
    if (outcome instanceof RequestOutcome.Refused refused) {
      return new TxnStatus.Refused(refused.refusal());
    }
    throw new IllegalStateException("an outcome is committed or refused");
  }

  private Optional<Refusal> refusal(Command.Order order, SortedMap<Key, Access> accesses) {
    TxnId id = order.request().id();
    if (order.isReadOnly() && !Fragments.isReadOnly(order.request().transaction())) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.INVALID, "a transaction that only reads has no fragment that writes"));
    }
    if (!state.servesKeys(accesses.keySet())) {
      return Optional.of(state.wrongGroup());
    }
    if (state.isBeyondHorizon(order.proposed())) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.CLOCK_SKEW,
              "the coordinator's clock is more than "
                  + state.settings.horizonMillis()
                  + " ms behind the group's"));
    }
    if (state.records.isAnotherAttemptPending(id)) {
      return Optional.of(
          new Refusal(Refusal.Reason.NOT_ORDERED, "another attempt is still pending"));
    }
    if (state.isPendingFull(order.request().transaction(), accesses)) {
      return Optional.of(state.overloaded());
    }
    return Fragments.refusal(
        order.request().transaction(), accesses.size(), state.settings.limits());
  }

  /**
   * Records a refusal. It may go once the window of the request has passed: whatever comes later
   * under this id is as old, whoever sends it.
   *
   * <p>Deviation: PROTOCOL.md drops it at the horizon of {@code t0} already; a second coordinator
   * can order the same attempt with a later {@code t0}, so that would be too early.
   */
  private TxnStatus refuse(TxnId id, HybridTimestamp issuedAt, Refusal refusal, int fingerprint) {
    TxnRecord record = TxnRecord.refused(id, issuedAt, refusal);
    record.fingerprint = fingerprint;
    if (state.rules.recordsRefusals()) {
      state.records.add(record);
      boolean isKept = state.rules.keepsRefusals();
      state.records.expireAt(record, isKept ? state.endOfWindow(issuedAt) : HybridTimestamp.ZERO);
    }
    return record.status();
  }

  private TxnStatus enqueue(Command.Order order, SortedMap<Key, Access> accesses) {
    Request request = order.request();
    HybridTimestamp proposal = state.queues.proposal(accesses, order.proposed());
    state.observe(proposal);
    TxnRecord record =
        new TxnRecord(
            request.id(),
            request.issuedAt(),
            order.participants(),
            order.configuration(),
            order.isReadOnly(),
            TxnRecord.State.PENDING_FRAGMENT);
    record.request = request;
    record.fingerprint = request.fingerprint();
    record.accesses = accesses;
    record.proposal = proposal;
    record.timestamp = proposal;
    state.records.add(record);
    state.data.pin(accesses.keySet());
    state.onEnqueued(record);
    observer.onOrdered(request.id());
    boolean isReady = state.queues.enqueue(request.id(), accesses, proposal);
    if (isReady || !state.rules.readyWaitsForEarlier()) {
      turns.advance(List.of(request.id()));
    }
    return record.status();
  }

  /**
   * Hazard: an outcome counts only at a place where the fragment is ready. A coordinator that kept
   * to the protocol never sends one too early; if one did, nothing happens here, and the recovery
   * of the transaction finds the truth.
   */
  private void commit(TxnRecord record, HybridTimestamp timestamp, TxnOutcome.Commit commit) {
    if (record.evaluation == null && !state.rules.commitNeedsReady()) {
      turns.evaluate(record);
    }
    Evaluation evaluation = record.evaluation;
    if (evaluation != null
        && (record.timestamp.equals(timestamp) || !state.rules.commitNeedsReady())
        && evaluation.of(commit.branch()) instanceof BranchResult.Results reported) {
      SortedMap<Key, Access> accesses = record.requireAccesses();
      Request request = record.requireRequest();
      state.escrow.release(record.id);
      if (!record.isRestored || state.rules.appliesWhatWasRestored()) {
        turns.write(turns.run(record, commit.branch()), accesses);
      }
      finish(record, commit, reported.results());
      if (!Fragments.isReadOnly(request.transaction())) {
        remember(
            record,
            accesses,
            new RequestOutcome.Committed(record.timestamp, commit.branch(), record.results));
      }
      leave(record);
    }
  }

  private void abort(TxnRecord record, TxnOutcome.Abort abort) {
    SortedMap<Key, Access> accesses = record.requireAccesses();
    if (state.rules.releasesReservations()) {
      state.escrow.release(record.id);
    }
    finish(record, abort, List.of());
    if (!OF_THE_ATTEMPT.contains(abort.refusal().reason())) {
      remember(record, accesses, new RequestOutcome.Refused(abort.refusal()));
    }
    leave(record);
  }

  private void finish(TxnRecord record, TxnOutcome outcome, List<OperationResult> results) {
    record.state = TxnRecord.State.FINISHED;
    record.outcome = outcome;
    record.results = results;
    state.records.changed(record);
  }

  private void remember(TxnRecord record, SortedMap<Key, Access> accesses, RequestOutcome outcome) {
    SortedSet<Slot> slots = Fragments.slotsOf(accesses.keySet(), state.data.slots());
    state.finished.rememberPart(record.id, record.issuedAt, slots, outcome, record.fingerprint);
  }

  private void leave(TxnRecord record) {
    List<TxnId> ready = turns.dequeue(record);
    observer.onUnready(record.id);
    observer.onFinished(record.id);
    if (!state.rules.keepsFinishedUntilForgotten()) {
      state.records.remove(record);
    }
    turns.advance(ready);
  }
}
