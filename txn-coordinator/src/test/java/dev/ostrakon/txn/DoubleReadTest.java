package dev.ostrakon.txn;

import static dev.ostrakon.txn.Desk.A;
import static dev.ostrakon.txn.Desk.B;
import static dev.ostrakon.txn.Desk.C;
import static dev.ostrakon.txn.Desk.G1;
import static dev.ostrakon.txn.Desk.G2;
import static dev.ostrakon.txn.Desk.G3;
import static dev.ostrakon.txn.Desk.absent;
import static dev.ostrakon.txn.Desk.get;
import static dev.ostrakon.txn.Desk.gives;
import static dev.ostrakon.txn.Desk.put;
import static dev.ostrakon.txn.Desk.refused;
import static dev.ostrakon.txn.Desk.seen;
import static dev.ostrakon.txn.Desk.time;
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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md, "Reads": several groups without a log entry. */
class DoubleReadTest {
  private final Desk desk = new Desk();

  /** "Unchanged: the values all held at one instant between the two rounds." */
  @Test
  void what_is_the_same_twice_is_told() {
    desk.read(get(B), get(A));
    desk.answer(G1, gives(seen("a", 1)));
    assertThat(desk.isAsking(G1)).isFalse();
    desk.answer(G2, gives(seen("b", 2)));
    assertThat(desk.answers).isEmpty();
    round("a", 1, "b", 2);

    assertThat(results()).containsExactly(seen("b", 2), seen("a", 1));
    assertThat(desk.kinds()).containsOnly(Kind.READ).hasSize(4);
    assertThat(desk.coordinators.statistics().reads()).isOne();
    assertThat(desk.coordinators.statistics().readRetries()).isZero();
  }

  /** "Changed: try again." Values do not matter, versions do. */
  @Test
  void equal_values_of_different_versions_are_a_change() {
    desk.read(get(A), get(B));
    round("a", 1, "b", 1);
    round("a", 2, "b", 2);
    assertThat(desk.answers).isEmpty();
    round("a", 2, "b", 2);

    assertThat(results()).containsExactly(seen("a", 2), seen("b", 2));
    assertThat(desk.coordinators.statistics().readRetries()).isOne();
  }

  /** The others held around the one's second reading, which was at one instant. */
  @Test
  void one_group_may_change_all_the_time() {
    desk.read(get(A), get(B));
    round("a", 1, "b", 1);
    round("a", 1, "x", 2);
    round("a", 1, "y", 3);

    assertThat(results()).containsExactly(seen("a", 1), seen("x", 2));
  }

  /** "And after a few times run it as an ordinary transaction." */
  @Test
  void two_groups_that_change_all_the_time_are_read_by_a_transaction() {
    desk.read(get(A), get(B));
    for (int version = 1; version <= Desk.CONFIG.readRoundsMax(); version++) {
      round("a", version, "b", version);
    }
    ParticipantCall.Order order = (ParticipantCall.Order) desk.call(G1);
    assertThat(order.request().id().attempt()).isOne();
    assertThat(order.request().transaction()).isEqualTo(Transaction.of(List.of(get(A))));
    bothAreReady();
    assertThat(desk.answers).isEmpty();
    bothAreReady();

    assertThat(results()).containsExactly(seen("a", 9), seen("b", 8));
    assertThat(desk.coordinators.statistics().readsAsTransactions()).isOne();
  }

  @Test
  void read_by_a_transaction_that_was_not_ordered_takes_the_next_attempt() {
    desk.read(get(A), get(B));
    for (int version = 1; version <= Desk.CONFIG.readRoundsMax(); version++) {
      round("a", version, "b", version);
    }
    ParticipantCall.Order first = (ParticipantCall.Order) desk.call(G1);
    desk.take(G1);
    desk.answer(G2, refused(Refusal.Reason.NOT_ORDERED));
    ParticipantCall.Order second = (ParticipantCall.Order) desk.call(G1);

    assertThat(second.request().id().request()).isEqualTo(first.request().id().request());
    assertThat(second.request().id().attempt()).isEqualTo(2);
    assertThat(desk.answers).isEmpty();
  }

  /** A key that is absent twice may have been there in between, together with what was seen. */
  @Test
  void absence_in_two_groups_proves_nothing() {
    desk.read(get(A), get(B));
    desk.answer(G1, gives(absent()));
    desk.answer(G2, gives(absent()));
    desk.answer(G1, gives(absent()));
    desk.answer(G2, gives(absent()));

    assertThat(desk.answers).isEmpty();
    assertThat(desk.call(G1).kind()).isEqualTo(Kind.ORDER);
  }

  /**
   * {@code x} is put together with {@code y}, after {@code x} and before {@code y} are read; then
   * {@code x} is deleted and {@code y} changed, after {@code y} and before {@code x} are read
   * again. Nobody ever saw the new {@code y} without {@code x}.
   */
  @Test
  void absence_in_one_group_needs_the_others_around_it() {
    desk.read(get(A), get(B));
    desk.answer(G1, gives(absent()));
    desk.answer(G2, gives(seen("new", 5)));
    desk.answer(G2, gives(seen("new", 5)));
    desk.answer(G1, gives(absent()));
    assertThat(desk.answers).isEmpty();
    desk.answer(G1, gives(absent()));
    desk.answer(G2, gives(seen("newer", 6)));
    assertThat(desk.answers).isEmpty();
    desk.answer(G1, gives(absent()));
    desk.answer(G2, gives(seen("newer", 6)));
    assertThat(desk.answers).isEmpty();
    desk.answer(G1, gives(absent()));
    desk.answer(G2, gives(seen("newer", 6)));

    assertThat(results()).containsExactly(absent(), seen("newer", 6));
  }

