package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.B;
import static dev.ostrakon.group.Given.add;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.attempt;
import static dev.ostrakon.group.Given.execute;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.order;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.request;
import static dev.ostrakon.group.Given.time;
import static dev.ostrakon.group.Given.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md, "Exactly once", and the traps about it. */
final class ExactlyOnceTest {
  private static final TxnOutcome COMMIT = new TxnOutcome.Commit(Branch.THEN);
  private static final long WINDOW_MILLIS = GroupSettings.DEFAULTS.windowMillis();

  private final TestGroup group = TestGroup.serving(ShardObserver.NONE);

  /** "A group remembers a finished request's result": L-12, a retried Append. */
  @Test
  void a_retry_gets_the_first_answer_and_has_no_second_effect() {
    CommandResult first = group.applyOne(time(1), execute(1, append(A, "x"), get(A)));
    group.apply(time(2), execute(2, append(A, "y")));
    group.checkpoint();
    group.restart();

    assertThat(group.applyOne(time(3), execute(1, append(A, "x"), get(A)))).isEqualTo(first);
    assertThat(group.text(A)).isEqualTo("xy");
  }

  @Test
  void a_retry_in_the_same_entry_is_recognised() {
    BatchResult result =
        group.apply(time(1), execute(1, append(A, "x")), execute(1, append(A, "x")));

    assertThat(result.results().get(0)).isEqualTo(result.results().get(1));
    assertThat(group.text(A)).isEqualTo("x");
  }

  @Test
  void a_retry_of_a_request_that_waits_waits_with_it() {
    group.apply(time(1), order(1, 1, append(A, "x")));
    group.apply(time(2), execute(2, append(A, "y")));

    assertThat(group.applyOne(time(3), execute(2, append(A, "y"))))
        .isEqualTo(new CommandResult.Queued());
    group.apply(time(4), new Command.Apply(txn(1), time(1), COMMIT));
    assertThat(group.text(A)).isEqualTo("xy");
  }

  @Test
  void an_id_that_is_used_again_for_something_else_is_denied() {
    CommandResult first = group.applyOne(time(1), execute(1, put(A, "1")));

    assertDenied(execute(1, add(A, 1)), Refusal.Reason.INVALID);
    assertDenied(execute(1, put(B, "1")), Refusal.Reason.INVALID);
    assertDenied(execute(1, put(A, "2")), Refusal.Reason.INVALID);
    group.checkpoint();
    group.restart();
    assertDenied(execute(1, add(A, 1)), Refusal.Reason.INVALID);
    assertDenied(new Command.Execute(laterAttempt(1, add(A, 1))), Refusal.Reason.INVALID);
    assertThat(group.applyOne(time(9), execute(1, put(A, "1")))).isEqualTo(first);
    assertThat(group.text(A)).isEqualTo("1");
    assertThat(group.text(B)).isEmpty();
  }

  @Test
  void the_id_of_what_waits_or_is_pending_or_has_ended_in_part_is_not_used_again() {
    group.apply(time(1), order(1, 1, append(A, "x")));
    group.apply(time(2), execute(2, append(A, "y")));

    assertDenied(order(1, 3, append(A, "z")), Refusal.Reason.INVALID);
    assertDenied(execute(2, append(A, "z")), Refusal.Reason.INVALID);
    group.checkpoint();
    group.restart();
    assertDenied(order(1, 3, append(A, "z")), Refusal.Reason.INVALID);
    assertDenied(execute(2, append(A, "z")), Refusal.Reason.INVALID);
    assertThat(group.statusAfter(time(3), order(1, 3, append(A, "x"))))
        .isInstanceOf(TxnStatus.Ready.class);

    group.apply(time(4), new Command.Apply(txn(1), time(1), COMMIT));
    group.checkpoint();
    group.restart();
    assertDenied(order(1, 5, append(A, "z")), Refusal.Reason.INVALID);
    group.apply(time(5), new Command.Forget(List.of(txn(1))));
    assertDenied(order(1, 5, append(A, "z")), Refusal.Reason.INVALID);
    assertThat(group.text(A)).isEqualTo("xy");
  }

