package dev.ostrakon.txn;

import static dev.ostrakon.txn.Desk.A;
import static dev.ostrakon.txn.Desk.B;
import static dev.ostrakon.txn.Desk.G1;
import static dev.ostrakon.txn.Desk.G2;
import static dev.ostrakon.txn.Desk.get;
import static dev.ostrakon.txn.Desk.gives;
import static dev.ostrakon.txn.Desk.ready;
import static dev.ostrakon.txn.Desk.refused;
import static dev.ostrakon.txn.Desk.seen;
import static dev.ostrakon.txn.Desk.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.ParticipantCall.Kind;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A transaction that only reads: nobody remembers it, so all must still have it at the end. */
final class ReadRunTest {
  private static final TxnStatus A_READY = ready(9, 9, gives(seen("a", 9)));
  private static final TxnStatus B_READY = ready(9, 9, gives(seen("b", 8)));

  private final Desk desk = new Desk();

  @Test
  void participants_are_told_that_nothing_has_to_be_remembered() {
    desk.run(get(A), get(B));
    assertThat(((ParticipantCall.Order) desk.call(G1)).isReadOnly()).isTrue();

    Desk writes = new Desk();
    writes.run(get(A), Desk.put(B, "x"));
    assertThat(((ParticipantCall.Order) writes.call(G1)).isReadOnly()).isFalse();
  }

  @Test
  void it_is_answered_once_all_have_said_again_that_they_are_ready_and_each_is_released() {
    bothAreReady();
    assertThat(desk.answers).isEmpty();
    desk.answer(G1, A_READY);
    assertThat(desk.answers).isEmpty();
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.APPLY);
    assertThat(desk.call(G2).kind()).isEqualTo(Kind.FINALISE);
    desk.answer(G2, B_READY);

