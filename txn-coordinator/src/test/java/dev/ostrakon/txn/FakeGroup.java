package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Slots;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A participant by PROTOCOL.md, "Entries in a group's Raft log", as one atomic state: written anew
 * from the text, so that coordinators are not tested against what they were built with.
 */
final class FakeGroup {
  private record Memory(int attempt, RequestOutcome outcome, SortedSet<Slot> slots) {}

  private record Awaiting(TxnId txn, HybridTimestamp timestamp, Consumer<TxnStatus> done) {}

  private record Reading(Transaction fragment, Consumer<Evaluation> done) {}

  final GroupId id;
  final FakeStore store = new FakeStore();
  final SortedSet<Slot> serving = new TreeSet<>();
  private final Slots slots;
  private final Map<TxnId, FakeRecord> records = new TreeMap<>();
  private final Map<Key, HybridTimestamp> conflicts = new TreeMap<>();
  private final Map<RequestId, Memory> memory = new TreeMap<>();
  private final Map<ClientId, Long> settled = new HashMap<>();
  private final Map<TxnId, Consumer<RequestOutcome>> executing = new TreeMap<>();
  private final List<Awaiting> awaiting = new ArrayList<>();
  private final List<Reading> reading = new ArrayList<>();
  private HybridTimestamp clock = HybridTimestamp.ZERO;

  FakeGroup(GroupId id, Slots slots) {
    this.id = id;
    this.slots = slots;
  }

  /** Carries a call out, as of a time on the leader's clock; answers at once or later. */
  void call(ParticipantCall call, HybridTimestamp now, Consumer<ParticipantAnswer> done) {
    clock = HybridTimestamp.max(clock, now);
    switch (call.kind()) {
      case ORDER -> done.accept(status(order((ParticipantCall.Order) call)));
      case REFUSE -> done.accept(status(refuse((ParticipantCall.Refuse) call)));
      case FINALISE -> done.accept(status(finalise((ParticipantCall.Finalise) call)));
      case APPLY -> done.accept(status(apply((ParticipantCall.Apply) call)));
      case FORGET -> {
        ((ParticipantCall.Forget) call).txns().forEach(this::forget);
        done.accept(new ParticipantAnswer.Done());
      }
      case AWAIT -> {
        ParticipantCall.Await await = (ParticipantCall.Await) call;
        awaiting.add(
            new Awaiting(
                await.txn(),
                await.timestamp(),
                status -> done.accept(new ParticipantAnswer.Status(status))));
      }
      case READ -> {
        Transaction fragment = ((ParticipantCall.Read) call).fragment();
        if (serves(fragment)) {
          reading.add(new Reading(fragment, seen -> done.accept(new ParticipantAnswer.Seen(seen))));
        } else {
          done.accept(new ParticipantAnswer.Denied(wrongGroup()));
        }
      }
    }
    advance();
  }

  /** EXECUTE: a request that lies inside the group; answers when its turn has come. */
  void execute(Request request, HybridTimestamp now, Consumer<RequestOutcome> done) {
    clock = HybridTimestamp.max(clock, now);
    Optional<TxnStatus> remembered = remembered(request.id());
    if (remembered.isPresent()) {
      Memory known = memory.get(request.id().request());
      done.accept(known == null ? new RequestOutcome.Refused(windowPassed()) : known.outcome());
    } else if (records.containsKey(request.id())) {
      executing.merge(request.id(), done, Consumer::andThen);
    } else if (!serves(request.transaction())) {
      done.accept(new RequestOutcome.Refused(wrongGroup()));
    } else {
      FakeRecord record = enqueue(request, List.of(), 0, now, FakeRecord.State.INSIDE);
      executing.put(record.id, done);
    }
    advance();
  }

  Collection<FakeRecord> records() {
    return records.values();
  }

  /** What a leader that lags behind may say. */
  @Nullable TxnStatus past(TxnId txn, int back) {
    FakeRecord record = records.get(txn);
    if (record == null || record.past.isEmpty()) {
      return null;
    }
    return record.past.get(Math.max(0, record.past.size() - 1 - back));
  }

  boolean isDrained(Slot slot) {
    return records.values().stream()
        .noneMatch(r -> r.isPending() && slotsOf(r.fragment).contains(slot));
  }

  /** Hands a slot over with its values, its conflict timestamps and its finished requests. */
  void handOver(Slot slot, FakeGroup to) {
    store.values.forEach(
        (key, value) -> {
          if (slots.of(key).equals(slot)) {
            to.store.values.put(key, value);
          }
        });
    store.values.keySet().removeIf(key -> slots.of(key).equals(slot));
    conflicts.forEach(
        (key, at) -> {
          if (slots.of(key).equals(slot)) {
            to.conflicts.merge(key, at, HybridTimestamp::max);
          }
        });
    memory.forEach(
        (request, known) -> {
          if (known.slots().contains(slot)) {
            to.memory.putIfAbsent(request, known);
          }
        });
    settled.forEach((client, upTo) -> to.settled.merge(client, upTo, Math::max));
    to.clock = HybridTimestamp.max(to.clock, clock);
    to.serving.add(slot);
  }

