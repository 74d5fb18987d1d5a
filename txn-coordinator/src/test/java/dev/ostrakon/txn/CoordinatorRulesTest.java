package dev.ostrakon.txn;

import static dev.ostrakon.txn.Desk.A;
import static dev.ostrakon.txn.Desk.B;
import static dev.ostrakon.txn.Desk.BOTH;
import static dev.ostrakon.txn.Desk.G1;
import static dev.ostrakon.txn.Desk.G2;
import static dev.ostrakon.txn.Desk.TXN;
import static dev.ostrakon.txn.Desk.finished;
import static dev.ostrakon.txn.Desk.get;
import static dev.ostrakon.txn.Desk.gives;
import static dev.ostrakon.txn.Desk.put;
import static dev.ostrakon.txn.Desk.ready;
import static dev.ostrakon.txn.Desk.refused;
import static dev.ostrakon.txn.Desk.seen;
import static dev.ostrakon.txn.Desk.time;
import static dev.ostrakon.txn.Desk.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.ParticipantCall.Kind;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One test for each sentence of PROTOCOL.md that states a rule for coordinators. */
class CoordinatorRulesTest {
  private static final OperationResult DONE = new OperationResult.Done();
  private static final TxnOutcome THEN = new TxnOutcome.Commit(Branch.THEN);

  private final Desk desk = new Desk();

  /** "1. {@code t0 = hlc.now()}. Send ORDER to every participant's leader, in parallel." */
  @Test
  void order_goes_to_every_participant_at_once_with_one_proposal() {
    desk.run(get(A), put(B, "b"));

    ParticipantCall.Order first = (ParticipantCall.Order) desk.call(G1);
    ParticipantCall.Order second = (ParticipantCall.Order) desk.call(G2);
    assertThat(first.request().transaction().then()).containsExactly(get(A));
    assertThat(second.request().transaction().then()).containsExactly(put(B, "b"));
    assertThat(first.participants()).isEqualTo(BOTH).isEqualTo(second.participants());
    assertThat(first.proposed()).isEqualTo(second.proposed());
    assertThat(first.request().id()).isEqualTo(TXN);
  }

  /** "2. All {@code p_i} equal: {@code f} is known and no FINALISE is needed (fast path)." */
  @Test
  void equal_proposals_need_no_finalise() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    assertThat(desk.answers).isEmpty();
    desk.answer(G2, ready(1, 1, gives(DONE)));