  @Test
  void a_fragment_is_known_by_the_whole_that_it_is_cut_from() {
    Transaction whole = Transaction.of(List.of(append(A, "x"), append(B, "y")));
    Request request = request(1, whole);
    Command first =
        new Command.Order(
            request.withFragment(Transaction.of(List.of(append(A, "x")))),
            time(1),
            Given.TWO_GROUPS);
    Command cutAnew = new Command.Order(request, time(2), Given.TWO_GROUPS);

    TxnStatus status = group.statusAfter(time(1), first);

    assertThat(group.statusAfter(time(2), cutAnew)).isEqualTo(status);
  }

  private static Request laterAttempt(long sequence, Operation operation) {
    return new Request(
        attempt(sequence, 2), time(0), Acknowledgement.NONE, Transaction.of(List.of(operation)));
  }

  /** "until the group's clock has passed issuedAt + window [...] Older requests are refused" */
  @Test
  void requests_older_than_the_window_are_refused() {
    group.apply(time(1), execute(1, append(A, "x")));
    group.apply(time(WINDOW_MILLIS + 1), execute(2, put(B, "1")));

    assertDenied(execute(1, append(A, "x")), Refusal.Reason.WINDOW_PASSED);
    assertThat(group.text(A)).isEqualTo("x");
    assertThat(group.statusAfter(time(0), order(3, WINDOW_MILLIS, append(A, "z"))))
        .isInstanceOf(TxnStatus.Refused.class);
  }

  @Test
  void a_copy_that_arrives_after_the_acknowledgement_has_no_effect() {
    group.apply(time(1), execute(1, append(A, "x")));
    Request second =
        new Request(
            txn(2), time(2), Acknowledgement.upTo(1), Transaction.of(List.of(append(A, "y"))));
    group.apply(time(2), new Command.Execute(second));
    group.checkpoint();
    group.restart();

    assertDenied(execute(1, append(A, "x")), Refusal.Reason.WINDOW_PASSED);
    assertThat(group.text(A)).isEqualTo("xy");
  }

  /** "A result recorded for an operation that was refused as WRONG_GROUP." */
  @Test
  void nothing_is_remembered_of_what_was_refused_as_wrong_group() {
    TestGroup late = new TestGroup(new GroupId(1), ShardObserver.NONE);
    Command command = execute(1, put(A, "1"));
    assertThat(late.applyOne(time(1), command))
        .isInstanceOfSatisfying(
            CommandResult.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.WRONG_GROUP));
    GroupId one = late.id;

    late.apply(
        time(2),
        new Command.Adopt(
            GroupSettings.DEFAULTS, TestGroup.configuration(1, List.of(one, one, one, one))));

