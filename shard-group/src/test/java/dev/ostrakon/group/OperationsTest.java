package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.B;
import static dev.ostrakon.group.Given.add;
import static dev.ostrakon.group.Given.addAndGet;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.request;
import static dev.ostrakon.group.Given.time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Condition.Comparison;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.OperationResult.Absent;
import dev.ostrakon.model.OperationResult.Done;
import dev.ostrakon.model.OperationResult.Present;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.RequestOutcome.Committed;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operations and conditions mean (SURFACE.md, "kv and txn"). */
final class OperationsTest {
  private static final Limits LIMITS = new Limits(10, 20, 3, 60);

  private final TestGroup group =
      TestGroup.serving(ShardObserver.NONE, new GroupSettings(LIMITS, 1_000, 1_000, 10));
  private long sequence;
  private long now;

  @Test
  void put_then_get_gives_value_and_version() {
    HybridTimestamp version = run(put(A, "1")).timestamp();

    assertThat(run(get(A)).results()).containsExactly(new Present(Value.utf8("1"), version));
  }

  @Test
  void get_of_a_missing_key_is_absent() {
    assertThat(run(get(A)).results()).containsExactly(new Absent());
  }

  @Test
  void append_to_a_missing_key_behaves_as_put() {
    run(append(A, "x"));
    run(append(A, "y"));

    assertThat(group.text(A)).isEqualTo("xy");
  }

  @Test
  void delete_removes_and_passes_silently_if_there_is_nothing() {
    run(put(A, "1"));

    assertThat(run(new Operation.Delete(A)).results()).containsExactly(new Done());
    assertThat(run(new Operation.Delete(A)).results()).containsExactly(new Done());
    assertThat(group.stored(A)).isEmpty();
  }

  @Test
  void add_counts_a_missing_key_as_zero_and_gives_the_sum_if_asked() {
    assertThat(run(add(A, 5)).results()).containsExactly(new Done());
    Committed second = run(addAndGet(A, -7));

    assertThat(second.results()).containsExactly(new Present(Value.number(-2), second.timestamp()));
  }

  @Test
  void operations_run_in_order_and_see_the_earlier_ones() {
    Committed outcome =
        run(
            get(A),
            put(A, "1"),
            get(A),
            append(A, "2"),
            addAndGet(A, 3),
            new Operation.Delete(A),
            get(A));

    OperationResult one = new Present(Value.utf8("1"), outcome.timestamp());
    OperationResult fifteen = new Present(Value.utf8("15"), outcome.timestamp());
    assertThat(outcome.results())
        .containsExactly(
            new Absent(), new Done(), one, new Done(), fifteen, new Done(), new Absent());
  }

  @Test
  void an_add_to_no_number_refuses_the_whole_and_changes_nothing() {
    run(put(A, "x"), put(B, "1"));

    assertThat(refusal(put(B, "2"), add(A, 1)).reason()).isEqualTo(Refusal.Reason.NOT_A_NUMBER);
    assertThat(refusal(put(B, "2"), addAndGet(A, 1)).reason())
        .isEqualTo(Refusal.Reason.NOT_A_NUMBER);
    assertThat(group.text(B)).isEqualTo("1");
  }

  @Test
  void an_add_beyond_64_bits_refuses_the_whole_and_changes_nothing() {
    run(new Operation.Put(A, Value.number(Long.MAX_VALUE)));

    assertThat(refusal(put(B, "2"), add(A, 1)).reason()).isEqualTo(Refusal.Reason.NUMBER_OVERFLOW);
    assertThat(refusal(addAndGet(A, 1)).reason()).isEqualTo(Refusal.Reason.NUMBER_OVERFLOW);
    assertThat(refusal(add(A, -1), add(A, 2)).reason()).isEqualTo(Refusal.Reason.NUMBER_OVERFLOW);
    assertThat(group.stored(B)).isEmpty();
    run(add(A, -1), add(A, 1));
    assertThat(group.text(A)).isEqualTo(Long.toString(Long.MAX_VALUE));
  }

  @Test
  void conditions_see_the_state_before_the_transaction() {
    Transaction transaction = Given.when(new Condition.Missing(A), put(A, "1"), append(A, "2"));

    assertThat(run(transaction).branch()).isEqualTo(Branch.THEN);
    assertThat(run(transaction).branch()).isEqualTo(Branch.OTHERWISE);
    assertThat(group.text(A)).isEqualTo("12");
  }

