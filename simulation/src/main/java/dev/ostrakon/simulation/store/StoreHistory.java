package dev.ostrakon.simulation.store;

import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Value;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.history.Budget;
import dev.ostrakon.simulation.history.Elements;
import dev.ostrakon.simulation.history.KvAction;
import dev.ostrakon.simulation.history.KvOperation;
import dev.ostrakon.simulation.history.KvOutput;
import dev.ostrakon.simulation.history.Linearizability;
import dev.ostrakon.simulation.history.Report;
import dev.ostrakon.simulation.history.Span;
import dev.ostrakon.simulation.history.Status;
import dev.ostrakon.simulation.history.Step;
import dev.ostrakon.simulation.history.StrictSerializability;
import dev.ostrakon.simulation.history.TxnOperation;
import dev.ostrakon.simulation.history.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients asked and were told: transactions on lists, and single operations on registers. */
final class StoreHistory {

  /** Decides every history; one that stays undecided is a finding, for nobody has judged it. */
  private static final Budget BUDGET = Budget.ofSteps(3_000_000);

  private final List<TxnOperation> lists = new ArrayList<>();
  private final List<KvOperation> registers = new ArrayList<>();
  private long position;

  /** The next position on the line of calls and answers. */
  long next() {
    position++;
    return position;
  }

  /** Adds an operation that has ended; {@code outcome} is null if nobody knows how. */
  void add(StoreCall call, @Nullable RequestOutcome outcome) {
    long returned = outcome == null ? Span.NEVER : next();
    Status status =
        outcome == null
            ? Status.UNKNOWN
            : outcome instanceof RequestOutcome.Committed ? Status.OK : Status.FAIL;
    if (call.action() == null) {
      lists.add(
          new TxnOperation(
              new Span(call.process(), call.called(), returned), status, steps(call, outcome)));
    } else {
      registers.add(register(call, call.action(), status, returned, outcome));
    }
  }

  private static List<Step> steps(StoreCall call, @Nullable RequestOutcome outcome) {
    List<Step> steps = new ArrayList<>();
    RequestOutcome.Committed known =
        outcome instanceof RequestOutcome.Committed committed ? committed : null;
    List<Operation> operations = call.transaction().then();
    if (known != null && known.branch() == Branch.OTHERWISE) {
      operations = call.transaction().otherwise();
    } else if (known != null) {
      call.transaction().conditions().forEach(condition -> steps.add(asRead(condition)));
    }
    for (int i = 0; i < operations.size(); i++) {
      String key = operations.get(i).key().bytes().toUtf8();
      if (operations.get(i) instanceof Operation.Append append) {
        steps.add(new Step.Append(key, elements(append.value()).at(0)));
      } else {
        steps.add(new Step.Read(key, known == null ? Elements.EMPTY : found(known, i)));
      }
    }
    return steps;
  }

  /** What a condition that held says about a list. */
  private static Step asRead(Condition condition) {
    Elements elements =
        condition instanceof Condition.ValueIs is ? elements(is.value()) : Elements.EMPTY;
    return new Step.Read(condition.key().bytes().toUtf8(), elements);
  }

  private static Elements found(RequestOutcome.Committed committed, int index) {
    return committed.results().get(index) instanceof OperationResult.Present present
        ? elements(present.value())
        : Elements.EMPTY;
  }

  private static Elements elements(Value value) {
    return Elements.of(
        Arrays.stream(value.bytes().toUtf8().strip().split(" "))
            .mapToLong(Long::parseLong)
            .toArray());
  }

  private static KvOperation register(
      StoreCall call,
      KvAction action,
      Status status,
      long returned,
      @Nullable RequestOutcome outcome) {
    KvOutput output = KvOutput.NONE;
    if (outcome instanceof RequestOutcome.Committed committed) {
      output =
          switch (action.kind()) {
            case GET, INCREMENT -> new KvOutput.Value(text(committed));
            case CAS -> new KvOutput.Swapped(committed.branch() == Branch.THEN);
            case PUT, APPEND, DELETE -> KvOutput.NONE;
          };
    }
    String key = call.transaction().keys().first().bytes().toUtf8();
    return new KvOperation(call.process(), key, action, call.called(), returned, status, output);
  }

  private static @Nullable String text(RequestOutcome.Committed committed) {
    return committed.results().get(0) instanceof OperationResult.Present present
        ? present.value().bytes().toUtf8()
        : null;
  }

  void check(Findings findings) {
    report(findings, Invariant.STRICT_SERIALIZABLE, StrictSerializability.check(lists));
    report(findings, Invariant.LINEARIZABLE, Linearizability.check(registers, BUDGET));
  }

  private static void report(Findings findings, Invariant invariant, Report report) {
    if (report.verdict() != Verdict.VALID) {
      String what = report.anomalies().isEmpty() ? "" : report.anomalies().get(0).toString();
      findings.report(invariant, report.verdict() + " " + what.replaceAll("\\s*\n\\s*", "; "));
    }
  }
}
