package dev.ostrakon.simulation.store;

import dev.ostrakon.checker.BankAction;
import dev.ostrakon.checker.BankConsistency;
import dev.ostrakon.checker.BankOperation;
import dev.ostrakon.checker.Budget;
import dev.ostrakon.checker.Elements;
import dev.ostrakon.checker.Linearizability;
import dev.ostrakon.checker.Report;
import dev.ostrakon.checker.Span;
import dev.ostrakon.checker.Status;
import dev.ostrakon.checker.Step;
import dev.ostrakon.checker.StrictSerializability;
import dev.ostrakon.checker.TxnOperation;
import dev.ostrakon.checker.Verdict;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Value;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What clients asked and were told, and whether it makes sense. */
final class StoreHistory {

  /** Decides every history; one that stays undecided is a finding, for nobody has judged it. */
  private static final Budget BUDGET = Budget.ofSteps(3_000_000);

  private record Written(Key key, HybridTimestamp version) {}

  private final Findings findings;
  private final List<TxnOperation> lists = new ArrayList<>();
  private final RegisterHistory registers = new RegisterHistory();
  private final List<BankOperation> bank = new ArrayList<>();
  private final CounterHistory counters = new CounterHistory();
  private final MirrorHistory mirrors;
  private final Map<Written, Value> values = new HashMap<>();
  private long position;

  StoreHistory(Findings findings) {
    this.findings = findings;
    this.mirrors = new MirrorHistory(findings);
  }

  /** The next position on the line of calls and answers. */
  long next() {
    position++;
    return position;
  }

  /** Which operations a committed transaction carried out. */
  static List<Operation> carriedOut(StoreCall call, Branch branch) {
    return branch == Branch.THEN ? call.transaction().then() : call.transaction().otherwise();
  }

  /** Adds a call that has ended. */
  void add(StoreCall call, StoreEnding ending) {
    if (ending instanceof StoreEnding.Committed committed) {
      checkVersions(call, committed.outcome());
    }
    if (ending instanceof StoreEnding.Refused refused
        && refused.reason() == Refusal.Reason.WRONG_GROUP) {
      findings.report(Invariant.DENIAL_FORGOTTEN, call + " was refused for good");
    }
    boolean isOpen = ending instanceof StoreEnding.Unknown;
    Span span = new Span(call.process(), call.called(), isOpen ? Span.NEVER : next());
    switch (call.kind()) {
      case LISTS -> lists.add(new TxnOperation(span, ending.status(), steps(call, ending)));
      case REGISTERS -> registers.add(call, span, ending);
      case BANK -> addToBank(call, span, ending);
      case COUNTERS -> counters.add(call, span, ending);
      case MIRRORS -> mirrors.add(call, span, ending);
    }
  }

  /** A version is one value and no other. */
  private void checkVersions(StoreCall call, RequestOutcome.Committed committed) {
    List<Operation> operations = carriedOut(call, committed.branch());
    for (int i = 0; i < committed.results().size(); i++) {
      if (operations.get(i) instanceof Operation.Get get
          && committed.results().get(i) instanceof OperationResult.Present present
          && isUntouched(operations.subList(0, i), get.key())) {
        Written written = new Written(get.key(), present.version());
        Value known = values.putIfAbsent(written, present.value());
        if (known != null && !known.equals(present.value())) {
          findings.report(Invariant.ONE_VALUE_PER_VERSION, written + " was read as two values");
        }
      }
    }
  }

  /** What a transaction has written itself is no version yet. */
  static boolean isUntouched(List<Operation> before, Key key) {
    return before.stream()
        .noneMatch(each -> !(each instanceof Operation.Get) && each.key().equals(key));
  }

  private List<Step> steps(StoreCall call, StoreEnding ending) {
    List<Step> steps = new ArrayList<>();
    List<OperationResult> results = List.of();
    Branch branch = Branch.THEN;
    if (ending instanceof StoreEnding.Committed committed) {
      results = committed.outcome().results();
      branch = committed.outcome().branch();
    } else if (ending instanceof StoreEnding.Unread unread) {
      branch = unread.branch();
    }
    if (branch == Branch.THEN && ending.status() == Status.OK) {
      call.transaction().conditions().forEach(condition -> steps.add(asRead(condition)));
    }
    List<Operation> operations = carriedOut(call, branch);
    for (int i = 0; i < operations.size(); i++) {
      String key = operations.get(i).key().bytes().toUtf8();
      if (operations.get(i) instanceof Operation.Append append) {
        steps.add(new Step.Append(key, elements(append.value()).at(0)));
      } else if (i < results.size()) {
        steps.add(new Step.Read(key, found(results.get(i))));
      }
    }
    return steps;
  }