  @Test
  void the_other_branch_is_carried_out_if_any_condition_does_not_hold() {
    run(put(A, "5"));

    Committed outcome =
        run(
            new Transaction(
                List.of(new Condition.Exists(A), new Condition.Exists(B)),
                List.of(put(A, "6")),
                List.of(get(A), put(B, "else"))));

    assertThat(outcome.branch()).isEqualTo(Branch.OTHERWISE);
    assertThat(outcome.results()).hasSize(2);
    assertThat(group.text(A)).isEqualTo("5");
    assertThat(group.text(B)).isEqualTo("else");
  }

  @Test
  void every_condition_holds_when_it_should() {
    HybridTimestamp version = run(put(A, "5")).timestamp();

    assertHolds(true, new Condition.Exists(A));
    assertHolds(false, new Condition.Exists(B));
    assertHolds(false, new Condition.Missing(A));
    assertHolds(true, new Condition.Missing(B));
    assertHolds(true, new Condition.ValueIs(A, Value.utf8("5")));
    assertHolds(false, new Condition.ValueIs(A, Value.utf8("6")));
    assertHolds(false, new Condition.ValueIs(B, Value.utf8("")));
    assertHolds(false, new Condition.ValueIsNot(A, Value.utf8("5")));
    assertHolds(true, new Condition.ValueIsNot(A, Value.utf8("6")));
    assertHolds(true, new Condition.ValueIsNot(B, Value.utf8("6")));
    assertHolds(true, new Condition.NumberIs(A, Comparison.LESS, 6));
    assertHolds(false, new Condition.NumberIs(A, Comparison.GREATER, 5));
    assertHolds(false, new Condition.NumberIs(B, Comparison.LESS, 6));
    assertHolds(true, new Condition.VersionIs(A, version));
    assertHolds(false, new Condition.VersionIs(A, version.next()));
    assertHolds(true, new Condition.VersionIs(B, HybridTimestamp.ZERO));
    assertHolds(false, new Condition.VersionIs(A, HybridTimestamp.ZERO));
  }

  @Test
  void a_version_changes_with_every_write_even_if_the_leaders_clock_stands_still() {
    HybridTimestamp first = run(put(A, "1")).timestamp();
    HybridTimestamp second = run(put(A, "1")).timestamp();

    assertThat(second).isGreaterThan(first);
    assertThat(group.stored(A).map(StoredValue::version)).contains(second);
  }

  @Test
  void limits_are_named_with_the_actual_size() {
    assertDenied("bytes of a key is limited to 10, was 11", put(Key.utf8("12345678901"), "x"));
    assertDenied("bytes of a value is limited to 20, was 21", put(A, "123456789012345678901"));
    assertDenied(
        "keys of a transaction is limited to 3, was 4",
        get(A),
        get(B),
        get(Key.utf8("c")),
        get(Key.utf8("d")));
    String twenty = "12345678901234567890";
    assertDenied(
        "bytes of a transaction is limited to 60, was 63",
        put(A, twenty),
        put(A, twenty),
        put(A, twenty));
  }

