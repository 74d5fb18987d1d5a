package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.B;
import static dev.ostrakon.group.Given.add;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.execute;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.order;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.time;
import static dev.ostrakon.group.Given.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Fingerprint;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md's entries, one test a rule; what is quoted stands there. */
final class ProtocolEntriesTest {
  private static final TxnOutcome COMMIT = new TxnOutcome.Commit(Branch.THEN);

  private final List<String> events = new ArrayList<>();
  private final TestGroup group = TestGroup.serving(new Recorder());

  /** "EXECUTE gets timestamp max(ts, conflictTs(keys) + 1)" */
  @Test
  void execute_gets_the_leaders_timestamp_or_the_one_after_what_it_conflicts_with() {
    assertThat(committedAt(group.applyOne(time(5), execute(1, put(A, "1"))))).isEqualTo(time(5));
    assertThat(committedAt(group.applyOne(time(3), execute(2, put(A, "2")))))
        .isEqualTo(time(5).next());
    assertThat(committedAt(group.applyOne(time(3), execute(3, put(B, "2"))))).isEqualTo(time(3));
  }

  /** "otherwise it waits in the key queues like any other and executes in its turn" */
  @Test
  void execute_waits_while_something_that_conflicts_is_pending_below_it() {
    group.apply(time(1), order(1, 1, append(A, "x")));

    assertThat(group.applyOne(time(2), execute(2, append(A, "y"))))
        .isEqualTo(new CommandResult.Queued());
    assertThat(group.applyOne(time(2), execute(3, append(B, "z"))))
        .isInstanceOf(CommandResult.Executed.class);
    assertThat(group.text(A)).isEmpty();

    group.apply(time(3), new Command.Apply(txn(1), time(1), COMMIT));

    assertThat(group.text(A)).isEqualTo("xy");
    assertThat(events).contains("executed " + txn(2));
  }

  /** "ORDER never blocks: a participant always answers at once with its proposal" */
  @Test
  void order_answers_with_its_proposal_and_the_evaluation_if_it_is_ready() {
    group.apply(time(1), execute(1, put(A, "1")));

    assertThat(group.statusAfter(time(2), order(2, 5, get(A), put(A, "2"))))
        .isInstanceOfSatisfying(
            TxnStatus.Ready.class,
            ready -> {
              assertThat(ready.proposal()).isEqualTo(time(5));
              assertThat(ready.participants()).isEqualTo(Given.TWO_GROUPS);
              assertThat(ready.evaluation().then())
                  .isEqualTo(
                      new BranchResult.Results(
                          List.of(
                              new OperationResult.Present(Value.utf8("1"), time(1)),
                              new OperationResult.Done())));
            });
    assertThat(group.statusAfter(time(2), order(3, 4, put(A, "3"))))
        .isEqualTo(waitingAt(time(5).next(), put(A, "3")));
  }

  private static TxnStatus waitingAt(HybridTimestamp at, Operation operation) {
    Transaction body = new Transaction(List.of(), List.of(operation), List.of());
    return new TxnStatus.Waiting(at, at, Given.TWO_GROUPS, 0, Fingerprint.of(body));
  }

  /** "if the id is known, nothing changes" */
  @Test
  void a_second_order_changes_nothing() {
    TxnStatus first = group.statusAfter(time(1), order(1, 5, put(A, "1")));

    assertThat(group.statusAfter(time(2), order(1, 9, put(A, "1")))).isEqualTo(first);
    assertThat(group.machine().pendingCount()).isEqualTo(1);
  }

  /** "If any key's slot is not owned and serving here [...] record REFUSED(reason), durably" */
  @Test
  void an_order_for_a_slot_of_another_group_is_refused_and_stays_so() {
    TestGroup foreign = foreignGroup();

    TxnStatus refused = foreign.statusAfter(time(1), order(1, 1, put(A, "1")));
    foreign.checkpoint();
    foreign.restart();

    assertReason(refused, Refusal.Reason.WRONG_GROUP);
    assertThat(foreign.status(txn(1))).isEqualTo(refused);
  }

  /** "or t0 is older than the horizon" */
  @Test
  void an_order_older_than_the_horizon_is_refused() {
    group.apply(time(70_000), execute(1, put(B, "1")));

    assertReason(
        group.statusAfter(time(70_000), order(2, 9_999, put(A, "1"))), Refusal.Reason.CLOCK_SKEW);
    assertThat(group.statusAfter(time(70_000), order(3, 10_000, put(A, "1"))))
        .isInstanceOf(TxnStatus.Ready.class);
  }

  /** "or a limit is broken" */
  @Test
  void an_order_that_breaks_a_limit_is_refused() {
    assertReason(
        group.statusAfter(time(1), order(1, 1, put(A, "x".repeat((1 << 20) + 1)))),
        Refusal.Reason.LIMIT_EXCEEDED);
  }

