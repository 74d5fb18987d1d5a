package dev.ostrakon.group;

import static dev.ostrakon.group.Given.add;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.time;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.model.Value;
import dev.ostrakon.replica.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a state machine says that it keeps is within 30% of what it keeps, whatever it is. */
final class MemoryEstimateTest {
  private static final int COUNT = 1_500;
  private static final int BATCH = 250;
  private static final String SMALL = "v".repeat(20);
  private static final String LARGE = "v".repeat(10_000);
  private static final TxnOutcome COMMIT = new TxnOutcome.Commit(Branch.THEN);
  private static final Predicate<Object> FOREIGN =
      object ->
          object instanceof StateStore
              || object instanceof GroupRules
              || object instanceof Configuration
              || object.equals(TxnRecord.NOT_ORDERED);

  private final TestGroup group = TestGroup.serving(ShardObserver.NONE);

  @Test
  void clients_that_wrote_once() {
    assertThatItIsKnown(() -> apply(i -> execute(i, new ClientId(i, 9), put(key(i % 7), SMALL))));
  }

  @Test
  void results_of_one_client() {
    assertThatItIsKnown(
        () -> apply(i -> execute(i, new ClientId(1, 9), put(key(i % 7), SMALL), get(key(1)))));
  }

  @Test
  void fragments_that_are_pending() {
    assertThatItIsKnown(() -> order(put(Given.A, SMALL)));
  }

  @Test
  void fragments_of_many_keys_conditions_and_branches() {
    assertThatItIsKnown(
        () ->
            apply(
                i ->
                    new Command.Order(
                        new Request(
                            id(i, new ClientId(1, 9)),
                            time(1),
                            Acknowledgement.NONE,
                            new Transaction(
                                List.of(
                                    new Condition.Exists(key(i)),
                                    new Condition.ValueIs(key(i), Value.utf8(SMALL))),
                                List.of(put(key(i), SMALL), add(key(i + 1), 3), get(key(i + 2))),
                                List.of(new Operation.Delete(key(i))))),
                        time(2),
                        Given.TWO_GROUPS)));
  }

  @Test
  void values_that_ready_fragments_have_read() {
    apply(20, i -> execute(i, new ClientId(2, 2), put(key(i), LARGE)));
    assertThatItIsKnown(() -> apply(i -> orderOf(i, get(key(i % 20)), put(key(i % 20), SMALL))));
  }

  @Test
  void results_of_what_is_finished_and_not_forgotten() {
    apply(200, i -> execute(i, new ClientId(2, 2), put(key(i), LARGE)));
    assertThatItIsKnown(
        () -> {
          for (int i = 1; i <= 200; i++) {
            Command.Order order = orderOf(i, get(key(i)));
            TxnStatus.Ready ready = (TxnStatus.Ready) group.statusAfter(time(3), order);
            group.applyOne(
                time(3), new Command.Apply(order.request().id(), ready.timestamp(), COMMIT));
          }
        });
  }

  @Test
  void refusals_of_attempts() {
    assertThatItIsKnown(
        () -> apply(i -> new Command.Refuse(id(i, new ClientId(1, 9)), time(1), List.of())));
  }

  @Test
  void refusals_with_reasons() {
    TxnOutcome abort =
        new TxnOutcome.Abort(new Refusal(Refusal.Reason.NUMBER_OVERFLOW, "x".repeat(60)));
    assertThatItIsKnown(
        () -> {
          order(put(Given.A, SMALL));
          apply(i -> new Command.Apply(id(i, new ClientId(1, 9)), HybridTimestamp.ZERO, abort));
        });
  }

  @Test
  void requests_that_wait() {
    group.applyOne(time(1), Given.order(9_999, 1, put(Given.A, SMALL)));
    assertThatItIsKnown(() -> apply(i -> execute(i, new ClientId(1, 9), put(Given.A, SMALL))));
  }

  @Test
  void reservations_of_adds() {
    assertThatItIsKnown(() -> apply(i -> orderOf(i, add(key(i % 50), 1))));
  }

