package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.attempt;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.time;
import static dev.ostrakon.group.Given.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A transaction over several groups that only reads leaves nothing behind, whatever happens. */
final class ReadOnlyTxnTest {
  private static final TxnOutcome COMMIT = new TxnOutcome.Commit(Branch.THEN);
  private static final TxnOutcome ABORT =
      new TxnOutcome.Abort(new Refusal(Refusal.Reason.NOT_ORDERED, "given up"));

  private final TestGroup group = TestGroup.serving(ShardObserver.NONE);

  @Test
  void it_is_answered_with_its_results_and_leaves_no_record() {
    group.applyOne(time(1), Given.execute(1, put(A, "v")));
    List<String> before = group.dump();
    TxnStatus.Ready ready = (TxnStatus.Ready) order(txn(2), 5, get(A));

    TxnStatus told = apply(txn(2), ready.timestamp(), COMMIT);

    assertThat(told)
        .isInstanceOfSatisfying(
            TxnStatus.Finished.class,
            finished ->
                assertThat(finished.results())
                    .hasSize(1)
                    .allMatch(OperationResult.Present.class::isInstance));
    assertThat(group.machine().recordCount()).isZero();
    assertThat(group.machine().pendingCount()).isZero();
    assertThat(group.dump().size()).isEqualTo(before.size()); // The clock has moved, no more.
    assertThat(apply(txn(2), ready.timestamp(), COMMIT)).isEqualTo(new TxnStatus.Unknown());
  }

  @Test
  void it_is_not_read_where_it_is_not_ready_at_the_final_timestamp() {
    order(txn(1), 5, get(A));

    assertThat(apply(txn(1), time(6), COMMIT)).isInstanceOf(TxnStatus.Ready.class);
    assertThat(group.machine().pendingCount()).isOne();
  }

  @Test
  void given_up_it_lets_others_go_on_and_leaves_no_record() {
    order(txn(1), 5, get(A));
    group.applyOne(time(6), Given.execute(2, put(A, "w")));
    assertThat(group.text(A)).isEmpty();

    assertThat(apply(txn(1), HybridTimestamp.ZERO, ABORT)).isInstanceOf(TxnStatus.Refused.class);

    assertThat(group.text(A)).isEqualTo("w");
    assertThat(group.machine().recordCount()).isZero();
  }

  /** It is ordered above what was written since, so no reader takes it for its first sending. */
  @Test
  void an_order_that_comes_late_stands_above_what_was_written_meanwhile() {
    TxnStatus.Ready first = (TxnStatus.Ready) order(txn(1), 5, get(A));
    apply(txn(1), first.timestamp(), COMMIT);
    group.applyOne(time(6), Given.execute(2, put(A, "w")));

    TxnStatus.Ready late = (TxnStatus.Ready) order(txn(1), 5, get(A));

    assertThat(late.timestamp().isAfter(first.timestamp())).isTrue();
  }

  @Test
  void a_refused_one_leaves_no_record() {
    TestGroup other = new TestGroup(new GroupId(1), ShardObserver.NONE); // Serves nothing.
    Command order = new Command.Order(request(txn(1), get(A)), time(1), Given.TWO_GROUPS, 1, true);

    assertThat(other.statusAfter(time(1), order)).isInstanceOf(TxnStatus.Refused.class);

    assertThat(other.machine().recordCount()).isZero();
  }

  @Test
  void the_next_attempt_takes_the_place_of_the_one_before() {
    order(attempt(1, 1), 5, get(A));

    assertThat(order(attempt(1, 2), 6, get(A))).isInstanceOf(TxnStatus.Ready.class);

    assertThat(group.machine().recordCount()).isOne();
    assertThat(group.status(attempt(1, 1))).isEqualTo(new TxnStatus.Unknown());
    assertThat(order(attempt(1, 1), 7, get(A))).isInstanceOf(TxnStatus.Refused.class);
  }

  @Test
  void a_question_about_it_ends_it() {
    order(txn(1), 5, get(A));
    Command question =
        new Command.Refuse(attempt(1, Integer.MAX_VALUE), time(0), List.of(new Slot(0)));

    assertThat(group.statusAfter(time(6), question)).isInstanceOf(TxnStatus.Refused.class);

    assertThat(group.machine().recordCount()).isZero();
  }

  @Test
  void one_that_writes_all_the_same_is_refused() {
    assertThat(order(txn(1), 5, put(A, "v")))
        .isInstanceOfSatisfying(
            TxnStatus.Refused.class,
            refused -> assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.INVALID));
    assertThat(group.machine().recordCount()).isZero();
  }

  @Test
  void after_a_restart_it_is_still_one_that_only_reads() {
    TxnStatus.Ready ready = (TxnStatus.Ready) order(txn(1), 5, get(A));
    group.checkpoint();
    group.restart();

    assertThat(apply(txn(1), ready.timestamp(), COMMIT)).isInstanceOf(TxnStatus.Finished.class);

    assertThat(group.machine().recordCount()).isZero();
  }

  /** A fragment that only reads, of a transaction that writes elsewhere, creates no session. */
  @Test
  void a_fragment_without_writes_goes_when_it_is_forgotten_and_acknowledged() {
    Key other = Key.utf8("other");
    for (int sequence = 1; sequence <= 50; sequence++) {
      Request request =
          new Request(
              txn(sequence),
              time(sequence),
              Acknowledgement.upTo(sequence - 1),
              Transaction.of(List.of(get(A), get(other))));
      HybridTimestamp at = time(sequence);
      TxnStatus status = group.statusAfter(at, new Command.Order(request, at, Given.TWO_GROUPS, 1));
      apply(request.id(), ((TxnStatus.Ready) status).timestamp(), COMMIT);
      group.applyOne(at, new Command.Forget(List.of(request.id())));
      assertThat(group.machine().recordCount()).isOne();
    }
    assertThat(group.machine().superfluousRecords()).isEmpty();
  }

  @Test
  void a_refusal_goes_when_it_is_acknowledged() {
    group.applyOne(time(1), new Command.Refuse(txn(1), time(1), List.of()));
    assertThat(group.machine().recordCount()).isOne();
    Request next =
        new Request(txn(2), time(2), Acknowledgement.upTo(1), Transaction.of(List.of(put(A, "v"))));

    group.applyOne(time(2), new Command.Execute(next));

    assertThat(group.machine().recordCount()).isZero();
    assertThat(group.statusAfter(time(3), Given.order(1, 3, put(A, "w"))))
        .isInstanceOf(TxnStatus.Refused.class);
    assertThat(group.machine().recordCount()).isZero();
  }

  private TxnStatus order(TxnId id, long proposed, Operation... operations) {
    return group.statusAfter(
        time(proposed),
        new Command.Order(request(id, operations), time(proposed), Given.TWO_GROUPS, 1, true));
  }

  private TxnStatus apply(TxnId id, HybridTimestamp at, TxnOutcome outcome) {
    return group.statusAfter(time(10), new Command.Apply(id, at, outcome));
  }

  private static Request request(TxnId id, Operation... operations) {
    return new Request(id, time(0), Acknowledgement.NONE, Transaction.of(List.of(operations)));
  }
}