  /** "FINALISE: if pending at less than f, move it to f and raise conflictTs(keys) to f" */
  @Test
  void finalise_moves_up_and_what_comes_later_goes_above() {
    group.apply(time(1), order(1, 5, put(A, "1")));

    assertThat(group.statusAfter(time(2), new Command.Finalise(txn(1), time(9))))
        .isInstanceOfSatisfying(
            TxnStatus.Ready.class,
            ready -> {
              assertThat(ready.proposal()).isEqualTo(time(5));
              assertThat(ready.timestamp()).isEqualTo(time(9));
            });
    assertThat(group.statusAfter(time(2), order(2, 7, put(A, "2"))))
        .isEqualTo(waitingAt(time(9).next(), put(A, "2")));
    assertThat(group.statusAfter(time(3), new Command.Finalise(txn(1), time(6))))
        .isInstanceOfSatisfying(
            TxnStatus.Ready.class, ready -> assertThat(ready.timestamp()).isEqualTo(time(9)));
  }

  /** "Statuses that were reported at a timestamp below f are void" */
  @Test
  void moving_up_makes_a_ready_transaction_wait_for_those_in_between() {
    group.apply(time(1), order(1, 5, append(A, "1"), get(A)));
    group.apply(time(1), order(2, 6, append(A, "2")));

    assertThat(group.statusAfter(time(2), new Command.Finalise(txn(1), time(9))))
        .isInstanceOf(TxnStatus.Waiting.class);
    group.apply(time(3), new Command.Apply(txn(2), time(6), COMMIT));

    assertThat(group.status(txn(1)))
        .isInstanceOfSatisfying(
            TxnStatus.Ready.class,
            ready ->
                assertThat(ready.evaluation().then().toString())
                    .isEqualTo(
                        new BranchResult.Results(
                                List.of(
                                    new OperationResult.Done(),
                                    new OperationResult.Present(Value.utf8("21"), time(9))))
                            .toString()));
  }

  /** "A participant pushes its status again when the transaction becomes ready." */
  @Test
  void becoming_ready_is_told() {
    group.apply(time(1), order(1, 1, put(A, "1")));
    group.apply(time(1), order(2, 2, put(A, "2")));
    group.apply(time(2), new Command.Apply(txn(1), time(1), COMMIT));

    assertThat(events).containsExactly("ready " + txn(1), "unready " + txn(1), "ready " + txn(2));
  }

  /** "REFUSE: if the id is unknown, record REFUSED" and "a late ORDER [...] is refused" (L-10) */
  @Test
  void a_late_order_that_meets_a_refusal_is_refused() {
    TxnStatus refused = group.statusAfter(time(1), new Command.Refuse(txn(1), time(0), List.of()));

    assertReason(refused, Refusal.Reason.NOT_ORDERED);
    assertThat(group.statusAfter(time(2), order(1, 2, put(A, "1")))).isEqualTo(refused);
    assertThat(group.statusAfter(time(2), new Command.Apply(txn(1), time(2), COMMIT)))
        .isEqualTo(refused);
    assertThat(group.text(A)).isEmpty();
  }

  /** "One that knows the id reports its status" */
  @Test
  void refuse_changes_nothing_about_what_is_known() {
    TxnStatus ordered = group.statusAfter(time(1), order(1, 1, put(A, "1")));

    assertThat(group.statusAfter(time(2), new Command.Refuse(txn(1), time(0), List.of())))
        .isEqualTo(ordered);
  }

  /** "APPLY: if pending, perform the outcome's writes at f, dequeue, wake what waited" */
  @Test
  void apply_writes_at_the_final_timestamp_once() {
    group.apply(time(1), order(1, 5, append(A, "x"), get(A)));
    group.apply(time(2), new Command.Apply(txn(1), time(5), COMMIT));
    TxnStatus again = group.statusAfter(time(3), new Command.Apply(txn(1), time(5), COMMIT));

    assertThat(group.stored(A).map(StoredValue::version)).contains(time(5));
    assertThat(group.text(A)).isEqualTo("x");
    assertThat(again)
        .isEqualTo(
            new TxnStatus.Finished(
                time(5),
                Given.TWO_GROUPS,
                COMMIT,
                List.of(
                    new OperationResult.Done(),
                    new OperationResult.Present(Value.utf8("x"), time(5)))));
  }

  @Test
  void an_aborted_transaction_leaves_no_effect_and_wakes_what_waited() {
    group.apply(time(1), order(1, 1, append(A, "x")));
    group.apply(time(2), execute(2, append(A, "y")));
    group.apply(time(3), new Command.Apply(txn(1), HybridTimestamp.ZERO, abort()));

    assertThat(group.text(A)).isEqualTo("y");
    assertThat(group.status(txn(1))).isInstanceOf(TxnStatus.Finished.class);
  }

