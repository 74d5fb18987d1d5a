package dev.ostrakon.txn;

import static dev.ostrakon.txn.Desk.A;
import static dev.ostrakon.txn.Desk.B;
import static dev.ostrakon.txn.Desk.G1;
import static dev.ostrakon.txn.Desk.G2;
import static dev.ostrakon.txn.Desk.gives;
import static dev.ostrakon.txn.Desk.put;
import static dev.ostrakon.txn.Desk.ready;
import static dev.ostrakon.txn.Desk.time;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall.Kind;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is underway keeps no room from what ends it, and no time from what is large. */
final class CoordinatorRoomTest {
  private static final OperationResult DONE = new OperationResult.Done();

  @Test
  void transactions_that_wait_leave_room_for_the_recovery_of_what_they_wait_for() {
    Desk desk = new Desk(Desk.CONFIG.withTxnsMax(2), TxnRules.STANDARD);
    for (int i = 2; i <= 4; i++) {
      begin(desk, i);
    }
    assertThat(desk.answers).singleElement().isInstanceOf(TxnAnswer.Overloaded.class);
    desk.dropOpen();

    desk.recover(G1, G2);

    assertThat(desk.reports).isEmpty();
    assertThat(desk.open()).containsExactly(Kind.REFUSE, Kind.REFUSE);
    assertThat(desk.coordinators.statistics().recovering()).isEqualTo(1);
    assertThat(desk.coordinators.statistics().active()).isEqualTo(3);
  }

  @Test
  void recoveries_leave_room_for_transactions_and_are_bounded_themselves() {
    Desk desk = new Desk(Desk.CONFIG.withTxnsMax(2), TxnRules.STANDARD);
    for (int i = 2; i <= 4; i++) {
      TxnId txn = new TxnId(new RequestId(new ClientId(0, 1), i), 1);
      desk.coordinators.recover(txn, time(0), Desk.BOTH, desk.deadline(5_000), desk.reports::add);
    }
    assertThat(desk.reports).containsExactly(new TxnReport.Unknown());

    begin(desk, 9);

    assertThat(desk.answers).isEmpty();
  }

  @Test
  void recoveries_say_which_groups_they_wait_for() {
    Desk desk = new Desk();
    assertThat(desk.coordinators.recoveriesWaitFor()).isEmpty();

    desk.recover(G1, G2);
    assertThat(desk.coordinators.recoveriesWaitFor()).isEqualTo(Map.of(G1, 1, G2, 1));

    desk.answer(G1, ready(1, 1, gives(DONE)));
    assertThat(desk.coordinators.recoveriesWaitFor()).isEqualTo(Map.of(G2, 1));
  }

  @Test
  void a_large_order_has_time_for_its_bytes_and_more_after_each_failure() {
    Desk desk = new Desk();
    String large = "x".repeat(1_048_000); // At 1 MiB a second it takes a second more than others.
    desk.run(put(A, large), put(B, "b"));
    desk.answer(G2, ready(1, 1, gives(DONE)));

    desk.pass(1_900);
    assertThat(orders(desk)).isEqualTo(2);
    desk.pass(800);
    assertThat(orders(desk)).isEqualTo(3); // After 2 s, the grace of a quarter, and a pause.

    desk.pass(3_700);
    assertThat(orders(desk)).isEqualTo(3);
    desk.pass(300); // Twice as long, and a pause.
    assertThat(orders(desk)).isEqualTo(4);
  }

  /** The id belongs to another transaction: what became of that one is no answer. */
  @Test
  void an_id_that_a_participant_knows_with_another_body_is_invalid_whatever_it_came_to() {
    Desk desk = new Desk();
    Refusal invalid = new Refusal(Refusal.Reason.INVALID, "was sent before with other keys");
    desk.run(put(A, "a"), put(B, "b"));
    desk.answer(G2, ready(1, 1, gives(DONE)));
    desk.answer(G1, new ParticipantAnswer.Denied(invalid));
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.REFUSE);

    desk.answer(G1, Desk.finished(9, new TxnOutcome.Abort(invalid)));
    desk.pass(100);

    assertThat(desk.answers)
        .containsExactly(new TxnAnswer.Done(new RequestOutcome.Refused(invalid)));
  }

  private static long orders(Desk desk) {
    return desk.kinds().stream().filter(Kind.ORDER::equals).count();
  }

  private static void begin(Desk desk, long sequence) {
    TxnId txn = new TxnId(new RequestId(new ClientId(0, 1), sequence), 1);
    Transaction transaction = Transaction.of(List.of(put(A, "a"), put(B, "b")));
    desk.coordinators.run(
        new Request(txn, time(0), Acknowledgement.NONE, transaction),
        Desk.CONFIGURATION,
        desk.deadline(5_000),
        desk.answers::add);
  }
}