    assertThat(desk.answers).hasSize(1);
    assertThat(((TxnAnswer.Done) desk.answers.get(0)).outcome())
        .isInstanceOfSatisfying(
            RequestOutcome.Committed.class,
            committed ->
                assertThat(committed.results()).containsExactly(seen("a", 9), seen("b", 8)));
    assertThat(desk.open()).containsExactly(Kind.APPLY, Kind.APPLY);
    assertThatItEndsReleased();
    assertThat(desk.kinds()).doesNotContain(Kind.FORGET, Kind.REFUSE);
  }

  @Test
  void a_release_that_is_lost_is_sent_again_and_given_up_in_the_end() {
    bothAreReady();
    desk.answer(G1, A_READY);
    desk.answer(G2, B_READY);
    desk.answer(G1, new ParticipantAnswer.Lost());
    desk.answer(G2, refused(Refusal.Reason.NOT_ORDERED));
    desk.pass(Desk.CONFIG.pauseMaxMillis());

    assertThat(desk.call(G1).kind()).isEqualTo(Kind.APPLY);
    desk.pass(5_000 + Desk.CONFIG.driveMillis());
    assertThat(desk.coordinators.statistics().active()).isZero();
    assertThat(desk.answers).hasSize(1);
  }

  @Test
  void one_that_has_dropped_it_makes_the_attempt_fail_and_the_others_are_released() {
    bothAreReady();
    desk.answer(G1, new TxnStatus.Unknown());

    assertThatItWasNotOrdered();
    desk.answer(G2, B_READY);
    assertThat(desk.open()).containsExactly(Kind.APPLY);
    desk.answer(G2, refused(Refusal.Reason.NOT_ORDERED));
    desk.pass(100);
    assertThat(desk.open()).isEmpty();
    assertThat(desk.coordinators.statistics().active()).isZero();
  }

  @Test
  void one_that_has_it_at_another_timestamp_makes_the_attempt_fail_and_is_released() {
    bothAreReady();
    desk.answer(G2, B_READY);
    desk.answer(G1, ready(11, 11, gives(seen("new", 10))));

    assertThatItWasNotOrdered();
    assertThat(desk.open()).containsExactly(Kind.APPLY, Kind.APPLY);
    assertThatItEndsReleased();
  }

  /** Dropped, ordered again by another coordinator that has cut it differently, and moved here. */
  @Test
  void one_that_has_it_by_another_configuration_makes_the_attempt_fail() {
    bothAreReady();
    desk.answer(G2, B_READY);
    desk.answer(
        G1,
        new TxnStatus.Ready(
            Desk.time(9), Desk.time(9), Desk.BOTH, 2, gives(seen("a", 9), seen("c", 3))));

    assertThatItWasNotOrdered();
  }

  @Test
  void one_that_has_it_with_others_makes_the_attempt_fail_and_keeps_it() {
    bothAreReady();
    desk.answer(
        G1,
        new TxnStatus.Ready(
            Desk.time(9), Desk.time(9), List.of(G1, Desk.G3), 1, gives(seen("a", 9))));

    assertThatItWasNotOrdered();
    assertThat(desk.isAsking(G1)).isFalse();
  }

  /** As if what was ready once were so for ever: the participant may have dropped it meanwhile. */
  @Test
  void without_the_rule_it_is_answered_although_a_participant_has_dropped_it() {
    Desk broken =
        new Desk(
            Desk.CONFIG,
            new TxnRules() {
              @Override
              public boolean confirmsReads() {
                return false;
              }
            });
    broken.run(get(A), get(B));
    broken.answer(G1, A_READY);
    broken.answer(G2, B_READY);

    assertThat(((TxnAnswer.Done) broken.answers.get(0)).outcome())
        .isInstanceOf(RequestOutcome.Committed.class);
    broken.answer(G1, new TxnStatus.Unknown());
    assertThat(broken.answers).hasSize(1);
  }

  /** The participant says the same again, so nothing of the read has to be done twice. */
  @Test
  void a_confirmation_that_was_lost_is_asked_for_again_and_the_attempt_goes_on() {
    bothAreReady();
    desk.answer(G1, new ParticipantAnswer.Lost());
    desk.answer(G2, B_READY);
    desk.pass(Desk.CONFIG.pauseMaxMillis());
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.FINALISE);
    desk.answer(G1, A_READY);

    assertThat(((TxnAnswer.Done) desk.answers.get(0)).outcome())
        .isInstanceOf(RequestOutcome.Committed.class);
  }

  @Test
  void those_below_the_highest_are_moved_to_it() {
    desk.run(get(A), get(B));
    desk.answer(G1, ready(5, 5, gives(seen("a", 1))));
    desk.answer(G2, waiting(9, 9));
    assertThat(((ParticipantCall.Finalise) desk.call(G1)).timestamp()).isEqualTo(Desk.time(9));
    desk.answer(G1, ready(5, 9, gives(seen("a", 1))));
    assertThat(desk.isAsking(G1)).isFalse();
    desk.answer(G2, B_READY);

    assertThat(((ParticipantCall.Finalise) desk.call(G1)).timestamp()).isEqualTo(Desk.time(9));
    assertThat(((ParticipantCall.Finalise) desk.call(G2)).timestamp()).isEqualTo(Desk.time(9));
  }

  /** Another coordinator of the same attempt has moved it: proposals do not say how far. */
  @Test
  void one_that_was_moved_further_than_all_proposals_pulls_the_others_along() {
    desk.run(get(A), get(B));
    desk.answer(G1, ready(5, 20, gives(seen("a", 1))));
    desk.answer(G2, ready(9, 9, gives(seen("b", 8))));

    assertThat(((ParticipantCall.Finalise) desk.call(G2)).timestamp()).isEqualTo(Desk.time(20));
  }

  @Test
  void a_refusal_releases_the_others() {
    desk.run(get(A), get(B));
    desk.answer(G1, ready(5, 5, gives(seen("a", 1))));
    desk.answer(G2, refused(Refusal.Reason.WRONG_GROUP));

    assertThatItWasNotOrdered();
    assertThat(((ParticipantCall.Apply) desk.call(G1)).outcome())
        .isInstanceOf(TxnOutcome.Abort.class);
    desk.answer(G1, refused(Refusal.Reason.NOT_ORDERED));
    desk.pass(100);
    assertThat(desk.coordinators.statistics().active()).isZero();
  }

  @Test
  void an_order_that_is_underway_when_it_fails_is_released_when_it_is_answered() {
    desk.run(get(A), get(B));
    desk.answer(G2, refused(Refusal.Reason.WRONG_GROUP));
    desk.answer(G1, ready(5, 5, gives(seen("a", 1))));

    assertThat(desk.call(G1).kind()).isEqualTo(Kind.APPLY);
  }

  private void bothAreReady() {
    desk.run(get(A), get(B));
    desk.answer(G1, A_READY);
    desk.answer(G2, B_READY);
    assertThat(desk.open()).containsExactly(Kind.FINALISE, Kind.FINALISE);
  }

  private void assertThatItEndsReleased() {
    desk.answer(G1, refused(Refusal.Reason.NOT_ORDERED));
    desk.answer(G2, new TxnStatus.Unknown());
    desk.pass(100);
    assertThat(desk.open()).isEmpty();
    assertThat(desk.coordinators.statistics().active()).isZero();
  }

  private void assertThatItWasNotOrdered() {
    assertThat(desk.answers).hasSize(1);
    assertThat(((TxnAnswer.Done) desk.answers.get(0)).outcome())
        .isInstanceOfSatisfying(
            RequestOutcome.Refused.class,
            refused ->
                assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.NOT_ORDERED));
  }
}