    assertThat(desk.answers)
        .containsExactly(
            new TxnAnswer.Done(
                new RequestOutcome.Committed(time(1), Branch.THEN, List.of(seen("a", 0), DONE))));
    assertThat(desk.kinds()).doesNotContain(Kind.FINALISE);
    assertThat(desk.coordinators.statistics().fastPath()).isOne();
  }

  /** "2. Else {@code f = max p_i}; send FINALISE(f) to those with {@code p_i < f} (slow path)." */
  @Test
  void different_proposals_finalise_those_below_the_highest() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.answer(G2, ready(3, 3, gives(DONE)));

    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Finalise(TXN, time(3)));
    assertThat(desk.isAsking(G2)).isFalse();
    assertThat(desk.answers).isEmpty();
  }

  /** "2. Reads and verdicts count only if reported ready at {@code f}." */
  @Test
  void what_was_read_below_the_final_timestamp_is_void() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(seen("old", 0))));
    desk.answer(G2, ready(3, 3, gives(DONE)));
    desk.answer(G1, ready(1, 3, gives(seen("new", 2))));

    assertThat(desk.answers)
        .containsExactly(
            new TxnAnswer.Done(
                new RequestOutcome.Committed(time(3), Branch.THEN, List.of(seen("new", 2), DONE))));
    assertThat(desk.coordinators.statistics().slowPath()).isOne();
  }

  /** "2. When all are ready at {@code f}": one that waits is awaited, and asked again. */
  @Test
  void waiting_participant_is_awaited_until_it_is_ready() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, waiting(1, 1));
    assertThat(desk.isAsking(G1)).isFalse();
    desk.answer(G2, ready(1, 1, gives(DONE)));

    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Await(TXN, time(1)));
    desk.answer(G1, waiting(1, 1));
    desk.pass(10);
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.AWAIT);
    assertThat(desk.answers).isEmpty();
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    assertThat(desk.answers).hasSize(1);
  }

  /** "2. Any REFUSED: the outcome is ABORT." */
  @Test
  void one_refused_participant_aborts_the_others() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.answer(G2, refused(Refusal.Reason.LIMIT_EXCEEDED));

    assertThat(desk.call(G1))
        .isInstanceOfSatisfying(
            ParticipantCall.Apply.class,
            apply -> assertThat(apply.outcome()).isInstanceOf(TxnOutcome.Abort.class));
    assertThat(desk.isAsking(G2)).isFalse();
    assertThat(onlyRefusal()).isEqualTo(Refusal.Reason.LIMIT_EXCEEDED);
    assertThat(desk.coordinators.statistics().aborted()).isOne();
  }

  /** "2. COMMIT-THEN if all conditions hold, else COMMIT-ELSE." */
  @Test
  void one_condition_that_does_not_hold_gives_the_other_branch() {
    desk.run(
        new Transaction(
            List.of(new Condition.Exists(A), new Condition.Exists(B)),
            List.of(put(A, "a"), put(B, "b")),
            List.of(get(B))));
    BranchResult none = new BranchResult.Results(List.of());
    BranchResult done = new BranchResult.Results(List.of(DONE));
    BranchResult got = new BranchResult.Results(List.of(seen("b", 0)));
    desk.answer(G1, ready(1, 1, new Evaluation(false, done, none)));
    desk.answer(G2, ready(1, 1, new Evaluation(true, done, got)));

    assertThat(desk.answers)
        .containsExactly(
            new TxnAnswer.Done(
                new RequestOutcome.Committed(time(1), Branch.OTHERWISE, List.of(seen("b", 0)))));
    assertThat(desk.call(G1))
        .isEqualTo(
            new ParticipantCall.Apply(TXN, time(1), new TxnOutcome.Commit(Branch.OTHERWISE)));
  }

  /** A branch that one participant cannot carry out aborts the whole, for its reason. */
  @Test
  void impossible_branch_aborts() {
    Refusal overflow = new Refusal(Refusal.Reason.NUMBER_OVERFLOW, "too large");
    BranchResult none = new BranchResult.Results(List.of());
    desk.run(put(A, "a"), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(DONE)));
    desk.answer(G2, ready(1, 1, new Evaluation(true, new BranchResult.Impossible(overflow), none)));

    assertThat(desk.answers)
        .containsExactly(new TxnAnswer.Done(new RequestOutcome.Refused(overflow)));
    assertThat(desk.call(G1))
        .isEqualTo(new ParticipantCall.Apply(TXN, time(1), new TxnOutcome.Abort(overflow)));
  }

  /** "2. Answer the client now. 3. Send APPLY(outcome) to all participants." */
  @Test
  void client_is_answered_before_anything_is_applied() {
    commitReady();

    assertThat(desk.answers).hasSize(1);
    assertThat(desk.open()).containsExactly(Kind.APPLY, Kind.APPLY);
    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Apply(TXN, time(1), THEN));
  }

  /** "3. Retry until acknowledged." */
  @Test
  void apply_is_repeated_until_it_is_acknowledged() {
    commitReady();
    desk.answer(G1, finished(1, THEN, DONE));
    for (int i = 0; i < 5; i++) {
      desk.answer(G2, new ParticipantAnswer.Lost());
      desk.pass(400);
      assertThat(desk.call(G2)).isEqualTo(new ParticipantCall.Apply(TXN, time(1), THEN));
    }
    desk.answer(G2, finished(1, THEN, DONE));
    desk.pass(5);

    assertThat(desk.coordinators.statistics().active()).isZero();
    assertThat(desk.answers).hasSize(1);
  }

  /** "3. When all have applied, FORGET lazily." */
  @Test
  void transaction_is_forgotten_once_all_have_applied_it() {
    commitReady();
    desk.answer(G1, finished(1, THEN, DONE));
    desk.pass(200);
    assertThat(desk.kinds()).doesNotContain(Kind.FORGET);
    desk.answer(G2, finished(1, THEN, DONE));
    desk.pass(200);

    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Forget(List.of(TXN)));
    assertThat(desk.call(G2)).isEqualTo(new ParticipantCall.Forget(List.of(TXN)));
    desk.answer(G1, new ParticipantAnswer.Done());
    desk.answer(G2, new ParticipantAnswer.Lost());
    desk.pass(100);
    assertThat(desk.isAsking(G1)).isFalse();
    assertThat(desk.call(G2)).isEqualTo(new ParticipantCall.Forget(List.of(TXN)));
  }

  /** "Recovery: it sends order-or-refuse to all participants", which may refuse it. */
  @Test
  void recovery_aborts_what_did_not_reach_everybody() {
    desk.recover(G1, G2);
    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Refuse(TXN, time(0)));
    desk.answer(G1, ready(1, 1, gives(DONE)));
    desk.answer(G2, refused(Refusal.Reason.NOT_ORDERED));

    assertThat(desk.reports).hasSize(1);
    assertThat(desk.reports.get(0)).isInstanceOf(TxnReport.NotCommitted.class);
    assertThat(desk.call(G1))
        .isInstanceOfSatisfying(
            ParticipantCall.Apply.class,
            apply -> assertThat(apply.outcome()).isInstanceOf(TxnOutcome.Abort.class));
  }

  /** "Recovery: {@code f} is recomputed from the original proposals." */
  @Test
  void recovery_finds_the_same_final_timestamp_however_far_its_predecessor_came() {
    desk.recover(G1, G2);
    desk.answer(G1, ready(1, 3, gives(DONE)));
    desk.answer(G2, waiting(3, 3));

    assertThat(desk.isAsking(G1)).isFalse();
    assertThat(desk.call(G2)).isEqualTo(new ParticipantCall.Await(TXN, time(3)));
    desk.answer(G2, ready(3, 3, gives(DONE)));
    assertThat(desk.reports.get(0))
        .isInstanceOfSatisfying(
            TxnReport.Committed.class,
            committed -> assertThat(committed.timestamp()).isEqualTo(time(3)));
    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Apply(TXN, time(3), THEN));
  }

  /** "The same rules decide": what one participant has ended the others end, too. */
  @Test
  void recovery_carries_on_what_was_applied_at_one_participant() {
    desk.recover(G1, G2);
    desk.answer(G1, finished(3, THEN, DONE));

    assertThat(desk.reports).isEmpty();
    desk.answer(G2, ready(1, 3, gives(seen("b", 0))));
    assertThat(desk.call(G2)).isEqualTo(new ParticipantCall.Apply(TXN, time(3), THEN));
    assertThat(desk.reports.get(0))
        .isInstanceOfSatisfying(
            TxnReport.Committed.class,
            committed ->
                assertThat(committed.results())
                    .containsEntry(G1, List.of(DONE))
                    .containsEntry(G2, List.of(seen("b", 0))));
  }

  /** One that has ended it tells more than one that has forgotten it, which refuses it. */
  @Test
  void finished_counts_more_than_refused() {
    desk.recover(G1, G2);
    desk.answer(G1, refused(Refusal.Reason.WINDOW_PASSED));
    assertThat(desk.reports).isEmpty();
    desk.answer(G2, finished(3, THEN, DONE));

    assertThat(desk.reports)
        .singleElement()
        .isInstanceOfSatisfying(
            TxnReport.Committed.class,
            committed -> assertThat(committed.results()).containsOnlyKeys(G2));
    assertThat(desk.kinds()).doesNotContain(Kind.APPLY);
  }

  @Test
  void forgotten_by_all_is_told_as_forgotten() {
    desk.recover(G1, G2);
    desk.answer(G1, refused(Refusal.Reason.WINDOW_PASSED));
    desk.answer(G2, refused(Refusal.Reason.NOT_ORDERED));

    assertThat(desk.reports).singleElement().isInstanceOf(TxnReport.Forgotten.class);
  }

  /** A recovery that was faster: the original tells its client the same. */
  @Test
  void original_joins_the_outcome_that_a_recovery_has_applied() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, waiting(1, 1));
    desk.answer(G2, ready(1, 1, gives(DONE)));
    desk.answer(G1, finished(1, THEN, seen("a", 0)));

    assertThat(desk.answers)
        .containsExactly(
            new TxnAnswer.Done(
                new RequestOutcome.Committed(time(1), Branch.THEN, List.of(seen("a", 0), DONE))));
    assertThat(desk.open()).containsExactly(Kind.APPLY);
  }

  /** "A coordinator whose ORDERs are older than the horizon answers with a clock-skew error." */
  @Test
  void refused_for_its_clock_says_so() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, refused(Refusal.Reason.CLOCK_SKEW));
    desk.answer(G2, ready(1, 1, gives(DONE)));

    assertThat(onlyRefusal()).isEqualTo(Refusal.Reason.CLOCK_SKEW);
  }

  /** A retry keeps {@code t0}, so that an order that arrives twice is the same order. */
  @Test
  void order_is_repeated_with_the_same_proposal() {
    desk.run(get(A), put(B, "b"));
    ParticipantCall first = desk.call(G1);
    desk.answer(G1, new ParticipantAnswer.NotLeader(Optional.empty()));
    desk.pass(10);
    assertThat(desk.call(G1)).isEqualTo(first);
    desk.answer(G1, new ParticipantAnswer.Lost());
    desk.pass(20);
    assertThat(desk.call(G1)).isEqualTo(first);
    desk.answer(G1, new ParticipantAnswer.Overloaded(300));
    desk.pass(290);
    assertThat(desk.isAsking(G1)).isFalse();
    desk.pass(20);
    assertThat(desk.call(G1)).isEqualTo(first);
    assertThat(desk.coordinators.statistics().retries()).isEqualTo(3);
  }

  @Test
  void outcome_is_unknown_at_the_deadline_and_the_transaction_goes_on() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.take(G2);
    for (int i = 0; i < 5; i++) {
      desk.pass(1_000);
      if (desk.isAsking(G2)) {
        desk.take(G2);
      }
    }
    assertThat(desk.answers).containsExactly(new TxnAnswer.Unknown());

    desk.pass(2_000);
    desk.answer(G2, ready(1, 1, gives(DONE)));
    assertThat(desk.open()).containsExactlyInAnyOrder(Kind.APPLY, Kind.APPLY);
    assertThat(desk.answers).hasSize(1);
    assertThat(desk.coordinators.statistics().unknown()).isOne();
  }

  @Test
  void transaction_that_gets_nowhere_is_left_to_recovery() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.answer(G2, new ParticipantAnswer.Lost());
    for (int i = 0; i < 40; i++) {
      desk.pass(500);
      desk.dropOpen();
    }
    assertThat(desk.coordinators.statistics().active()).isZero();
    assertThat(desk.coordinators.statistics().leftToRecovery()).isOne();
    int asked = desk.kinds().size();
    desk.pass(1_000);
    assertThat(desk.kinds()).hasSize(asked);
  }

  @Test
  void deadline_without_anything_logged_says_so() {
    desk.run(get(A), put(B, "b"));
    for (int i = 0; i < 100; i++) {
      if (desk.isAsking(G1)) {
        desk.answer(G1, new ParticipantAnswer.NotLeader(Optional.empty()));
      }
      if (desk.isAsking(G2)) {
        desk.answer(G2, new ParticipantAnswer.NotLeader(Optional.empty()));
      }
      desk.pass(60);
    }
    assertThat(desk.answers).containsExactly(new TxnAnswer.DeadlineExceeded());
    assertThat(desk.coordinators.statistics().active()).isZero();
  }

  @Test
  void order_that_all_deny_is_denied_and_nothing_more_is_asked() {
    Refusal refusal = new Refusal(Refusal.Reason.OVERLOADED, "full");
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, new ParticipantAnswer.Denied(refusal));
    assertThat(desk.answers).isEmpty();
    desk.answer(G2, new ParticipantAnswer.NotLeader(Optional.empty()));

    assertThat(desk.answers).containsExactly(new TxnAnswer.Denied(refusal));
    desk.pass(500);
    assertThat(desk.kinds()).containsExactly(Kind.ORDER, Kind.ORDER);
    assertThat(desk.coordinators.statistics().active()).isZero();
  }

  /** An abort has to be in a log: else somebody else could still find that all are ready. */
  @Test
  void denied_order_is_refused_in_the_log_before_others_are_aborted() {
    Refusal refusal = new Refusal(Refusal.Reason.CLOCK_SKEW, "ahead");
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.answer(G2, new ParticipantAnswer.Denied(refusal));
    assertThat(desk.answers).isEmpty();
    assertThat(desk.isAsking(G1)).isFalse();
    assertThat(desk.call(G2)).isEqualTo(new ParticipantCall.Refuse(TXN, time(0)));
    desk.answer(G2, refused(Refusal.Reason.NOT_ORDERED));

    assertThat(desk.answers)
        .containsExactly(new TxnAnswer.Done(new RequestOutcome.Refused(refusal)));
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.APPLY);
  }

  /** The order may have been logged by an earlier sending: then it goes on. */
  @Test
  void denied_order_that_was_logged_all_the_same_is_carried_on() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.answer(G2, new ParticipantAnswer.Lost());
    desk.pass(10);
    desk.answer(G2, new ParticipantAnswer.Denied(new Refusal(Refusal.Reason.OVERLOADED, "full")));
    desk.answer(G2, ready(1, 1, gives(DONE)));

    assertThat(desk.answers).hasSize(1);
    assertThat(desk.answers.get(0))
        .isInstanceOfSatisfying(
            TxnAnswer.Done.class,
            over -> assertThat(over.outcome()).isInstanceOf(RequestOutcome.Committed.class));
  }

  /** Nobody may say "never" while an order is still on its way. */
  @Test
  void abort_waits_for_an_order_that_is_underway_and_ends_it() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G2, refused(Refusal.Reason.OVERLOADED));
    assertThat(desk.answers).isEmpty();
    desk.answer(G1, new ParticipantAnswer.Lost());
    desk.pass(10);
    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Refuse(TXN, time(0)));
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));

    assertThat(onlyRefusal()).isEqualTo(Refusal.Reason.NOT_ORDERED);
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.APPLY);
  }

  /** A leader that lags behind may never have heard of it; that is not the end of it. */
  @Test
  void unknown_from_a_leader_that_lags_behind_means_nothing() {
    desk.run(get(A), put(B, "b"));
    desk.answer(G1, waiting(1, 1));
    desk.answer(G2, ready(1, 1, gives(DONE)));
    desk.answer(G1, new TxnStatus.Unknown());
    desk.pass(10);

    assertThat(desk.call(G1).kind()).isEqualTo(Kind.AWAIT);
    assertThat(desk.answers).isEmpty();
    assertThat(desk.kinds()).doesNotContain(Kind.APPLY, Kind.FORGET);
  }

  /** A call that is never answered counts as lost; its late answer is not listened to. */
  @Test
  void answer_after_the_call_was_given_up_is_ignored() {
    desk.run(get(A), put(B, "b"));
    Desk.Asked late = desk.take(G1);
    desk.answer(G2, ready(1, 1, gives(DONE)));
    desk.pass(1_300);
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.ORDER);
    late.done().accept(new ParticipantAnswer.Status(refused(Refusal.Reason.LIMIT_EXCEEDED)));
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));

    assertThat(desk.answers).hasSize(1);
    assertThat(desk.open()).containsExactlyInAnyOrder(Kind.APPLY, Kind.APPLY);
  }

  @Test
  void same_attempt_sent_twice_to_one_node_is_one_run() {
    desk.run(get(A), put(B, "b"));
    desk.run(get(A), put(B, "b"));
    assertThat(desk.kinds()).containsExactly(Kind.ORDER, Kind.ORDER);
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.answer(G2, ready(1, 1, gives(DONE)));
    desk.run(get(A), put(B, "b"));

    assertThat(desk.answers).hasSize(3);
    assertThat(desk.answers.stream().distinct()).hasSize(1);
  }

  private static CoordinatorConfig config(int atOnceMax, long graceMillis) {
    return new CoordinatorConfig(
        Desk.CONFIG.limits(),
        atOnceMax,
        atOnceMax,
        1_000,
        2_000,
        graceMillis,
        5,
        320,
        10_000,
        6,
        4,
        50,
        256,
        100,
        20);
  }

  @Test
  void more_than_the_bound_is_overloaded() {
    Desk small = new Desk(config(1, 250), TxnRules.STANDARD);
    small.run(get(A), get(B));
    small.recover(G1, G2);
    for (int attempt = 2; attempt <= 3; attempt++) { // Recoveries have room of their own.
      small.coordinators.recover(
          new TxnId(TXN.request(), attempt), time(0), BOTH, small.deadline(10), small.reports::add);
    }

    assertThat(small.reports).containsExactly(new TxnReport.Unknown());
    small.read(get(A), get(B));
    small.read(get(A), get(B));
    assertThat(small.answers).containsExactly(new TxnAnswer.Overloaded(20));
    assertThat(small.coordinators.statistics().overloaded()).isEqualTo(2);
  }

  @Test
  void a_call_counts_as_lost_when_its_time_and_the_grace_are_over() {
    Desk patient = new Desk(config(9, 40), TxnRules.STANDARD);
    patient.run(get(A), get(B));
    patient.pass(1_040);
    assertThat(patient.coordinators.statistics().retries()).isZero();
    patient.pass(5);
    assertThat(patient.coordinators.statistics().retries()).isEqualTo(2);
  }

  @Test
  void stopping_answers_everybody() {
    desk.run(get(A), put(B, "b"));
    desk.read(get(A), get(B));
    desk.coordinators.stop();

    assertThat(desk.answers)
        .containsExactly(new TxnAnswer.Unknown(), new TxnAnswer.DeadlineExceeded());
    desk.run(get(A), put(B, "b"));
    assertThat(desk.answers.get(2)).isInstanceOf(TxnAnswer.Overloaded.class);
  }

  private void commitReady() {
    desk.run(put(A, "a"), put(B, "b"));
    desk.answer(G1, ready(1, 1, gives(DONE)));
    desk.answer(G2, ready(1, 1, gives(DONE)));
  }

  private Refusal.Reason onlyRefusal() {
    assertThat(desk.answers).hasSize(1);
    TxnAnswer.Done over = (TxnAnswer.Done) desk.answers.get(0);
    return ((RequestOutcome.Refused) over.outcome()).refusal().reason();
  }
}
