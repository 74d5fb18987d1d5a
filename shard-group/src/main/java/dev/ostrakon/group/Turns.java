package dev.ostrakon.group;

import dev.ostrakon.group.queue.Access;
import dev.ostrakon.group.queue.Escrow;
import dev.ostrakon.group.queue.Place;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.raft.Invariants;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives their turn to requests and fragments: carries out the first as soon as nothing is in their
 * way, and evaluates the second when they become ready.
 */
final class Turns {
  private final ShardState state;
  private final ShardObserver observer;

  Turns(ShardState state, ShardObserver observer) {
    this.state = state;
    this.observer = observer;
  }

  /** Carries out a request that nothing stands before. */
  RequestOutcome execute(Request request, SortedMap<Key, Access> accesses, HybridTimestamp at) {
    Transaction transaction = request.transaction();
    Branch branch = state.evaluator.conditionsHold(transaction) ? Branch.THEN : Branch.OTHERWISE;
    BranchRun run = state.evaluator.run(transaction, branch, accesses, at, state.settings.limits());
    Refusal refusal = run.refusal();
    RequestOutcome outcome;
    if (refusal == null) {
      write(run, accesses);
      outcome = new RequestOutcome.Committed(at, branch, run.results());
    } else {
      outcome = new RequestOutcome.Refused(refusal);
    }
    if (!Fragments.isReadOnly(transaction)) {
      state.finished.remember(
          request.id(),
          request.issuedAt(),
          Fragments.slotsOf(accesses.keySet(), state.data.slots()),
          outcome,
          request.fingerprint());
    }
    return outcome;
  }

  /** Writes what a branch wants written; nothing new may go below the versions that it gives. */
  void write(BranchRun run, SortedMap<Key, Access> accesses) {
    HybridTimestamp highest = run.write();
    for (Map.Entry<Key, Access> access : accesses.entrySet()) {
      state.conflicts.touch(access.getKey(), access.getValue(), highest);
    }
  }

  /** These became ready: lowest place first, and with them whatever becomes ready thereby. */
  void advance(Collection<TxnId> ready) {
    if (ready.isEmpty()) {
      return;
    }
    NavigableMap<Place, TxnRecord> turn = new TreeMap<>();
    add(turn, ready);
    while (!turn.isEmpty()) {
      TxnRecord record = turn.pollFirstEntry().getValue();
      if (record.state == TxnRecord.State.WAITING_REQUEST) {
        add(turn, executeWaiting(record));
      } else {
        evaluate(record);
      }
    }
  }

  /** Takes a pending record out of the queues; returns what became ready thereby. */
  List<TxnId> dequeue(TxnRecord record) {
    List<TxnId> ready = state.queues.remove(record.id);
    state.onDequeued(record);
    state.data.unpin(record.requireAccesses().keySet());
    record.request = null;
    record.accesses = null;
    record.evaluation = null;
    state.records.resized(record);
    return ready;
  }

  /** Repeats the reservations of a fragment that was ready when the state was written. */
  void reserveAgain(TxnRecord record) {
    Evaluation evaluation = record.evaluation;
    if (evaluation != null) {
      reserve(
          record,
          reaches(evaluation.then(), run(record, Branch.THEN)),
          reaches(evaluation.otherwise(), run(record, Branch.OTHERWISE)));
    }
  }

  private List<TxnId> executeWaiting(TxnRecord record) {
    RequestOutcome outcome =
        execute(record.requireRequest(), record.requireAccesses(), record.timestamp);
    List<TxnId> ready = dequeue(record);
    state.records.remove(record);
    observer.onUnready(record.id);
    observer.onExecuted(record.id, outcome);
    return ready;
  }

  void evaluate(TxnRecord record) {
    Invariants.check(
        record.state == TxnRecord.State.PENDING_FRAGMENT, "only what is pending becomes ready");
    boolean conditionsHold = state.evaluator.conditionsHold(record.requireRequest().transaction());
    BranchRun then = run(record, Branch.THEN);
    BranchRun otherwise = run(record, Branch.OTHERWISE);
    Evaluation evaluation = new Evaluation(conditionsHold, then.result(), otherwise.result());
    record.evaluation = evaluation;
    state.waiting.end(record);
    reserve(record, reaches(evaluation.then(), then), reaches(evaluation.otherwise(), otherwise));
    state.records.changed(record);
    observer.onReady(
        record.id,
        new TxnStatus.Ready(
            record.proposal,
            record.timestamp,
            record.participants,
            record.configuration,
            record.fingerprint,
            evaluation));
  }

  BranchRun run(TxnRecord record, Branch branch) {
    return state.evaluator.run(
        record.requireRequest().transaction(),
        branch,
        record.requireAccesses(),
        record.timestamp,
        state.settings.limits());
  }

  /** What has to be reserved for a branch that was reported with this result. */
  private static Map<Key, Escrow.Reach> reaches(BranchResult reported, BranchRun run) {
    return reported instanceof BranchResult.Results ? run.reaches() : Map.of();
  }

  /** Only one branch will be carried out, so the wider of the two is enough. */
  private void reserve(
      TxnRecord record, Map<Key, Escrow.Reach> then, Map<Key, Escrow.Reach> otherwise) {
    if (then.isEmpty() && otherwise.isEmpty()) {
      return;
    }
    Map<Key, Escrow.Reach> widest = new LinkedHashMap<>(then);
    otherwise.forEach((key, reach) -> widest.merge(key, reach, Escrow.Reach::and));
    widest.forEach((key, reach) -> state.escrow.reserve(record.id, key, reach));
  }

  private void add(NavigableMap<Place, TxnRecord> turn, Collection<TxnId> ready) {
    for (TxnId id : ready) {
      TxnRecord record = state.records.find(id);
      if (record == null) {
        throw new IllegalStateException("what is pending has a record: " + id);
      }
      turn.put(new Place(record.timestamp, id), record);
    }
  }
}
