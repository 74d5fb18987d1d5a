package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of a {@link FakeGroup}: texts that are appended to and deleted. */
final class FakeStore {
  record Stored(String text, HybridTimestamp version) {}

  final Map<Key, Stored> values = new TreeMap<>();

  String text(Key key) {
    Stored stored = values.get(key);
    return stored == null ? "" : stored.text();
  }

  Evaluation evaluate(Transaction fragment, HybridTimestamp at) {
    return new Evaluation(
        fragment.conditions().stream().allMatch(this::holds),
        new BranchResult.Results(run(new TreeMap<>(values), fragment.then(), at)),
        new BranchResult.Results(run(new TreeMap<>(values), fragment.otherwise(), at)));
  }

  List<OperationResult> carryOut(Transaction fragment, Branch branch, HybridTimestamp at) {
    return run(values, branch == Branch.THEN ? fragment.then() : fragment.otherwise(), at);
  }

  private boolean holds(Condition condition) {
    boolean exists = values.containsKey(condition.key());
    return condition instanceof Condition.Exists ? exists : !exists;
  }

  private static List<OperationResult> run(
      Map<Key, Stored> values, List<Operation> operations, HybridTimestamp at) {
    List<OperationResult> results = new ArrayList<>();
    for (Operation operation : operations) {
      @Nullable Stored before = values.get(operation.key());
      if (operation instanceof Operation.Append append) {
        String tail = append.value().bytes().toUtf8();
        values.put(append.key(), new Stored(before == null ? tail : before.text() + tail, at));
      } else if (operation instanceof Operation.Delete) {
        values.remove(operation.key());
      }
      boolean isGet = operation instanceof Operation.Get;
      results.add(
          !isGet
              ? new OperationResult.Done()
              : before == null
                  ? new OperationResult.Absent()
                  : new OperationResult.Present(Value.utf8(before.text()), before.version()));
    }
    return results;
  }
}
