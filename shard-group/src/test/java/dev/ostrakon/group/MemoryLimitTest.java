package dev.ostrakon.group;

import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.FrontCluster.Shape;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.replica.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * A front whose memory is full turns new work away, keeps as much as was allowed, and does whatever
 * makes room.
 */
final class MemoryLimitTest {
  private static final long MEMORY_BYTES_MAX = 400_000;
  private static final long COMMAND_BYTES_MAX = 100_000;
  private static final ClientId CLIENT = new ClientId(3, 3);

  private final FrontCluster cluster =
      FrontCluster.serving(
          Shape.DEFAULTS.with(
              ShardFrontConfig.DEFAULTS.withMemory(MEMORY_BYTES_MAX, COMMAND_BYTES_MAX)));

  @Test
  void finished_requests_fill_it_and_an_acknowledgement_makes_room_although_it_finds_none() {
    int count = 0;
    while (isDone(execute(CLIENT, count + 1, 0))) {
      count++;
    }
    assertThatItIsFull();

    assertThat(execute(CLIENT, count + 2, count)).isInstanceOf(FrontAnswer.Overloaded.class);
    cluster.settle();

    assertThat(measured()).isLessThan(MEMORY_BYTES_MAX / 5);
    assertThat(isDone(execute(CLIENT, count + 2, count))).isTrue();
    assertThat(count).isGreaterThan(500);
  }

  @Test
  void clients_that_have_gone_fill_it_and_the_window_makes_room() {
    int count = 0;
    while (isDone(execute(new ClientId(count, 4), 1, 0))) {
      count++;
    }
    assertThatItIsFull();

    cluster.pass(GroupSettings.DEFAULTS.windowMillis() + 30_000);

    assertThat(isDone(execute(new ClientId(count, 4), 1, 0))).isTrue();
  }

  @Test
  void pending_transactions_fill_it_and_their_end_makes_room() {
    int count = 0;
    while (order(count + 1, 0, get(Given.A), put(key(count), "v".repeat(300)))
        instanceof ParticipantAnswer.Status) {
      count++;
    }
    assertThatItIsFull();

    List<TxnId> ended = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      TxnId id = id(CLIENT, i);
      HybridTimestamp at = ((TxnStatus.Ready) cluster.leader().state().status(id)).timestamp();
      ParticipantAnswer applied =
          ask(new ParticipantCall.Apply(id, at, new TxnOutcome.Commit(Branch.THEN)));
      assertThat(Participants.statusOf(applied)).isInstanceOf(TxnStatus.Finished.class);
      ended.add(id);
    }
    assertThat(ask(new ParticipantCall.Forget(ended))).isInstanceOf(ParticipantAnswer.Done.class);
    order(count + 2, count, put(Given.A, "v"));
    cluster.settle();