  private SortedSet<Slot> slotsOf(Transaction fragment) {
    SortedSet<Slot> result = new TreeSet<>();
    fragment.keys().forEach(key -> result.add(slots.of(key)));
    return result;
  }

  private boolean serves(Transaction fragment) {
    return serving.containsAll(slotsOf(fragment));
  }

  private static ParticipantAnswer status(TxnStatus status) {
    return new ParticipantAnswer.Status(status);
  }

  TxnStatus status(TxnId txn) {
    FakeRecord record = records.get(txn);
    return record == null
        ? remembered(txn).orElseGet(TxnStatus.Unknown::new)
        : record.status(isReady(record) ? evaluate(record) : null);
  }

  private Evaluation evaluate(FakeRecord record) {
    return store.evaluate(record.fragment, record.timestamp);
  }

  private Optional<TxnStatus> remembered(TxnId txn) {
    Memory known = memory.get(txn.request());
    if (settled.getOrDefault(txn.request().client(), 0L) >= txn.request().sequence()) {
      return Optional.of(new TxnStatus.Refused(windowPassed()));
    }
    if (known == null) {
      return Optional.empty();
    }
    if (known.outcome() instanceof RequestOutcome.Committed committed) {
      return Optional.of(
          new TxnStatus.Finished(
              committed.timestamp(),
              List.of(),
              new TxnOutcome.Commit(committed.branch()),
              committed.results()));
    }
    return Optional.empty();
  }

  private TxnStatus order(ParticipantCall.Order order) {
    Request request = order.request();
    if (records.containsKey(request.id())) {
      return status(request.id());
    }
    Optional<TxnStatus> remembered = remembered(request.id());
    if (remembered.isPresent()) {
      return remembered.get();
    }
    if (order.isReadOnly()) {
      dropReads(request.id().request(), request.id().attempt() - 1);
    }
    boolean isOtherPending =
        records.values().stream()
            .anyMatch(r -> r.isPending() && r.id.request().equals(request.id().request()));
    if (isOtherPending) {
      return order.isReadOnly()
          ? new TxnStatus.Refused(notOrdered())
          : refuse(request.id(), notOrdered());
    }
    if (!serves(request.transaction())) {
      return order.isReadOnly()
          ? new TxnStatus.Refused(wrongGroup())
          : refuse(request.id(), wrongGroup());
    }
    FakeRecord record =
        enqueue(
            request,
            order.participants(),
            order.configuration(),
            order.proposed(),
            FakeRecord.State.PENDING);
    record.isReadOnly = order.isReadOnly();
    acknowledge(request);
    return status(request.id());
  }

  private FakeRecord enqueue(
      Request request,
      List<GroupId> participants,
      long configuration,
      HybridTimestamp at,
      FakeRecord.State state) {
    HybridTimestamp proposal = at;
    for (Key key : request.transaction().keys()) {
      HybridTimestamp touched = conflicts.getOrDefault(key, HybridTimestamp.ZERO);
      proposal = proposal.isAfter(touched) ? proposal : touched.next();
    }
    FakeRecord record =
        new FakeRecord(
            request.id(),
            participants,
            configuration,
            request.transaction(),
            state,
            clock.wallMillis());
    record.proposal = proposal;
    record.timestamp = proposal;
    records.put(record.id, record);
    raise(record);
    return record;
  }

  private void raise(FakeRecord record) {
    clock = HybridTimestamp.max(clock, record.timestamp);
    for (Key key : record.fragment.keys()) {
      conflicts.merge(key, record.timestamp, HybridTimestamp::max);
    }
  }

  private void acknowledge(Request request) {
    ClientId client = request.id().request().client();
    settled.merge(client, request.acknowledgement().watermark(), Math::max);
    removeSettled();
  }

  private TxnStatus refuse(ParticipantCall.Refuse refuse) {
    TxnStatus status = status(refuse.txn());
    return status instanceof TxnStatus.Unknown ? refuse(refuse.txn(), notOrdered()) : status;
  }

  private TxnStatus refuse(TxnId txn, Refusal refusal) {
    FakeRecord record =
        new FakeRecord(
            txn,
            List.of(),
            0,
            Transaction.of(List.of()),
            FakeRecord.State.REFUSED,
            clock.wallMillis());
    record.refusal = refusal;
    records.put(txn, record);
    return status(txn);
  }

  private TxnStatus finalise(ParticipantCall.Finalise finalise) {
    FakeRecord record = records.get(finalise.txn());
    if (record != null
        && record.state == FakeRecord.State.PENDING
        && record.timestamp.isBefore(finalise.timestamp())) {
      record.timestamp = finalise.timestamp();
      raise(record);
    }
    return status(finalise.txn());
  }

  private TxnStatus apply(ParticipantCall.Apply apply) {
    FakeRecord record = records.get(apply.txn());
    if (record != null && record.isReadOnly && record.isPending()) {
      return release(record, apply);
    }
    if (record != null && record.state == FakeRecord.State.PENDING) {
      if (apply.outcome() instanceof TxnOutcome.Abort) {
        finish(record, apply.outcome());
      } else if (apply.outcome() instanceof TxnOutcome.Commit commit
          && isReady(record)
          && record.timestamp.equals(apply.timestamp())) {
        record.results = store.carryOut(record.fragment, commit.branch(), record.timestamp);
        finish(record, commit);
        remember(record, commit.branch());
      }
    }
    return status(apply.txn());
  }