  @Test
  void what_was_read_back_after_a_restart() {
    apply(20, i -> execute(i, new ClientId(2, 2), put(key(i), LARGE)));
    long estimated = group.machine().heapBytes();
    apply(300, i -> orderOf(i, get(key(i % 20)), put(key(100 + i), SMALL)));
    group.checkpoint();
    group.restart();
    TestGroup empty = TestGroup.serving(ShardObserver.NONE);

    assertThat((double) (group.machine().heapBytes() - estimated))
        .isBetween(0.7 * (sizeOf(group) - sizeOf(empty)), 1.3 * (sizeOf(group) - sizeOf(empty)));
  }

  @Test
  void keys_that_were_touched_lately() {
    long before = HeapGraph.sizeOf(group.machine().state().conflicts, FOREIGN);
    for (int round = 0; round < 20; round++) {
      int first = round * COUNT;
      apply(i -> execute(first + i, new ClientId(1, 9), put(key(first + i), "v")));
    }
    long measured = HeapGraph.sizeOf(group.machine().state().conflicts, FOREIGN) - before;

    assertThat((double) group.machine().state().conflicts.heapBytes())
        .isBetween(0.7 * measured, 1.3 * measured);
    assertThat(measured).isLessThan(2L * 16_384 * 300);
  }

  /** Whatever goes, nothing is left of what was counted for it. */
  @Test
  void nothing_is_counted_of_what_has_gone() {
    int count = 150;
    long before = group.machine().heapBytes();
    apply(count, i -> orderOf(i, add(Given.A, 1)));
    apply(count, i -> execute(COUNT + i, new ClientId(1, 9), put(Given.A, SMALL)));
    apply(count, i -> new Command.Refuse(id(5_000 + i, new ClientId(1, 9)), time(1), List.of()));
    assertThat(group.machine().heapBytes()).isGreaterThan(before + count * 500L);
    for (int i = 1; i <= count; i++) {
      TxnId id = id(i, new ClientId(1, 9));
      HybridTimestamp at = ((TxnStatus.Ready) group.status(id)).timestamp();
      group.apply(time(4), new Command.Apply(id, at, COMMIT), new Command.Forget(List.of(id)));
    }
    group.applyOne(
        time(5),
        new Command.Acknowledge(new ClientId(1, 9), time(5), Acknowledgement.upTo(100_000)));
    group.checkpoint();

    assertThat(group.machine().recordCount()).isZero();
    assertThat(group.machine().heapBytes() - before).isBetween(0L, 2_000L);
  }

  private void assertThatItIsKnown(Runnable fill) {
    long estimatedBefore = group.machine().heapBytes();
    long measuredBefore = sizeOf(group);

    fill.run();

    double estimated = group.machine().heapBytes() - estimatedBefore;
    double measured = sizeOf(group) - measuredBefore;
    assertThat(measured).isGreaterThan(10_000);
    assertThat(estimated).isBetween(0.7 * measured, 1.3 * measured);
  }

  /** All but what has a bound of its own. */
  private static long sizeOf(TestGroup group) {
    ShardState state = group.machine().state();
    return HeapGraph.sizeOf(state, FOREIGN.or(object -> object == state.conflicts));
  }

  private void order(Operation... operations) {
    apply(i -> orderOf(i, operations));
  }

  private void apply(IntFunction<Command> command) {
    apply(COUNT, command);
  }

  private void apply(int count, IntFunction<Command> command) {
    for (int first = 1; first <= count; first += BATCH) {
      List<Command> batch = new ArrayList<>();
      IntStream.range(first, Math.min(first + BATCH, count + 1))
          .forEach(i -> batch.add(command.apply(i)));
      group.apply(time(3), batch.toArray(Command[]::new));
    }
  }

  private static Command.Order orderOf(int sequence, Operation... operations) {
    Request request =
        new Request(
            id(sequence, new ClientId(1, 9)),
            time(1),
            Acknowledgement.NONE,
            Transaction.of(List.of(operations)));
    return new Command.Order(request, time(2), Given.TWO_GROUPS);
  }

  private static Command execute(int sequence, ClientId client, Operation... operations) {
    return new Command.Execute(
        new Request(
            id(sequence, client),
            time(1),
            Acknowledgement.NONE,
            Transaction.of(List.of(operations))));
  }

  private static TxnId id(int sequence, ClientId client) {
    return new TxnId(new RequestId(client, sequence), 1);
  }

  private static Key key(int number) {
    return Key.utf8("a key of some length " + number);
  }
}
