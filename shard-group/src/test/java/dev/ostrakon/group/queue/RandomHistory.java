package dev.ostrakon.group.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** One random history of the queues, compared with their definition after every step. */
final class RandomHistory {
  private static final int STEPS = 60;
  private static final List<Access> ACCESSES = List.of(Access.READ, Access.ADD, Access.WRITE);

  private final RandomSource random;
  private final TxnQueues queues = new TxnQueues(new ConflictTimestamps());
  private final NaiveQueues naive = new NaiveQueues();
  private final TreeMap<TxnId, SortedMap<Key, Access>> pending = new TreeMap<>();
  private final TreeMap<TxnId, HybridTimestamp> places = new TreeMap<>();
  private long lastTxn;

  RandomHistory(RandomSource random) {
    this.random = random;
  }

  void run() {
    for (int step = 0; step < STEPS; step++) {
      List<TxnId> before = naive.ready();
      List<TxnId> reported = step();
      List<TxnId> after = naive.ready();
      Set<TxnId> expected = new HashSet<>(after);
      before.forEach(expected::remove);
      // What was moved and is ready again is reported, too, for its evaluation is a new one.
      reported.stream().filter(after::contains).forEach(expected::add);
      assertThat(reported).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(pending.keySet().stream().filter(queues::isReady))
          .containsExactlyInAnyOrderElementsOf(after);
      queues.checkInvariants();
    }
  }

  private List<TxnId> step() {
    if (pending.isEmpty() || random.chance(0.5)) {
      return enqueue();
    }
    List<TxnId> all = new ArrayList<>(pending.keySet());
    TxnId any = all.get(random.nextInt(all.size()));
    return random.chance(0.4) ? finalise(any) : remove(any);
  }

  private List<TxnId> finalise(TxnId txn) {
    HybridTimestamp at = Objects.requireNonNull(places.get(txn));
    HybridTimestamp to = new HybridTimestamp(at.wallMillis() + random.nextInt(6), 7);
    if (!to.isAfter(at)) {
      return List.of();
    }
    naive.put(txn, Objects.requireNonNull(pending.get(txn)), to);
    places.put(txn, to);
    return queues.finalise(txn, to);
  }

  private List<TxnId> remove(TxnId txn) {
    pending.remove(txn);
    naive.remove(txn);
    return queues.remove(txn);
  }

  private List<TxnId> enqueue() {
    lastTxn++;
    TxnId txn = TxnQueuesTest.txn(1 + random.nextInt(50) * 1_000L + lastTxn);
    TreeMap<Key, Access> accesses = new TreeMap<>();
    for (int keys = 1 + random.nextInt(3); keys > 0; keys--) {
      accesses.put(
          Key.utf8("k" + random.nextInt(4)), ACCESSES.get(random.nextInt(ACCESSES.size())));
    }
    HybridTimestamp wanted = TxnQueuesTest.time(lastTxn - random.nextInt(5) + 5);
    HybridTimestamp highest = naive.conflictTimestamp(accesses);
    HybridTimestamp proposal = queues.proposal(accesses, wanted);
    assertThat(proposal).isEqualTo(wanted.isAfter(highest) ? wanted : highest.next());
    naive.put(txn, accesses, proposal);
    pending.put(txn, accesses);
    places.put(txn, proposal);
    return queues.enqueue(txn, accesses, proposal) ? List.of(txn) : List.of();
  }
}