  /** "reads and verdicts count only if reported ready at f": so an outcome comes only then. */
  @Test
  void an_outcome_for_a_place_where_it_is_not_ready_is_not_carried_out() {
    group.apply(time(1), order(1, 1, put(A, "1")));
    group.apply(time(1), order(2, 2, put(A, "2")));

    assertThat(group.statusAfter(time(2), new Command.Apply(txn(2), time(2), COMMIT)))
        .isInstanceOf(TxnStatus.Waiting.class);
    assertThat(group.statusAfter(time(2), new Command.Apply(txn(1), time(9), COMMIT)))
        .isInstanceOf(TxnStatus.Ready.class);
    assertThat(group.text(A)).isEmpty();
  }

  /** "a ready add reserves its amount, and the next one is checked [...] plus the reservations" */
  @Test
  void adds_of_one_key_are_ready_together_and_cannot_overflow_whatever_is_decided() {
    group.apply(time(1), execute(1, new Operation.Put(A, Value.number(Long.MAX_VALUE - 10))));
    group.apply(time(2), order(2, 2, add(A, 6)));
    group.apply(time(2), order(3, 3, add(A, 6)));
    group.apply(time(2), order(4, 4, add(A, -20)));
    group.apply(time(2), order(5, 5, add(A, 4)));

    assertThat(isPossible(2)).isTrue();
    assertThat(isPossible(3)).isFalse();
    assertThat(isPossible(4)).isTrue();
    assertThat(isPossible(5)).isTrue();
    for (long n : List.of(5L, 2L, 4L)) {
      group.apply(time(9), new Command.Apply(txn(n), time(n), COMMIT));
    }
    assertThat(group.text(A)).isEqualTo(Long.toString(Long.MAX_VALUE - 20));
  }

  /** A version changes whenever the value does, also when adds are applied out of their order. */
  @Test
  void adds_that_are_applied_out_of_order_still_change_the_version() {
    group.apply(time(1), order(1, 5, add(A, 1)));
    group.apply(time(1), order(2, 8, add(A, 1)));
    group.apply(time(9), new Command.Apply(txn(2), time(8), COMMIT));
    group.apply(time(9), new Command.Apply(txn(1), time(5), COMMIT));

    assertThat(group.stored(A).map(StoredValue::version)).contains(time(8).next());
    assertThat(committedAt(group.applyOne(time(3), execute(3, put(A, "0")))))
        .isGreaterThan(time(8).next());
  }

  @Test
  void an_entry_that_cannot_be_read_is_skipped_and_nothing_breaks() {
    assertThat(group.applyBytes(dev.ostrakon.raft.Bytes.utf8("\u0002noise")).results())
        .singleElement()
        .isInstanceOf(CommandResult.Rejected.class);
    assertThat(group.applyOne(time(1), execute(1, put(A, "1"))))
        .isInstanceOf(CommandResult.Executed.class);
  }

  private boolean isPossible(long txn) {
    return group.status(txn(txn)) instanceof TxnStatus.Ready ready
        && ready.evaluation().then() instanceof BranchResult.Results;
  }

  private static TestGroup foreignGroup() {
    TestGroup foreign = new TestGroup(new GroupId(2), ShardObserver.NONE);
    GroupId one = new GroupId(1);
    foreign.apply(
        time(0),
        new Command.Adopt(
            dev.ostrakon.group.command.GroupSettings.DEFAULTS,
            TestGroup.configuration(1, List.of(one, one, one, one))));
    return foreign;
  }

  private static TxnOutcome abort() {
    return new TxnOutcome.Abort(new Refusal(Refusal.Reason.NOT_ORDERED, "test"));
  }

  private static void assertReason(TxnStatus status, Refusal.Reason reason) {
    assertThat(status)
        .isInstanceOfSatisfying(
            TxnStatus.Refused.class,
            refused -> assertThat(refused.refusal().reason()).isEqualTo(reason));
  }

  private static HybridTimestamp committedAt(CommandResult result) {
    if (result instanceof CommandResult.Executed executed
        && executed.outcome() instanceof RequestOutcome.Committed committed) {
      return committed.timestamp();
    }
    throw new AssertionError("expected a commit, was " + result);
  }

  /** Writes down what the state machine tells. */
  private final class Recorder implements ShardObserver {
    @Override
    public void onExecuted(TxnId txn, RequestOutcome outcome) {
      events.add("executed " + txn);
    }

    @Override
    public void onReady(TxnId txn, TxnStatus.Ready status) {
      events.add("ready " + txn);
    }

    @Override
    public void onUnready(TxnId txn) {
      events.add("unready " + txn);
    }
  }
}