  /** What a condition that held says about a list. */
  private Step asRead(Condition condition) {
    Elements elements = Elements.EMPTY;
    if (condition instanceof Condition.ValueIs is) {
      elements = elements(is.value());
    } else if (condition instanceof Condition.VersionIs is
        && !is.version().equals(HybridTimestamp.ZERO)) {
      Value value = values.get(new Written(is.key(), is.version()));
      if (value == null) {
        throw new IllegalStateException("nobody has read what is wanted, " + is);
      }
      elements = elements(value);
    }
    return new Step.Read(condition.key().bytes().toUtf8(), elements);
  }

  private static Elements found(OperationResult result) {
    return result instanceof OperationResult.Present present
        ? elements(present.value())
        : Elements.EMPTY;
  }

  private static Elements elements(Value value) {
    return Elements.of(
        Arrays.stream(value.bytes().toUtf8().strip().split(" "))
            .mapToLong(Long::parseLong)
            .toArray());
  }

  private void addToBank(StoreCall call, Span span, StoreEnding ending) {
    List<Operation> operations = call.transaction().then();
    if (operations.get(0) instanceof Operation.Get) {
      if (ending instanceof StoreEnding.Committed committed) {
        bank.add(new BankOperation(span, Status.OK, readAll(operations, committed.outcome())));
      }
    } else if (operations.get(0) instanceof Operation.Add credit) {
      long amount = -credit.delta();
      String from = credit.key().bytes().toUtf8();
      String to = operations.get(1).key().bytes().toUtf8();
      checkBranch(call, ending, amount);
      Status status = hadNoMoney(ending) ? Status.FAIL : ending.status();
      bank.add(new BankOperation(span, status, new BankAction.Transfer(from, to, amount)));
    }
  }

  /** Who is told that the money does not suffice, and how much there is, is told the truth. */
  private void checkBranch(StoreCall call, StoreEnding ending, long amount) {
    if (ending instanceof StoreEnding.Committed committed
        && committed.outcome().branch() == Branch.OTHERWISE
        && !committed.outcome().results().isEmpty()
        && committed.outcome().results().get(0) instanceof OperationResult.Present present
        && present.value().asNumber().orElse(0) >= amount) {
      findings.report(Invariant.BRANCH, call + " found " + present + " and did not take it");
    }
  }

  private static boolean hadNoMoney(StoreEnding ending) {
    return (ending instanceof StoreEnding.Committed committed
            && committed.outcome().branch() == Branch.OTHERWISE)
        || (ending instanceof StoreEnding.Unread unread && unread.branch() == Branch.OTHERWISE);
  }

  private static BankAction readAll(
      List<Operation> operations, RequestOutcome.Committed committed) {
    TreeMap<String, Long> balances = new TreeMap<>();
    for (int i = 0; i < operations.size(); i++) {
      long balance =
          committed.results().get(i) instanceof OperationResult.Present present
              ? Long.parseLong(present.value().bytes().toUtf8())
              : 0;
      balances.put(operations.get(i).key().bytes().toUtf8(), balance);
    }
    return new BankAction.ReadAll(balances);
  }

  /** Judges everything; the last reads of counters are in {@code counters} then. */
  void check() {
    report(Invariant.STRICT_SERIALIZABLE, StrictSerializability.check(lists));
    report(Invariant.LINEARIZABLE, Linearizability.check(registers.operations(), BUDGET));
    report(Invariant.LINEARIZABLE, Linearizability.check(mirrors.operations(), BUDGET));
    report(Invariant.SUM, BankConsistency.check(bank, BUDGET));
    counters.check(findings);
  }

  /** What a counter holds in the end. */
  void onFinalRead(StoreCall call, RequestOutcome.Committed committed) {
    if (call.kind() == StoreCall.Kind.COUNTERS) {
      counters.onFinalRead(call, committed);
    }
  }

  private void report(Invariant invariant, Report report) {
    if (report.verdict() != Verdict.VALID) {
      String what = report.anomalies().isEmpty() ? "" : report.anomalies().get(0).toString();
      findings.report(invariant, report.verdict() + " " + what.replaceAll("\\s*\n\\s*", "; "));
    }
  }
}