    assertThat(late.applyOne(time(3), command)).isInstanceOf(CommandResult.Executed.class);
    assertThat(late.text(A)).isEqualTo("1");
  }

  @Test
  void a_refusal_by_the_state_is_remembered_even_if_the_state_changes() {
    group.apply(time(1), execute(1, put(A, "x")));
    CommandResult refused = group.applyOne(time(2), execute(2, Given.add(A, 1)));
    group.apply(time(3), execute(3, put(A, "1")));

    assertThat(group.applyOne(time(4), execute(2, Given.add(A, 1)))).isEqualTo(refused);
    assertThat(group.text(A)).isEqualTo("1");
  }

  @Test
  void a_comparison_that_did_not_hold_is_remembered_even_if_it_would_hold_now() {
    Transaction transaction = Given.when(new Condition.Exists(A), append(A, "!"));
    CommandResult first = group.applyOne(time(1), new Command.Execute(request(1, transaction)));
    group.apply(time(2), execute(2, put(A, "1")));

    assertThat(group.applyOne(time(3), new Command.Execute(request(1, transaction))))
        .isEqualTo(first);
    assertThat(group.text(A)).isEqualTo("1");
  }

  /** K scenario MemGetMany: reads create no rows. */
  @Test
  void mem_get_many_reads_leave_nothing_behind() {
    long before = group.machine().finishedBytes();
    for (int i = 1; i <= 1_000; i++) {
      TxnId id = new TxnId(new RequestId(new ClientId(i, i), 1), 1);
      Transaction read = Transaction.of(List.of(new Operation.Get(A)));
      group.apply(
          time(1), new Command.Execute(new Request(id, time(0), Acknowledgement.NONE, read)));
    }
    assertThat(group.machine().finishedBytes()).isEqualTo(before);
    assertThat(group.machine().recordCount()).isZero();
  }

  /** "committed with this result, not committed, or unknown because the window has passed" */
  @Test
  void asking_for_an_unknown_request_stops_it_for_good() {
    List<Slot> slots = List.of(group.machine().state().data.slots().of(A));
    group.apply(time(1), execute(1, put(A, "1")));

    assertThat(group.statusAfter(time(2), new Command.Refuse(txn(1), time(0), slots)))
        .isInstanceOf(TxnStatus.Finished.class);
    assertThat(group.statusAfter(time(2), new Command.Refuse(txn(2), time(0), slots)))
        .isInstanceOf(TxnStatus.Refused.class);
    assertThat(group.applyOne(time(3), execute(2, put(A, "2"))))
        .isInstanceOfSatisfying(
            CommandResult.Executed.class,
            executed -> assertThat(executed.outcome()).isInstanceOf(RequestOutcome.Refused.class));
    assertThat(group.text(A)).isEqualTo("1");
  }

  /**
   * Found by the simulated store, seed 0x94cf1: the refusal of a first attempt was told as the
   * outcome of the request, and then a second attempt, which was on its way, was committed.
   */
  @Test
  void asking_for_a_request_whose_attempt_was_refused_stops_the_attempts_that_follow() {
    List<Slot> slots = List.of(group.machine().state().data.slots().of(A));
    Refusal tooMuch = new Refusal(Refusal.Reason.NUMBER_OVERFLOW, "too much");
    group.apply(time(1), order(1, 1, Given.add(A, 1)));
    group.apply(time(2), new Command.Apply(txn(1), time(1), new TxnOutcome.Abort(tooMuch)));
    group.apply(time(2), new Command.Forget(List.of(txn(1))));
    Request second =
        new Request(
            attempt(1, 2), time(0), Acknowledgement.NONE, Transaction.of(List.of(Given.add(A, 1))));

    assertThat(group.statusAfter(time(3), new Command.Refuse(txn(1), time(0), slots)))
        .isEqualTo(new TxnStatus.Refused(tooMuch));
    group.checkpoint();
    group.restart();

    assertThat(group.statusAfter(time(4), new Command.Order(second, time(4), Given.TWO_GROUPS)))
        .isEqualTo(new TxnStatus.Refused(tooMuch));
    assertThat(group.machine().pendingCount()).isZero();
  }

  /** What came to its end after it was acknowledged was remembered, and open to a next attempt. */
  @Test
  void an_acknowledged_request_that_is_refused_afterwards_gets_no_further_attempt() {
    Refusal tooMuch = new Refusal(Refusal.Reason.NUMBER_OVERFLOW, "too much");
    group.apply(time(0), execute(1, put(B, "1")));
    group.apply(time(1), order(2, 1, Given.add(A, 1)));
    acknowledgeUpTo(2, 2);
    group.apply(time(3), new Command.Apply(txn(2), time(1), new TxnOutcome.Abort(tooMuch)));
    group.apply(time(3), new Command.Forget(List.of(txn(2))));
    Request second =
        new Request(
            attempt(2, 2), time(0), Acknowledgement.NONE, Transaction.of(List.of(Given.add(A, 1))));

    assertThat(group.statusAfter(time(4), new Command.Order(second, time(4), Given.TWO_GROUPS)))
        .isInstanceOf(TxnStatus.Refused.class);
    assertThat(group.machine().pendingCount()).isZero();
    assertThat(group.machine().recordCount()).isZero();
  }

  @Test
  void the_next_attempt_of_a_request_that_was_not_ordered_goes_through() {
    group.apply(time(1), new Command.Refuse(txn(1), time(0), List.of()));
    Request second =
        new Request(
            attempt(1, 2), time(0), Acknowledgement.NONE, Transaction.of(List.of(append(A, "x"))));

    assertThat(group.statusAfter(time(2), new Command.Order(second, time(2), Given.TWO_GROUPS)))
        .isInstanceOf(TxnStatus.Ready.class);
    group.apply(time(3), new Command.Apply(second.id(), time(2), COMMIT));
    assertThat(group.text(A)).isEqualTo("x");
  }

  /** "A duplicate ORDER after FORGET" */
  @Test
  void a_second_order_after_forget_does_nothing() {
    group.apply(time(1), order(1, 1, append(A, "x")));
    group.apply(time(2), new Command.Apply(txn(1), time(1), COMMIT));
    group.apply(time(3), new Command.Forget(List.of(txn(1))));

    assertThat(group.statusAfter(time(4), order(1, 4, append(A, "x"))))
        .isInstanceOf(TxnStatus.Finished.class);
    acknowledgeUpTo(1, 5);
    assertThat(group.machine().recordCount()).isZero();
    assertThat(group.statusAfter(time(6), order(1, 6, append(A, "x"))))
        .isInstanceOf(TxnStatus.Refused.class);
    assertThat(group.text(A)).isEqualTo("x");
  }

  /** "drop finished records that every participant has applied and the client has acknowledged" */
  @Test
  void a_finished_record_stays_until_both_are_known_even_beyond_the_window() {
    group.apply(time(1), order(1, 1, append(A, "x")));
    group.apply(time(2), new Command.Apply(txn(1), time(1), COMMIT));
    acknowledgeUpTo(1, 3);
    group.apply(time(2 * WINDOW_MILLIS), new Command.Forget(List.of()));
    assertThat(group.status(txn(1))).isInstanceOf(TxnStatus.Finished.class);

    group.apply(time(2 * WINDOW_MILLIS), new Command.Forget(List.of(txn(1))));

    assertThat(group.machine().recordCount()).isZero();
    assertThat(group.statusAfter(time(0), order(1, 2 * WINDOW_MILLIS, append(A, "x"))))
        .isInstanceOf(TxnStatus.Refused.class);
  }

  /** Nothing may follow for long in a group without requests. */
  @Test
  void a_record_that_is_forgotten_after_its_window_goes_with_the_same_entry() {
    group.apply(time(1), order(1, 1, append(A, "x")));
    group.apply(time(2), new Command.Apply(txn(1), time(1), COMMIT));
    group.apply(time(2 * WINDOW_MILLIS), new Command.Forget(List.of(txn(1))));

    assertThat(group.machine().recordCount()).isZero();
    assertThat(group.machine().superfluousRecords()).isEmpty();
  }

  /** "a duplicate ORDER [...] after REFUSED was dropped" */
  @Test
  void an_order_after_its_refusal_was_dropped_is_still_refused() {
    group.apply(time(1), new Command.Refuse(txn(1), time(0), List.of()));
    group.apply(time(WINDOW_MILLIS), new Command.Forget(List.of()));
    assertThat(group.machine().recordCount()).isEqualTo(1);
    group.apply(time(WINDOW_MILLIS + 1), new Command.Forget(List.of()));
    assertThat(group.machine().recordCount()).isZero();

    assertThat(group.statusAfter(time(0), order(1, WINDOW_MILLIS, append(A, "x"))))
        .isInstanceOf(TxnStatus.Refused.class);
    assertThat(group.machine().pendingCount()).isZero();
  }

  private void acknowledgeUpTo(long sequence, long now) {
    Request request =
        new Request(
            txn(sequence + 1),
            time(now),
            Acknowledgement.upTo(sequence),
            Transaction.of(List.of(put(B, "1"))));
    group.apply(time(now), new Command.Execute(request));
  }

  private void assertDenied(Command command, Refusal.Reason reason) {
    assertThat(group.applyOne(HybridTimestamp.ZERO, command))
        .isInstanceOfSatisfying(
            CommandResult.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(reason));
  }
}
