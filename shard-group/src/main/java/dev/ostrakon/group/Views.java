package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What transactions that only read show of the state. All keys must be in memory. */
final class Views {
  private Views() {}

  /** The outcome for a client: the branch that the conditions choose. */
  static RequestOutcome outcome(Transaction transaction, ShardState state) {
    if (Door.isOneGet(transaction)) {
      StoredValue stored = state.data.get(transaction.then().get(0).key());
      return committed(Branch.THEN, List.of(resultOf(stored)), state);
    }
    Branch branch = state.evaluator.conditionsHold(transaction) ? Branch.THEN : Branch.OTHERWISE;
    BranchRun run = run(transaction, branch, state);
    Refusal refusal = run.refusal();
    return refusal == null
        ? committed(branch, run.results(), state)
        : new RequestOutcome.Refused(refusal);
  }

  /** Everything, for a coordinator that does not know the other fragments yet. */
  static Evaluation evaluation(Transaction fragment, ShardState state) {
    return new Evaluation(
        state.evaluator.conditionsHold(fragment),
        run(fragment, Branch.THEN, state).result(),
        run(fragment, Branch.OTHERWISE, state).result());
  }

  private static BranchRun run(Transaction transaction, Branch branch, ShardState state) {
    return state.evaluator.run(
        transaction, branch, Collections.emptySortedMap(), state.clock(), state.settings.limits());
  }

  /** Its place in the order is after everything that it has seen. */
  private static RequestOutcome committed(
      Branch branch, List<OperationResult> results, ShardState state) {
    HybridTimestamp at = state.clock();
    for (OperationResult result : results) {
      if (result instanceof OperationResult.Present present) {
        at = HybridTimestamp.max(at, present.version());
      }
    }
    return new RequestOutcome.Committed(at, branch, results);
  }

  private static OperationResult resultOf(@Nullable StoredValue stored) {
    return stored == null
        ? new OperationResult.Absent()
        : new OperationResult.Present(stored.value(), stored.version());
  }
}
