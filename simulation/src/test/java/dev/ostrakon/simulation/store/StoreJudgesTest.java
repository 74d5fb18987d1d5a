package dev.ostrakon.simulation.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.checker.Budget;
import dev.ostrakon.checker.Linearizability;
import dev.ostrakon.checker.Span;
import dev.ostrakon.checker.Verdict;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.store.StoreCall.Kind;
import dev.ostrakon.simulation.store.StoreCall.Way;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judges of single answers: what they accept, and what they report. */
final class StoreJudgesTest {

  private static final Key A = Key.utf8("a");
  private static final Key B = Key.utf8("b");
  private static final long LARGE = Long.MAX_VALUE - 10;

  private final Findings findings = new Findings(new Simulator(Trace.silent()));

  private static StoreCall call(Kind kind, Transaction transaction) {
    return new StoreCall(1, 1, Way.REQUEST, StoreCall.SEVERAL, kind, transaction);
  }

  private static StoreCall add(long delta) {
    return new StoreCall(
        1,
        1,
        Way.REQUEST,
        1,
        Kind.COUNTERS,
        Transaction.of(List.of(new Operation.Add(A, delta, false))));
  }

  private static StoreEnding committed(Branch branch, OperationResult... results) {
    return new StoreEnding.Committed(
        new RequestOutcome.Committed(HybridTimestamp.ZERO, branch, List.of(results)));
  }

  private static OperationResult present(String text) {
    return new OperationResult.Present(Value.utf8(text), new HybridTimestamp(1, 0));
  }

  private Invariant found() {
    return findings.first().orElseThrow().invariant();
  }

  @Test
  void an_overflow_is_justified_by_what_may_be_under_way() {
    CounterHistory counters = new CounterHistory();
    counters.add(
        add(LARGE), new Span(1, 1, 10), committed(Branch.THEN, new OperationResult.Done()));
    counters.add(
        add(20), new Span(2, 2, 5), new StoreEnding.Refused(Refusal.Reason.NUMBER_OVERFLOW));

    counters.check(findings);

    assertThat(findings.isEmpty()).isTrue();
  }

  @Test
  void an_overflow_that_nothing_justifies_is_reported() {
    CounterHistory counters = new CounterHistory();
    counters.add(
        add(LARGE), new Span(1, 6, 10), committed(Branch.THEN, new OperationResult.Done()));
    counters.add(
        add(20), new Span(2, 2, 5), new StoreEnding.Refused(Refusal.Reason.NUMBER_OVERFLOW));

    counters.check(findings);

    assertThat(found()).isEqualTo(Invariant.REFUSAL);
  }

  @Test
  void mirrors_that_differ_are_reported() {
    StoreCall read =
        call(Kind.MIRRORS, Transaction.of(List.of(new Operation.Get(A), new Operation.Get(B))));

    new MirrorHistory(findings)
        .add(
            read,
            new Span(1, 1, 2),
            committed(Branch.THEN, present("1"), new OperationResult.Absent()));

    assertThat(found()).isEqualTo(Invariant.ATOMIC_VISIBILITY);
  }

  @Test
  void a_branch_that_contradicts_what_it_found_is_reported() {
    StoreCall conditional =
        call(
            Kind.MIRRORS,
            new Transaction(
                List.of(new Condition.NumberIs(A, Condition.Comparison.GREATER_OR_EQUAL, 7)),
                List.of(new Operation.Get(B)),
                List.of(new Operation.Get(A))));

    new MirrorHistory(findings)
        .add(conditional, new Span(1, 1, 2), committed(Branch.OTHERWISE, present("7")));

    assertThat(found()).isEqualTo(Invariant.BRANCH);
  }

  @Test
  void all_mirrors_are_one_register_in_real_time() {
    MirrorHistory mirrors = new MirrorHistory(findings);
    List<Operation> puts =
        List.of(new Operation.Put(A, Value.utf8("1")), new Operation.Put(B, Value.utf8("1")));
    mirrors.add(
        call(Kind.MIRRORS, Transaction.of(puts)), new Span(1, 1, 2), committed(Branch.THEN));
    mirrors.add(
        call(Kind.MIRRORS, Transaction.of(List.of(new Operation.Get(B)))),
        new Span(2, 3, 4),
        committed(Branch.THEN, new OperationResult.Absent()));

    assertThat(Linearizability.check(mirrors.operations(), Budget.ofSteps(1_000)).verdict())
        .isEqualTo(Verdict.INVALID);
  }

  @Test
  void the_reference_carries_out_what_fits_and_refuses_the_rest() {
    ReferenceStore reference = new ReferenceStore();
    reference.learn(A, present(Long.toString(Long.MAX_VALUE - 1)));

    assertThat(reference.execute(Transaction.of(List.of(new Operation.Add(A, 1, true)))).values())
        .containsExactly(Optional.of(Long.toString(Long.MAX_VALUE)));
    assertThat(reference.execute(Transaction.of(List.of(new Operation.Add(A, 1, true)))).refusals())
        .isEqualTo(Set.of(Refusal.Reason.NUMBER_OVERFLOW));
    assertThat(reference.valueOf(A)).contains(Long.toString(Long.MAX_VALUE));
  }
}