  @Test
  void an_append_that_grows_a_value_beyond_the_limit_is_refused() {
    run(put(A, "123456789012"));

    Refusal refusal = refusal(append(A, "123456789"));

    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.LIMIT_EXCEEDED);
    assertThat(refusal.detail()).contains("limited to 20, was 21");
    assertThat(group.text(A)).isEqualTo("123456789012");
  }

  @Test
  void a_transaction_without_keys_is_invalid() {
    sequence++;
    CommandResult result = group.applyOne(time(now), new Command.Execute(request(sequence)));

    assertThat(result)
        .isInstanceOfSatisfying(
            CommandResult.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.INVALID));
  }

  @Test
  void values_on_disk_are_loaded_before_an_entry_is_carried_out() {
    run(put(A, "1"), put(B, "2"));
    group.checkpoint();

    assertThat(
            group
                .store()
                .lookup(StateRows.value(group.machine().state().data.slots().of(A), A))
                .isOnDisk())
        .isTrue();
    assertThat(run(append(A, "x"), get(B)).results()).hasSize(2);
    assertThat(group.text(A)).isEqualTo("1x");
  }

  private void assertHolds(boolean expected, Condition condition) {
    Transaction transaction = Given.when(condition, get(condition.key()));
    assertThat(run(transaction).branch() == Branch.THEN).as("%s", condition).isEqualTo(expected);
  }

  private void assertDenied(String detail, Operation... operations) {
    sequence++;
    CommandResult result =
        group.applyOne(time(now), new Command.Execute(request(sequence, operations)));
    assertThat(result)
        .isInstanceOfSatisfying(
            CommandResult.Denied.class,
            denied -> {
              assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.LIMIT_EXCEEDED);
              assertThat(denied.refusal().detail()).contains(detail);
            });
  }

  private Refusal refusal(Operation... operations) {
    RequestOutcome outcome = outcome(Transaction.of(List.of(operations)));
    if (outcome instanceof RequestOutcome.Refused refused) {
      return refused.refusal();
    }
    throw new AssertionError("expected a refusal, was " + outcome);
  }

  @Test
  void many_appends_to_one_large_value_cost_what_their_bytes_cost() {
    int count = 300_000;
    TestGroup large = large(count + 2);
    List<Operation> operations = new ArrayList<>(count + 2);
    operations.add(new Operation.Put(A, new Value(ByteString.wrap(new byte[700_000]))));
    for (int i = 0; i < count; i++) {
      operations.add(append(A, "x"));
    }
    operations.add(get(A));

    Committed outcome =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10), () -> committed(large, Transaction.of(operations)));

    assertThat(outcome.results()).hasSize(count + 2);
    Present whole = (Present) outcome.results().get(count + 1);
    assertThat(whole.value().bytes().size()).isEqualTo(700_000 + count);
    assertThat(whole.value()).isEqualTo(large.stored(A).orElseThrow().value());
  }

  @Test
  void many_conditions_on_one_large_value_cost_what_their_bytes_cost() {
    int count = 200_000;
    TestGroup large = large(count + 1);
    committed(
        large,
        Transaction.of(
            List.of(new Operation.Put(A, new Value(ByteString.wrap(new byte[1_000_000]))))));
    large.checkpoint();
    List<Condition> conditions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      conditions.add(new Condition.ValueIsNot(A, Value.number(i)));
    }

    Committed outcome =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> committed(large, new Transaction(conditions, List.of(get(A)), List.of())));

    assertThat(outcome.branch()).isEqualTo(Branch.THEN);
  }

  @Test
  void appends_between_gets_puts_and_deletes_see_each_other() {
    Committed outcome =
        run(
            append(A, "a"),
            append(A, "b"),
            append(A, "c"),
            get(A),
            append(A, "d"),
            get(A),
            new Operation.Delete(A),
            append(A, "1"),
            append(A, "2"),
            append(A, "3"),
            addAndGet(A, 1),
            append(A, "5"),
            append(A, "6"),
            get(A));

    assertThat(outcome.results().stream().filter(Present.class::isInstance))
        .extracting(result -> ((Present) result).value().bytes().toUtf8())
        .containsExactly("abc", "abcd", "124", "12456");
    assertThat(group.text(A)).isEqualTo("12456");
  }

  @Test
  void a_transaction_of_too_many_operations_is_refused_with_the_limit() {
    TestGroup small = large(3);
    Transaction transaction =
        new Transaction(List.of(new Condition.Exists(A)), List.of(get(A), get(A)), List.of(get(A)));

    CommandResult result = small.applyOne(time(1), new Command.Execute(request(1, transaction)));

    assertThat(result)
        .isInstanceOfSatisfying(
            CommandResult.Denied.class,
            denied -> {
              assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.LIMIT_EXCEEDED);
              assertThat(denied.refusal().detail()).contains("operations", "3", "4");
            });
  }

  /** All that is pending may have its turn with one entry. */
  @Test
  void what_is_pending_is_bounded_by_its_operations_too_also_after_a_restart() {
    GroupSettings settings = new GroupSettings(Limits.DEFAULTS, 1_000, 1_000, 3);
    TestGroup small = TestGroup.serving(ShardObserver.NONE, settings);
    small.apply(time(1), Given.order(1, 1, put(A, "1")));
    Operation[] many = new Operation[20];
    Arrays.fill(many, append(A, "x"));
    assertThat(small.applyOne(time(2), Given.execute(2, many)))
        .isEqualTo(new CommandResult.Queued());
    small.checkpoint();
    small.restart();

    assertThat(small.applyOne(time(3), Given.execute(3, many)))
        .isInstanceOfSatisfying(
            CommandResult.Denied.class,
            denied -> {
              assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.OVERLOADED);
              assertThat(denied.refusal().detail()).contains("30 operations");
            });
    assertThat(small.applyOne(time(4), Given.execute(4, append(A, "y"))))
        .isEqualTo(new CommandResult.Queued());

    small.apply(
        time(5), new Command.Apply(Given.txn(1), time(1), new TxnOutcome.Commit(Branch.THEN)));
    assertThat(small.text(A)).isEqualTo("1" + "x".repeat(20) + "y");
  }

  /** One entry may release all that waits: its work is bounded by the budget of a turn. */
  @Test
  void what_waits_is_bounded_by_the_work_of_one_turn_also_after_a_restart() {
    TestGroup busy = TestGroup.serving(ShardObserver.NONE, GroupSettings.DEFAULTS);
    busy.apply(time(1), Given.order(1, 1, put(A, "1"), put(B, "1")));
    Operation[] many = new Operation[9_000];
    Arrays.fill(many, append(A, "x"));
    int sequence = 2;
    int queued = 0;
    while (busy.applyOne(time(2), Given.execute(sequence++, many))
        instanceof CommandResult.Queued) {
      queued++;
    }
    long each = WaitingWork.of(Transaction.of(List.of(many)), 1);
    assertThat(queued).isEqualTo((int) (WaitingWork.NANOS_MAX / each));
    assertThat(busy.applyOne(time(2), Given.execute(sequence++, put(A, "y"))))
        .as("a small one still fits")
        .isInstanceOf(CommandResult.Queued.class);
    busy.checkpoint();
    busy.restart();

    assertThat(busy.applyOne(time(3), Given.execute(sequence++, many)))
        .isInstanceOfSatisfying(
            CommandResult.Denied.class,
            denied -> {
              assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.OVERLOADED);
              assertThat(denied.refusal().detail()).contains("10 ms of work");
            });
    assertThat(busy.statusAfter(time(3), Given.order(900, 3, append(B, "z"), put(A, "z"))))
        .as("a small fragment fits, too")
        .isInstanceOf(TxnStatus.Waiting.class);
    Operation[] elsewhere = new Operation[9_000];
    Arrays.fill(elsewhere, append(Key.utf8("c"), "x"));
    assertThat(busy.applyOne(time(3), Given.execute(sequence++, elsewhere)))
        .as("what nothing is in the way of")
        .isInstanceOf(CommandResult.Executed.class);

    busy.apply(
        time(5), new Command.Apply(Given.txn(1), time(1), new TxnOutcome.Commit(Branch.THEN)));
    assertThat(busy.applyOne(time(6), Given.execute(sequence, many)))
        .as("what waited has had its turn")
        .isInstanceOf(CommandResult.Queued.class);
  }

  private static TestGroup large(int operationsMax) {
    Limits limits = new Limits(10, 1 << 20, 3, 4 << 20, operationsMax);
    return TestGroup.serving(ShardObserver.NONE, new GroupSettings(limits, 1_000, 1_000, 10));
  }

  private Committed run(Operation... operations) {
    return run(Transaction.of(List.of(operations)));
  }

  private Committed run(Transaction transaction) {
    RequestOutcome outcome = outcome(transaction);
    if (outcome instanceof Committed committed) {
      return committed;
    }
    throw new AssertionError("expected a commit, was " + outcome);
  }

  private Committed committed(TestGroup other, Transaction transaction) {
    sequence++;
    CommandResult result =
        other.applyOne(time(now), new Command.Execute(request(sequence, transaction)));
    if (result instanceof CommandResult.Executed executed
        && executed.outcome() instanceof Committed committed) {
      return committed;
    }
    throw new AssertionError("expected a commit, was " + result);
  }

  private RequestOutcome outcome(Transaction transaction) {
    sequence++;
    CommandResult result =
        group.applyOne(time(now), new Command.Execute(request(sequence, transaction)));
    if (result instanceof CommandResult.Executed executed) {
      return executed.outcome();
    }
    throw new AssertionError("expected an outcome, was " + result);
  }
}
