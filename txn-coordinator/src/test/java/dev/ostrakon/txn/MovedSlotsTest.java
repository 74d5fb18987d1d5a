package dev.ostrakon.txn;

import static dev.ostrakon.txn.Desk.A;
import static dev.ostrakon.txn.Desk.B;
import static dev.ostrakon.txn.Desk.BOTH;
import static dev.ostrakon.txn.Desk.G1;
import static dev.ostrakon.txn.Desk.G2;
import static dev.ostrakon.txn.Desk.G3;
import static dev.ostrakon.txn.Desk.TXN;
import static dev.ostrakon.txn.Desk.get;
import static dev.ostrakon.txn.Desk.gives;
import static dev.ostrakon.txn.Desk.put;
import static dev.ostrakon.txn.Desk.ready;
import static dev.ostrakon.txn.Desk.refused;
import static dev.ostrakon.txn.Desk.seen;
import static dev.ostrakon.txn.Desk.time;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.Branch;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.ParticipantCall.Kind;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same attempt, sent again after its slots have moved, meets what the first sending left. */
class MovedSlotsTest {
  private static final OperationResult DONE = new OperationResult.Done();
  private static final TxnOutcome THEN = new TxnOutcome.Commit(Branch.THEN);
  private static final List<GroupId> BEFORE = List.of(G1, G3);

  private final Desk desk = new Desk();

  @BeforeEach
  void begin() {
    desk.run(get(A), put(B, "b"));
  }

