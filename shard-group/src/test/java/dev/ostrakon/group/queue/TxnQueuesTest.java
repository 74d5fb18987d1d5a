package dev.ostrakon.group.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.RandomSource;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The rules of PROTOCOL.md that the queues keep, and random histories against their definition. */
final class TxnQueuesTest {
  private static final Key A = Key.utf8("a");
  private static final Key B = Key.utf8("b");

  private final TxnQueues queues = new TxnQueues(new ConflictTimestamps());

  /** "ready: pending at f, and nothing that conflicts with it is pending below f in this group" */
  @Test
  void a_writer_waits_for_the_writer_below_it() {
    assertThat(enqueue(1, 10, Map.of(A, Access.WRITE))).isTrue();
    assertThat(enqueue(2, 11, Map.of(A, Access.WRITE))).isFalse();

    assertThat(queues.remove(txn(1))).containsExactly(txn(2));
  }

  /** "unless both only read it, or both only `add` to it without asking for its value" */
  @Test
  void reads_of_one_key_and_adds_to_one_key_are_ready_together() {
    assertThat(enqueue(1, 10, Map.of(A, Access.READ))).isTrue();
    assertThat(enqueue(2, 11, Map.of(A, Access.READ))).isTrue();
    assertThat(enqueue(3, 12, Map.of(B, Access.ADD))).isTrue();
    assertThat(enqueue(4, 13, Map.of(B, Access.ADD))).isTrue();
    assertThat(enqueue(5, 14, Map.of(A, Access.ADD, B, Access.READ))).isFalse();
  }

  /** "ties broken by transaction id everywhere" */
  @Test
  void equal_timestamps_are_ordered_by_id() {
    enqueue(2, 10, Map.of(A, Access.WRITE));

    assertThat(enqueue(3, 10, Map.of(A, Access.WRITE))).isFalse();
  }

  /** "FINALISE: if pending at less than f, move it to f" */
  @Test
  void finalising_lets_those_in_between_go_first() {
    enqueue(1, 10, Map.of(A, Access.WRITE));
    enqueue(2, 12, Map.of(A, Access.WRITE));
    enqueue(3, 20, Map.of(A, Access.WRITE));

    assertThat(queues.finalise(txn(1), time(15))).containsExactly(txn(2));
    assertThat(queues.isReady(txn(1))).isFalse();
    assertThat(queues.remove(txn(2))).containsExactly(txn(1));
    assertThat(queues.remove(txn(1))).containsExactly(txn(3));
  }

  @Test
  void a_transaction_that_moves_up_past_nothing_is_ready_there() {
    enqueue(1, 10, Map.of(A, Access.WRITE));

    assertThat(queues.finalise(txn(1), time(15))).containsExactly(txn(1));
  }

  /** "`p = t0` if `t0 > conflictTs(keys)`, else `conflictTs(keys) + 1`" */
  @Test
  void a_newcomer_is_proposed_above_everything_that_it_conflicts_with() {
    enqueue(1, 10, Map.of(A, Access.WRITE));
    queues.remove(txn(1));

    SortedMap<Key, Access> write = new TreeMap<>(Map.of(A, Access.WRITE));
    assertThat(queues.proposal(write, time(11))).isEqualTo(time(11));
    assertThat(queues.proposal(write, time(10))).isEqualTo(time(10).next());
    assertThat(queues.proposal(write, time(3))).isEqualTo(time(10).next());
  }

  @Test
  void adds_to_a_hot_key_do_not_push_each_other_up() {
    enqueue(1, 10, Map.of(A, Access.ADD));

    assertThat(queues.proposal(new TreeMap<>(Map.of(A, Access.ADD)), time(5))).isEqualTo(time(5));
    assertThat(queues.proposal(new TreeMap<>(Map.of(A, Access.READ)), time(5)))
        .isEqualTo(time(10).next());
  }

  @Test
  void several_become_ready_lowest_place_first() {
    enqueue(1, 10, Map.of(A, Access.WRITE, B, Access.WRITE));
    enqueue(9, 11, Map.of(B, Access.WRITE));
    enqueue(5, 12, Map.of(A, Access.WRITE));

    assertThat(queues.remove(txn(1))).containsExactly(txn(9), txn(5));
  }

  /** "If a conflicting transaction is ready in this group, the read waits for its APPLY" */
  @Test
  void only_what_is_ready_stops_a_read() {
    enqueue(1, 10, Map.of(A, Access.WRITE));
    enqueue(2, 11, Map.of(A, Access.WRITE, B, Access.WRITE));

    assertThat(queues.readyWriter(A)).contains(txn(1));
    assertThat(queues.readyWriter(B)).isEmpty();
    assertThat(queues.firstKeyWithReadyWriter(A.bytes())).contains(A);
    assertThat(queues.firstKeyWithReadyWriter(B.bytes())).isEmpty();
  }

  @Test
  void what_is_not_pending_cannot_be_moved() {
    assertThatThrownBy(() -> queues.finalise(txn(1), time(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void random_histories_agree_with_the_definition() {
    for (long seed = 0; seed < 300; seed++) {
      new RandomHistory(new RandomSource(seed)).run();
    }
  }

  private boolean enqueue(int txn, long at, Map<Key, Access> accesses) {
    boolean isReady = queues.enqueue(txn(txn), new TreeMap<>(accesses), time(at));
    queues.checkInvariants();
    return isReady;
  }

  static TxnId txn(long number) {
    return new TxnId(new RequestId(new ClientId(0, 0), number), 1);
  }

  static HybridTimestamp time(long millis) {
    return new HybridTimestamp(millis, 0);
  }
}