  private TxnStatus release(FakeRecord record, ParticipantCall.Apply apply) {
    TxnStatus status = status(record.id);
    if (!(apply.outcome() instanceof TxnOutcome.Commit commit)) {
      records.remove(record.id);
      return new TxnStatus.Refused(notOrdered());
    }
    if (!(status instanceof TxnStatus.Ready ready)
        || !ready.timestamp().equals(apply.timestamp())
        || !(ready.evaluation().of(commit.branch()) instanceof BranchResult.Results given)) {
      return status;
    }
    records.remove(record.id);
    return new TxnStatus.Finished(
        ready.timestamp(), record.participants, record.configuration, commit, given.results());
  }

  /** Drops a read that has been pending for too long, as a leader does on its own. */
  void drop(FakeRecord read) {
    if (records.get(read.id) == read && read.isPending()) {
      records.remove(read.id);
      advance();
    }
  }

  private void dropReads(RequestId request, int attempt) {
    records
        .values()
        .removeIf(r -> r.isReadOnly && r.id.request().equals(request) && r.id.attempt() <= attempt);
  }

  private void finish(FakeRecord record, TxnOutcome outcome) {
    record.state = FakeRecord.State.FINISHED;
    record.outcome = outcome;
    record.finishedAt = clock.wallMillis();
  }

  private void remember(FakeRecord record, Branch branch) {
    boolean isReadOnly =
        Stream.concat(record.fragment.then().stream(), record.fragment.otherwise().stream())
            .allMatch(operation -> operation.kind() == Operation.Kind.GET);
    if (!isReadOnly) {
      memory.put(
          record.id.request(),
          new Memory(
              record.id.attempt(),
              new RequestOutcome.Committed(record.timestamp, branch, record.results),
              slotsOf(record.fragment)));
    }
  }

  private void forget(TxnId txn) {
    FakeRecord record = records.get(txn);
    if (record != null && record.state == FakeRecord.State.FINISHED) {
      record.isForgotten = true;
      removeSettled();
    }
  }

  private void removeSettled() {
    records
        .values()
        .removeIf(
            r ->
                r.isForgotten
                    && settled.getOrDefault(r.id.request().client(), 0L)
                        >= r.id.request().sequence());
  }

  private boolean isReady(FakeRecord record) {
    return record.isPending()
        && records.values().stream()
            .noneMatch(
                other ->
                    other.isPending()
                        && other != record
                        && other.isBefore(record)
                        && other.conflictsWith(record));
  }

  /** Whatever can go on goes on. */
  private void advance() {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = false;
      for (FakeRecord record : List.copyOf(records.values())) {
        if (record.state == FakeRecord.State.INSIDE && isReady(record)) {
          carryOut(record);
          goesOn = true;
        }
      }
    }
    for (FakeRecord record : records.values()) {
      if (!record.isOver) {
        TxnStatus now = status(record.id);
        record.isOver = !record.isPending();
        if (record.past.isEmpty() || !record.past.get(record.past.size() - 1).equals(now)) {
          record.past.add(now);
        }
      }
    }
    for (Awaiting await : List.copyOf(awaiting)) {
      TxnStatus status = status(await.txn());
      boolean isDue =
          status instanceof TxnStatus.Ready ready
              ? !ready.timestamp().isBefore(await.timestamp())
              : !(status instanceof TxnStatus.Waiting);
      if (isDue) {
        awaiting.remove(await);
        await.done().accept(status);
      }
    }
    for (Reading read : List.copyOf(reading)) {
      boolean mustWait =
          records.values().stream()
              .anyMatch(
                  r -> isReady(r) && read.fragment().keys().stream().anyMatch(r.written::contains));
      if (!mustWait) {
        reading.remove(read);
        read.done().accept(store.evaluate(read.fragment(), clock));
      }
    }
  }

  private void carryOut(FakeRecord record) {
    Evaluation evaluation = evaluate(record);
    Branch branch = evaluation.conditionsHold() ? Branch.THEN : Branch.OTHERWISE;
    record.results = store.carryOut(record.fragment, branch, record.timestamp);
    remember(record, branch);
    records.remove(record.id);
    Consumer<RequestOutcome> done = executing.remove(record.id);
    if (done != null) {
      done.accept(new RequestOutcome.Committed(record.timestamp, branch, record.results));
    }
  }

  private Refusal wrongGroup() {
    return new Refusal(Refusal.Reason.WRONG_GROUP, "a slot is not served by " + id);
  }

  private static Refusal notOrdered() {
    return new Refusal(Refusal.Reason.NOT_ORDERED, "it was refused before it was ordered");
  }

  private static Refusal windowPassed() {
    return new Refusal(Refusal.Reason.WINDOW_PASSED, "acknowledged");
  }
}
