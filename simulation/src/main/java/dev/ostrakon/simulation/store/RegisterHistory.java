package dev.ostrakon.simulation.store;

import dev.ostrakon.checker.KvAction;
import dev.ostrakon.checker.KvOperation;
import dev.ostrakon.checker.KvOutput;
import dev.ostrakon.checker.Span;
import dev.ostrakon.checker.Status;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was done to registers, key by key: what happens to several at once happens to each. */
final class RegisterHistory {

  private final List<KvOperation> operations = new ArrayList<>();

  List<KvOperation> operations() {
    return Collections.unmodifiableList(operations);
  }

  void add(StoreCall call, Span span, StoreEnding ending) {
    Transaction transaction = call.transaction();
    if (!transaction.conditions().isEmpty()) {
      addCompareAndSet(transaction, span, ending);
      return;
    }
    List<OperationResult> results =
        ending instanceof StoreEnding.Committed committed
            ? committed.outcome().results()
            : List.of();
    List<Operation> all = transaction.then();
    for (int i = 0; i < all.size(); i++) {
      KvAction action = actionOf(all.get(i));
      boolean tells = tells(action);
      if (ending instanceof StoreEnding.Unread && tells) {
        continue; // A read whose result nobody knows; adds to registers are told with results.
      }
      Status status = ending.status();
      KvOutput output =
          status == Status.OK && tells ? new KvOutput.Value(text(results.get(i))) : KvOutput.NONE;
      add(all.get(i).key().bytes().toUtf8(), action, span, status, output);
    }
  }

  private void addCompareAndSet(Transaction transaction, Span span, StoreEnding ending) {
    Condition condition = transaction.conditions().get(0);
    String expected =
        condition instanceof Condition.ValueIs is ? is.value().bytes().toUtf8() : null;
    String wanted = transaction.then().get(0) instanceof Operation.Put put ? text(put.value()) : "";
    KvOutput output = KvOutput.NONE;
    if (ending instanceof StoreEnding.Committed committed) {
      output = new KvOutput.Swapped(committed.outcome().branch() == Branch.THEN);
    } else if (ending instanceof StoreEnding.Unread unread) {
      output = new KvOutput.Swapped(unread.branch() == Branch.THEN);
    }
    add(
        condition.key().bytes().toUtf8(),
        new KvAction.Cas(expected, wanted),
        span,
        ending.status(),
        output);
  }

  private void add(String key, KvAction action, Span span, Status status, KvOutput output) {
    operations.add(
        new KvOperation(
            span.process(), key, action, span.called(), span.returned(), status, output));
  }

  private static boolean tells(KvAction action) {
    return action.kind() == KvAction.Kind.GET || action.kind() == KvAction.Kind.INCREMENT;
  }

  private static KvAction actionOf(Operation operation) {
    if (operation instanceof Operation.Put put) {
      return new KvAction.Put(text(put.value()));
    } else if (operation instanceof Operation.Append append) {
      return new KvAction.Append(text(append.value()));
    } else if (operation instanceof Operation.Add add) {
      return new KvAction.Increment(add.delta());
    } else if (operation instanceof Operation.Delete) {
      return new KvAction.Delete();
    }
    return new KvAction.Get();
  }

  private static String text(Value value) {
    return value.bytes().toUtf8();
  }

  private static @Nullable String text(OperationResult result) {
    return result instanceof OperationResult.Present present ? text(present.value()) : null;
  }
}
