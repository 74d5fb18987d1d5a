package dev.ostrakon.group.finished;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class FinishedRequestsTest {
  private static final ClientId CLIENT = new ClientId(1, 2);
  private static final List<Slot> SLOTS = List.of(new Slot(3));
  private static final Memory UNHEARD = new Memory.Unheard();
  private static final Memory SETTLED = new Memory.Settled();

  private final FinishedRequests finished = new FinishedRequests();

  @Test
  void any_number_of_requests_in_flight_is_remembered_in_any_order() {
    for (int i = 0; i < 1_000; i++) {
      remember(id((i * 7919L) % 1_000 + 1), 10, done(i));
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(finished.lookup(id((i * 7919L) % 1_000 + 1)))
          .isEqualTo(new Memory.Remembered(done(i)));
    }
    assertThat(finished.lookup(id(1_001))).isEqualTo(UNHEARD);
  }

  @Test
  void every_kind_of_outcome_comes_back_as_it_was() {
    List<RequestOutcome> outcomes =
        List.of(
            done(1),
            new RequestOutcome.Committed(time(2), Branch.OTHERWISE, List.of()),
            new RequestOutcome.Committed(
                time(3),
                Branch.THEN,
                List.of(
                    new OperationResult.Present(Value.utf8("x"), time(1)),
                    new OperationResult.Absent())),
            new RequestOutcome.Committed(time(4), Branch.THEN, List.of()),
            new RequestOutcome.Refused(new Refusal(Refusal.Reason.NOT_A_NUMBER, "why")));
    for (int i = 0; i < outcomes.size(); i++) {
      remember(id(i + 1), 9, outcomes.get(i));
    }
    for (int i = 0; i < outcomes.size(); i++) {
      finished.rememberPart(id(i + 11), time(9), SLOTS, outcomes.get(i), i + 1);
    }
    FinishedRequests again = new FinishedRequests();
    finished.drainChanges(0, again::restore, client -> {});

    for (int i = 0; i < outcomes.size(); i++) {
      assertThat(again.lookup(id(i + 1))).isEqualTo(new Memory.Remembered(outcomes.get(i)));
      assertThat(again.lookup(id(i + 11))).isEqualTo(new Memory.Remembered(outcomes.get(i), true));
      assertThat(again.isReused(id(i + 1).request(), 7)).isFalse(); // What it was for is not known.
      assertThat(again.isReused(id(i + 11).request(), i + 1)).isFalse();
      assertThat(again.isReused(id(i + 11).request(), -7)).isTrue();
    }
  }

  /** "until the client has acknowledged it (acknowledgements ride on later requests)" */
  @Test
  void acknowledged_requests_are_settled_and_cannot_happen_again() {
    remember(id(1), 10, done(1));
    remember(id(2), 10, done(2));
    remember(id(3), 10, done(3));

    assertThat(finished.acknowledge(CLIENT, time(11), new Acknowledgement(1, List.of(3L))))
        .hasValue(0);

    assertThat(finished.lookup(id(1))).isEqualTo(SETTLED);
    assertThat(finished.lookup(id(2))).isEqualTo(new Memory.Remembered(done(2)));
    assertThat(finished.lookup(id(3))).isEqualTo(SETTLED);
    assertThat(finished.lookup(id(4))).isEqualTo(UNHEARD);
  }

  @Test
  void an_acknowledgement_tells_the_former_watermark_if_it_raised_it() {
    assertThat(finished.acknowledge(CLIENT, time(10), Acknowledgement.upTo(2))).isEmpty();
    remember(id(5), 10, done(5));

    assertThat(finished.acknowledge(CLIENT, time(11), Acknowledgement.upTo(2))).hasValue(0);
    assertThat(finished.acknowledge(CLIENT, time(11), Acknowledgement.upTo(4))).hasValue(2);
    assertThat(finished.acknowledge(CLIENT, time(11), Acknowledgement.upTo(4))).isEmpty();
    assertThat(finished.acknowledge(CLIENT, time(11), Acknowledgement.upTo(3))).isEmpty();
  }

  /** "or until the group's clock has passed issuedAt + window" */
  @Test
  void a_client_not_heard_of_within_the_window_is_unknown_even_before_it_is_swept() {
    remember(id(1), 10, done(1));
    finished.onWindow(time(10), 0);
    assertThat(finished.lookup(id(1))).isEqualTo(new Memory.Remembered(done(1)));

    finished.onWindow(time(11), 0);

    assertThat(finished.lookup(id(1))).isEqualTo(UNHEARD);
    assertThat(finished.clientCount()).isZero();
  }

  @Test
  void what_a_checkpoint_drops_is_unknown_although_its_client_is_not() {
    remember(id(1), 10, done(1));
    remember(id(2), 10, done(2));
    finished.acknowledge(CLIENT, time(10), new Acknowledgement(0, List.of(2L)));
    remember(id(3), 20, done(3));

    finished.onWindow(time(11), 0);

    assertThat(finished.lookup(id(1))).isEqualTo(UNHEARD);
    assertThat(finished.lookup(id(2))).isEqualTo(UNHEARD);
    assertThat(finished.isSettled(id(2).request())).isFalse();
    assertThat(finished.lookup(id(3))).isEqualTo(new Memory.Remembered(done(3)));
    remember(id(2), 21, done(21));
    assertThat(finished.lookup(id(2))).isEqualTo(new Memory.Remembered(done(21)));
  }

  @Test
  void sweeping_frees_those_nobody_asks_for() {
    for (int i = 0; i < 100; i++) {
      rememberFor(new ClientId(i, i), 1, 10);
    }
    long before = finished.bytes();

    finished.onWindow(time(11), 1_000);

    assertThat(finished.clientCount()).isZero();
    assertThat(finished.bytes()).isLessThan(before / 4);
  }

  @Test
  void a_refusal_stops_its_attempt_and_earlier_ones_and_lets_later_ones_through() {
    RequestOutcome refused =
        new RequestOutcome.Refused(new Refusal(Refusal.Reason.NOT_ORDERED, "fenced"));
    finished.remember(new TxnId(id(1).request(), 2), time(10), SLOTS, refused);

    assertThat(finished.lookup(new TxnId(id(1).request(), 1)))
        .isEqualTo(new Memory.Remembered(refused));
    assertThat(finished.lookup(new TxnId(id(1).request(), 2)))
        .isEqualTo(new Memory.Remembered(refused));
    assertThat(finished.lookup(new TxnId(id(1).request(), 3))).isEqualTo(UNHEARD);
  }

  /** "The memory moves with the slot." */
  @Test
  void the_memory_moves_with_a_slot() {
    rememberFor(new ClientId(5, 5), 1, 10);
    finished.remember(id(1), time(10), List.of(new Slot(3), new Slot(65_535)), done(1));
    FinishedRequests other = new FinishedRequests();

    finished.visitSlot(new Slot(65_535), other::restore);

    assertThat(other.clientCount()).isEqualTo(1);
    assertThat(other.lookup(id(1))).isEqualTo(new Memory.Remembered(done(1)));
  }

  @Test
  void only_changes_are_handed_over_and_they_rebuild_the_whole() {
    for (long seed = 0; seed < 50; seed++) {
      RandomSource random = new RandomSource(seed);
      FinishedRequests original = new FinishedRequests();
      Map<ClientId, Bytes> rows = new TreeMap<>();
      for (int step = 0; step < 200; step++) {
        randomStep(original, random, step);
        if (random.chance(0.5)) {
          original.drainChanges(random.nextInt(4), rows::put, rows::remove);
        }
        if (random.chance(0.1)) {
          original.drainChanges(0, rows::put, rows::remove);
          FinishedRequests copy = new FinishedRequests();
          rows.forEach(copy::restore);
          copy.onWindow(time(Math.max(0, step - 50)), 0);
          assertThat(dump(copy)).isEqualTo(dump(original));
        }
      }
    }
  }

  /** K scenario MemPutMany: 100,000 clients, one put each, at most 200 bytes retained of each. */
  @Test
  void mem_put_many_retains_less_than_200_bytes_a_client() {
    long before = usedHeapBytes();
    long estimate = bytesPerClient(100_000, ignored -> {});
    long measured = (usedHeapBytes() - before) / 100_000;

    assertThat(finished.clientCount()).isEqualTo(100_000);
    assertThat(estimate).isLessThan(200);
    assertThat(measured).isLessThan(200);
  }

  /** 1 million clients that each wrote once leave less than 200 bytes each once acknowledged. */
  @Test
  void a_million_acknowledged_clients_leave_less_than_200_bytes_each() {
    long before = usedHeapBytes();
    long estimate =
        bytesPerClient(
            1_000_000, client -> finished.acknowledge(client, time(11), Acknowledgement.upTo(1)));
    finished.drainChanges(0, (client, row) -> {}, client -> {});
    long measured = (usedHeapBytes() - before) / 1_000_000;

    assertThat(finished.clientCount()).isEqualTo(1_000_000);
    assertThat(estimate).isLessThan(200);
    assertThat(measured).isLessThan(200);
    for (int i = 0; i <= 1_000_000 / FinishedRequests.REMOVED_MAX; i++) {
      finished.onWindow(time(12), 1 << 22);
      finished.drainChanges(0, (client, row) -> {}, client -> {});
    }
    assertThat(finished.clientCount()).isZero();
    assertThat((usedHeapBytes() - before) / 1_000_000).isLessThan(40); // Empty tables.
  }

  private long bytesPerClient(int clients, Consumer<ClientId> then) {
    RandomSource random = new RandomSource(1);
    for (int i = 0; i < clients; i++) {
      ClientId client = new ClientId(random.nextLong(), random.nextLong());
      rememberFor(client, 1, 10);
      then.accept(client);
    }
    return finished.bytes() / clients;
  }

  private static long usedHeapBytes() {
    Runtime runtime = Runtime.getRuntime();
    runtime.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void randomStep(FinishedRequests finished, RandomSource random, int step) {
    ClientId client = new ClientId(random.nextInt(4), 0);
    TxnId id = new TxnId(new RequestId(client, 1 + random.nextInt(40)), 1);
    if (random.chance(0.6) && finished.lookup(id) instanceof Memory.Unheard) {
      finished.remember(id, time(step), List.of(new Slot(random.nextInt(4))), done(step));
    } else {
      long watermark = random.nextInt(20);
      finished.acknowledge(
          client, time(step), new Acknowledgement(watermark, List.of(watermark + 3)));
    }
    finished.onWindow(time(Math.max(0, step - 50)), random.nextInt(3));
  }

  private static List<String> dump(FinishedRequests finished) {
    List<String> rows = new ArrayList<>();
    finished.visitAll(
        (client, row) -> rows.add(client + "=" + HexFormat.of().formatHex(row.sharedArray())));
    return rows;
  }

  private void remember(TxnId id, long issuedAt, RequestOutcome outcome) {
    finished.remember(id, time(issuedAt), SLOTS, outcome);
  }

  private void rememberFor(ClientId client, long sequence, long issuedAt) {
    finished.remember(
        new TxnId(new RequestId(client, sequence), 1), time(issuedAt), SLOTS, done(issuedAt));
  }

  private static RequestOutcome done(long at) {
    return new RequestOutcome.Committed(time(at), Branch.THEN, List.of(new OperationResult.Done()));
  }

  private static TxnId id(long sequence) {
    return new TxnId(new RequestId(CLIENT, sequence), 1);
  }

  private static HybridTimestamp time(long millis) {
    return new HybridTimestamp(millis, 0);
  }
}