  @Test
  void broken_rule_takes_absence_for_a_version() {
    Desk broken =
        new Desk(
            Desk.CONFIG,
            new TxnRules() {
              @Override
              public boolean mistrustsAbsence() {
                return false;
              }
            });
    broken.read(get(A), get(B));
    broken.answer(G1, gives(absent()));
    broken.answer(G2, gives(seen("new", 5)));
    broken.answer(G2, gives(seen("new", 5)));
    broken.answer(G1, gives(absent()));

    assertThat(broken.answers).hasSize(1); // Wrong: see absence_in_one_group_needs_the_others.
  }

  @Test
  void broken_rule_uses_an_attempt_twice() {
    Desk broken =
        new Desk(
            Desk.CONFIG,
            new TxnRules() {
              @Override
              public boolean takesTheNextAttempt() {
                return false;
              }
            });
    broken.read(get(A), get(B));
    for (int i = 0; i < 2; i++) {
      broken.answer(G1, gives(absent()));
      broken.answer(G2, gives(absent()));
    }
    broken.answer(G1, refused(Refusal.Reason.NOT_ORDERED));
    broken.answer(G2, refused(Refusal.Reason.NOT_ORDERED));

    assertThat(broken.kinds().stream().filter(Kind.ORDER::equals)).hasSize(2);
    assertThat(broken.answers).singleElement().isInstanceOf(TxnAnswer.Denied.class); // Wrong.
  }

  /** The verdict of a condition is only as good as the version of its key. */
  @Test
  void keys_of_conditions_are_compared_too() {
    desk.read(new Transaction(List.of(new Condition.Exists(A)), List.of(get(B)), List.of(get(B))));
    ParticipantCall.Read call = (ParticipantCall.Read) desk.call(G1);
    assertThat(call.fragment().then()).containsExactly(get(A));
    conditionRound(1);
    conditionRound(2);
    assertThat(desk.answers).isEmpty();
    conditionRound(2);
    assertThat(results()).containsExactly(seen("b", 1));
  }

  private void conditionRound(long version) {
    BranchResult none = new BranchResult.Results(List.of());
    BranchResult b = new BranchResult.Results(List.of(seen("b", 1)));
    desk.answer(
        G1, new Evaluation(true, new BranchResult.Results(List.of(seen("a", version))), none));
    desk.answer(G2, new Evaluation(true, b, b));
  }

  @Test
  void lost_reading_is_repeated_within_its_round() {
    desk.read(get(A), get(B), get(C));
    desk.answer(G1, gives(seen("a", 1)));
    desk.answer(G2, new ParticipantAnswer.Lost());
    desk.answer(G3, new ParticipantAnswer.NotLeader(Optional.empty()));
    desk.pass(10);
    assertThat(desk.isAsking(G1)).isFalse();
    desk.answer(G2, gives(seen("b", 1)));
    desk.answer(G3, gives(seen("c", 1)));
    assertThat(desk.isAsking(G1)).isTrue();
  }

  @Test
  void group_that_does_not_serve_a_slot_ends_the_read() {
    Refusal refusal = new Refusal(Refusal.Reason.WRONG_GROUP, "moved");
    desk.read(get(A), get(B));
    desk.answer(G1, new ParticipantAnswer.Denied(refusal));

    assertThat(desk.answers).containsExactly(new TxnAnswer.Denied(refusal));
    desk.answer(G2, gives(seen("b", 1)));
    assertThat(desk.coordinators.statistics().reading()).isZero();
  }

  @Test
  void deadline_ends_the_read() {
    desk.read(get(A), get(B));
    desk.pass(5_000);
    assertThat(desk.answers).containsExactly(new TxnAnswer.DeadlineExceeded());
  }

  @Test
  void write_is_no_read() {
    desk.read(get(A), put(B, "b"));
    assertThat(desk.answers)
        .singleElement()
        .isInstanceOfSatisfying(
            TxnAnswer.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.INVALID));
  }

  private void round(String a, long versionA, String b, long versionB) {
    desk.answer(G1, gives(seen(a, versionA)));
    desk.answer(G2, gives(seen(b, versionB)));
  }

  private List<OperationResult> results() {
    assertThat(desk.answers).hasSize(1);
    RequestOutcome.Committed committed =
        (RequestOutcome.Committed) ((TxnAnswer.Done) desk.answers.get(0)).outcome();
    assertThat(committed.branch()).isEqualTo(Branch.THEN);
    assertThat(committed.timestamp()).isGreaterThanOrEqualTo(time(0));
    return committed.results();
  }

  private void bothAreReady() {
    desk.answer(G1, Desk.ready(9, 9, gives(seen("a", 9))));
    desk.answer(G2, Desk.ready(9, 9, gives(seen("b", 8))));
  }
}
