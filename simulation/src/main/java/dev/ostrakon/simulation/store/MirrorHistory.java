package dev.ostrakon.simulation.store;

import dev.ostrakon.checker.KvAction;
import dev.ostrakon.checker.KvOperation;
import dev.ostrakon.checker.KvOutput;
import dev.ostrakon.checker.Span;
import dev.ostrakon.checker.Status;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys of several groups that every transaction writes, or deletes, all at once with one value. So
 * whoever reads several of them finds the same in all, whichever branch was taken agrees with what
 * it found, and all of them together are one register, which is linearizable: that covers real time
 * over keys and groups, deletions and every kind of condition.
 */
final class MirrorHistory {

  private static final String KEY = "mirrors";

  private final Findings findings;
  private final List<KvOperation> operations = new ArrayList<>();

  /** What was read under a version. */
  private final Map<HybridTimestamp, String> written = new HashMap<>();

  MirrorHistory(Findings findings) {
    this.findings = findings;
  }

  List<KvOperation> operations() {
    return Collections.unmodifiableList(operations);
  }

  void add(StoreCall call, Span span, StoreEnding ending) {
    if (ending instanceof StoreEnding.Committed committed) {
      addCommitted(call, span, committed.outcome());
    } else if (ending instanceof StoreEnding.Unread unread) {
      if (unread.branch() == Branch.THEN) {
        addWrite(call, span, Status.OK);
      }
    } else if (ending instanceof StoreEnding.Unknown) {
      addWrite(call, span, Status.UNKNOWN);
    }
  }

  private void addCommitted(StoreCall call, Span span, RequestOutcome.Committed committed) {
    List<Operation> all = StoreHistory.carriedOut(call, committed.branch());
    List<Optional<String>> found = new ArrayList<>();
    for (int i = 0; i < committed.results().size(); i++) {
      if (all.get(i) instanceof Operation.Get) {
        found.add(found(committed.results().get(i)));
      }
    }
    if (found.isEmpty()) {
      addWrite(call, span, Status.OK);
      return;
    }
    Optional<String> value = found.get(0);
    if (found.stream().anyMatch(each -> !each.equals(value))) {
      findings.report(Invariant.ATOMIC_VISIBILITY, call + " found " + found);
    }
    checkBranch(call, committed.branch(), value);
    addSeen(call, span, committed.branch(), value.orElse(null));
  }

  private Optional<String> found(OperationResult result) {
    if (result instanceof OperationResult.Present present) {
      String text = ReferenceStore.text(present.value());
      written.put(present.version(), text);
      return Optional.of(text);
    }
    return Optional.empty();
  }

  private void checkBranch(StoreCall call, Branch branch, Optional<String> value) {
    boolean holds =
        call.transaction().conditions().stream()
            .allMatch(condition -> holds(condition, value.orElse(null)));
    if (holds != (branch == Branch.THEN)) {
      findings.report(Invariant.BRANCH, call + " took " + branch + " and found " + value);
    }
  }

  /** A value is written once, so a version stands for its value. */
  private boolean holds(Condition condition, @Nullable String value) {
    if (condition instanceof Condition.VersionIs is) {
      return is.version().equals(HybridTimestamp.ZERO)
          ? value == null
          : value != null && value.equals(written.get(is.version()));
    }
    return ReferenceStore.holds(condition, value, Optional.empty());
  }

  private void addSeen(StoreCall call, Span span, Branch branch, @Nullable String value) {
    Optional<KvAction> write = branch == Branch.THEN ? writeOf(call) : Optional.empty();
    if (write.isPresent() && write.get() instanceof KvAction.Put put) {
      add(span, new KvAction.Cas(value, put.value()), Status.OK, new KvOutput.Swapped(true));
      return;
    }
    add(span, new KvAction.Get(), Status.OK, new KvOutput.Value(value));
    write.ifPresent(action -> add(span, action, Status.OK, KvOutput.NONE));
  }

  private void addWrite(StoreCall call, Span span, Status status) {
    writeOf(call).ifPresent(action -> add(span, action, status, KvOutput.NONE));
  }

  /** What the first branch does to all of the keys. */
  private static Optional<KvAction> writeOf(StoreCall call) {
    for (Operation operation : call.transaction().then()) {
      if (operation instanceof Operation.Put put) {
        return Optional.of(new KvAction.Put(ReferenceStore.text(put.value())));
      } else if (operation instanceof Operation.Delete) {
        return Optional.of(new KvAction.Delete());
      }
    }
    return Optional.empty();
  }

  private void add(Span span, KvAction action, Status status, KvOutput output) {
    operations.add(
        new KvOperation(
            span.process(), KEY, action, span.called(), span.returned(), status, output));
  }
}