    assertThat(measured()).isLessThan(MEMORY_BYTES_MAX / 5);
    assertThat(order(count + 2, count, put(Given.A, "v")))
        .isInstanceOf(ParticipantAnswer.Status.class);
    assertThat(count).isGreaterThan(100);
  }

  @Test
  void refusals_fill_it_and_find_room_a_little_longer_than_requests() {
    int count = 0;
    boolean wasFullForRequests = false;
    while (ask(new ParticipantCall.Refuse(id(CLIENT, count + 1), cluster.now()))
        instanceof ParticipantAnswer.Status) {
      count++;
      if (count % 50 == 0 && !wasFullForRequests) {
        wasFullForRequests = !isDone(execute(new ClientId(5, 5), count, count - 1));
      }
    }
    assertThatItIsFull();
    assertThat(wasFullForRequests).isTrue();

    assertThat(execute(CLIENT, count + 1, count)).isInstanceOf(FrontAnswer.Overloaded.class);
    cluster.settle();

    assertThat(measured()).isLessThan(MEMORY_BYTES_MAX / 5);
    assertThat(isDone(execute(CLIENT, count + 1, count))).isTrue();
  }

  @Test
  void commands_that_wait_and_reads_that_wait_are_bounded_by_what_they_take() {
    ShardFront leader = cluster.leader();
    List<FrontAnswer<RequestOutcome>> answers = new ArrayList<>();
    for (int i = 1; i <= 1_000; i++) {
      Request request = request(CLIENT, i, 0, put(Given.A, "v".repeat(200)));
      leader.execute(request, cluster.deadline(), answers::add);
      leader.read(Transaction.of(List.of(get(key(i)))), cluster.deadline(), answers::add);
    }
    long turnedAway = answers.stream().filter(FrontAnswer.Overloaded.class::isInstance).count();
    assertThat(turnedAway).isBetween(1_000L, 1_900L);

    cluster.awaitTrue("all are answered", () -> answers.size() == 2_000);
  }

  @Test
  void what_waits_in_a_front_is_known() {
    int count = 100;
    ShardFront leader = cluster.leader();
    List<Object> answers = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      order(i, 0, put(key(i), "v"));
    }
    assertThatItIsKnown(
        leader,
        () -> {
          for (int i = 1; i <= count; i++) {
            Request request = request(new ClientId(i, 7), i, 0, put(key(i), "v".repeat(200)));
            leader.execute(request, cluster.deadline(), answers::add);
          }
        });
    cluster.settle();
    assertThatItIsKnown(
        leader,
        () -> {
          for (int i = 1; i <= count; i++) {
            leader.read(Transaction.of(List.of(get(key(i)))), cluster.deadline(), answers::add);
          }
        });
    cluster.settle();
    assertThatItIsKnown(
        leader,
        () -> {
          for (int i = 0; i < count; i++) {
            leader.participate(
                new ParticipantCall.Await(id(CLIENT, 1 + i % 40), HybridTimestamp.MAX),
                cluster.deadline(),
                answers::add);
          }
        });
    assertThatItIsKnown(
        leader,
        () -> {
          for (int i = 1; i <= count; i++) {
            Request request = request(new ClientId(i, 8), i, 0, put(key(1), "v"));
            leader.execute(request, cluster.deadline(), answers::add);
          }
          cluster.settle();
        });
    leader.stop();
    assertThat(leader.counters().waitingBytes()).isZero();
  }

  private static void assertThatItIsKnown(ShardFront leader, Runnable fill) {
    long measuredBefore = waitingMeasured(leader);
    long estimatedBefore = leader.counters().waitingBytes();
    fill.run();
    double measured = waitingMeasured(leader) - measuredBefore;
    double estimated = leader.counters().waitingBytes() - estimatedBefore;
    assertThat(measured).isGreaterThan(5_000);
    assertThat(estimated).isBetween(0.7 * measured, 1.3 * measured);
  }

  private static long waitingMeasured(ShardFront leader) {
    Predicate<Object> isForeign =
        object ->
            object instanceof ShardStateMachine
                || object instanceof FrontReplica
                || object instanceof StateStore
                || object instanceof GroupRules
                || object instanceof ShardFrontConfig
                || object instanceof HybridLogicalClock;
    return HeapGraph.sizeOf(leader, isForeign);
  }

  private void assertThatItIsFull() {
    cluster.settle();
    double limit = MEMORY_BYTES_MAX;
    assertThat((double) measured()).isBetween(0.7 * limit, 1.3 * limit);
  }

  /** What the leader keeps because of requests. */
  private long measured() {
    ShardState state = cluster.leader().state().state();
    Predicate<Object> isForeign =
        object ->
            object instanceof StateStore
                || object instanceof GroupRules
                || object instanceof Configuration
                || object == state.conflicts
                || object.equals(TxnRecord.NOT_ORDERED);
    return HeapGraph.sizeOf(state, isForeign);
  }

  private static boolean isDone(FrontAnswer<RequestOutcome> answer) {
    return answer instanceof FrontAnswer.Done;
  }

  private FrontAnswer<RequestOutcome> execute(ClientId client, long sequence, long acknowledged) {
    Request request =
        request(client, sequence, acknowledged, put(key(sequence % 10), "v"), get(Given.B));
    return cluster.ask(listener -> cluster.leader().execute(request, cluster.deadline(), listener));
  }

  private ParticipantAnswer order(long sequence, long acknowledged, Operation... operations) {
    return ask(
        new ParticipantCall.Order(
            request(CLIENT, sequence, acknowledged, operations), cluster.now(), Given.TWO_GROUPS));
  }

  private ParticipantAnswer ask(ParticipantCall call) {
    return cluster.ask(
        listener -> cluster.leader().participate(call, cluster.deadline(), listener));
  }

  private Request request(
      ClientId client, long sequence, long acknowledged, Operation... operations) {
    return new Request(
        id(client, sequence),
        cluster.now(),
        Acknowledgement.upTo(acknowledged),
        Transaction.of(List.of(operations)));
  }

  private static TxnId id(ClientId client, long sequence) {
    return new TxnId(new RequestId(client, sequence), 1);
  }

  private static Key key(long number) {
    return Key.utf8("key " + number);
  }
}