  @Test
  void refused_for_a_slot_that_is_not_served_speaks_of_this_sending_only() {
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.answer(G2, refused(Refusal.Reason.WRONG_GROUP));

    assertThat(desk.answers).singleElement().isInstanceOf(TxnAnswer.Displaced.class);
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.APPLY);
  }

  @Test
  void other_participants_are_followed_and_their_outcome_is_told() {
    desk.answer(G1, bound(BEFORE));
    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Refuse(TXN, time(0)));
    assertThat(desk.call(G3)).isEqualTo(new ParticipantCall.Refuse(TXN, time(0)));
    desk.answer(G1, bound(BEFORE));
    desk.answer(G3, bound(BEFORE));

    assertThat(desk.answers).containsExactly(new TxnAnswer.DoneUnread(time(1), Branch.THEN));
    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Apply(TXN, time(1), THEN));
    assertThat(desk.call(G3)).isEqualTo(new ParticipantCall.Apply(TXN, time(1), THEN));
  }

  @Test
  void what_was_ordered_with_the_wrong_participants_is_aborted_and_the_others_are_not() {
    desk.answer(G2, ready(1, 1, gives(DONE)));
    desk.answer(G1, bound(BEFORE));

    assertThat(desk.call(G2))
        .isInstanceOfSatisfying(
            ParticipantCall.Apply.class,
            apply -> assertThat(apply.outcome()).isInstanceOf(TxnOutcome.Abort.class));
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.REFUSE);
  }

  @Test
  void parts_of_two_bodies_under_one_id_are_never_carried_out() {
    desk.answer(G1, ofBody(7));
    desk.answer(G2, ofBody(8));

    for (GroupId group : BOTH) {
      assertThat(desk.call(group))
          .isInstanceOfSatisfying(
              ParticipantCall.Apply.class,
              apply ->
                  assertThat(apply.outcome())
                      .isInstanceOfSatisfying(
                          TxnOutcome.Abort.class,
                          abort ->
                              assertThat(abort.refusal().reason())
                                  .isEqualTo(Refusal.Reason.INVALID)));
    }
  }

  @Test
  void parts_whose_body_is_not_known_are_of_any() {
    desk.answer(G1, ofBody(7));
    desk.answer(G2, ready(1, 1, gives(DONE)));

    assertThat(desk.call(G1)).isEqualTo(new ParticipantCall.Apply(TXN, time(1), THEN));
  }

  private static TxnStatus ofBody(int fingerprint) {
    return new TxnStatus.Ready(time(1), time(1), BOTH, 1, fingerprint, gives(DONE));
  }

  @Test
  void refusal_heard_first_does_not_hide_other_participants() {
    desk.answer(G2, refused(Refusal.Reason.NOT_ORDERED));
    assertThat(desk.answers).isEmpty();
    desk.answer(G1, bound(BEFORE));
    assertThat(desk.answers).isEmpty();
    desk.answer(G1, bound(BEFORE));
    desk.answer(G3, bound(BEFORE));

    assertThat(desk.answers).containsExactly(new TxnAnswer.DoneUnread(time(1), Branch.THEN));
  }

  @Test
  void lists_that_point_to_each_other_cannot_be_committed() {
    desk.answer(G1, bound(BEFORE));
    desk.answer(G1, bound(BEFORE));
    desk.answer(G3, bound(BOTH));
    assertThat(desk.answers)
        .containsExactly(
            new TxnAnswer.Done(
                new RequestOutcome.Refused(
                    new Refusal(
                        Refusal.Reason.NOT_ORDERED,
                        "the attempt was ordered under different participants"))));
  }

  /** Each lacks what the other took for its neighbour's. */
  @Test
  void fragments_of_different_configurations_are_aborted() {
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.answer(G2, new TxnStatus.Ready(time(1), time(1), BOTH, 7, gives(DONE)));

    assertThat(desk.open()).containsExactly(Kind.APPLY, Kind.APPLY);
    assertThat(((ParticipantCall.Apply) desk.call(G1)).outcome())
        .isInstanceOf(TxnOutcome.Abort.class);
    assertThat(((ParticipantCall.Apply) desk.call(G2)).outcome())
        .isInstanceOf(TxnOutcome.Abort.class);
  }

  /** All have it by an older configuration: that is complete, but not as this sending was cut. */
  @Test
  void fragments_of_one_older_configuration_are_committed_without_telling_results() {
    desk.answer(G1, new TxnStatus.Ready(time(1), time(1), BOTH, 7, gives(DONE)));
    desk.answer(G2, new TxnStatus.Ready(time(1), time(1), BOTH, 7, gives(seen("a", 0))));

    assertThat(desk.answers).containsExactly(new TxnAnswer.DoneUnread(time(1), Branch.THEN));
    assertThat(((ParticipantCall.Apply) desk.call(G1)).outcome()).isEqualTo(THEN);
  }

  @Test
  void memory_that_moved_with_a_slot_tells_the_outcome_and_ends_what_was_ordered() {
    desk.answer(G1, ready(1, 1, gives(seen("a", 0))));
    desk.answer(G2, new TxnStatus.Finished(time(5), List.of(), THEN, List.of(DONE)));

    assertThat(desk.answers).containsExactly(new TxnAnswer.DoneUnread(time(5), Branch.THEN));
    assertThat(((ParticipantCall.Apply) desk.call(G1)).outcome())
        .isInstanceOf(TxnOutcome.Abort.class);
  }

  /** It was a request inside one group when it was carried out, so its results are all there. */
  @Test
  void memory_of_the_whole_tells_the_results() {
    TxnStatus whole = new TxnStatus.Finished(time(5), List.of(), THEN, List.of(seen("a", 0), DONE));
    desk.answer(G1, whole);
    desk.answer(G2, refused(Refusal.Reason.NOT_ORDERED));

    assertThat(desk.answers)
        .containsExactly(
            new TxnAnswer.Done(
                new RequestOutcome.Committed(time(5), Branch.THEN, List.of(seen("a", 0), DONE))));
  }

  /** Sent first when its slots were together, and not carried out yet: it will be. */
  @Test
  void request_that_waits_inside_one_group_is_awaited() {
    desk.answer(G2, refused(Refusal.Reason.WRONG_GROUP));
    desk.answer(G1, new TxnStatus.Waiting(time(1), time(1), List.of()));
    assertThat(desk.answers.stream().filter(TxnAnswer.Done.class::isInstance)).isEmpty();
    assertThat(desk.kinds()).doesNotContain(Kind.APPLY);
  }

  private static TxnStatus bound(List<GroupId> participants) {
    return new TxnStatus.Ready(time(1), time(1), participants, 7, gives(DONE));
  }
}
