package dev.ostrakon.group.queue;

import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.Invariants;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is pending in a group, and in which order it may go.
 *
 * <p>Whatever becomes ready by a call is returned by it, lowest place first.
 */
public final class TxnQueues {
  /* Why ready is for good (PROTOCOL.md, "Why it is strictly serializable").
   *
   * A newcomer stands above the conflict timestamp of each of its keys, hence above all that it
   * conflicts with. Finalising moves a transaction up only. If it lands below something that
   * conflicts with it, that stood above its old place, too, and was blocked by it all along. So
   * nothing that is ready is ever blocked again, except by its own move; the code checks it.
   */

  /** A transaction, its place, its view of what it touches, and its entry. */
  private static final int QUEUED_BYTES = HeapSizes.HASH_ENTRY + 32 + 24 + 32;

  /** The queue of a key and its entry. */
  private static final int QUEUE_BYTES = HeapSizes.TREE_ENTRY + 24 + 3 * HeapSizes.TREE;

  private final Map<TxnId, Queued> pending = new HashMap<>();
  private final TreeMap<Key, KeyQueue> queues = new TreeMap<>();
  private final ConflictTimestamps conflicts;

  /** On how many keys all of them stand together. */
  private long placeCount;

  /** Empty queues over the given conflict timestamps, which enqueueing and moving raise. */
  public TxnQueues(ConflictTimestamps conflicts) {
    this.conflicts = conflicts;
  }

  /** How many transactions are pending. */
  public int size() {
    return pending.size();
  }

  /** What the queues take of the heap; an estimate. */
  public long heapBytes() {
    return (long) QUEUED_BYTES * pending.size()
        + (long) QUEUE_BYTES * queues.size()
        + HeapSizes.TREE_ENTRY * placeCount;
  }

  /**
   * The timestamp at which a newcomer would stand: {@code wanted} if it is above the conflict
   * timestamp of all its keys, else the one that follows.
   */
  public HybridTimestamp proposal(SortedMap<Key, Access> accesses, HybridTimestamp wanted) {
    HybridTimestamp highest = conflicts.of(accesses);
    return wanted.isAfter(highest) ? wanted : highest.next();
  }

  /** How many of them are ready. */
  public int readyCount() {
    int count = 0;
    for (Queued queued : pending.values()) {
      count += queued.ready ? 1 : 0;
    }
    return count;
  }

  /** Whether something pending conflicts with a newcomer; if not, it could go at once. */
  public boolean isAnythingInTheWay(SortedMap<Key, Access> accesses) {
    if (queues.isEmpty()) {
      return false;
    }
    for (Map.Entry<Key, Access> access : accesses.entrySet()) {
      KeyQueue queue = queues.get(access.getKey());
      if (queue != null && queue.hasConflict(access.getValue())) {
        return true;
      }
    }
    return false;
  }

  /** Adds a newcomer and returns whether it is ready. */
  public boolean enqueue(TxnId txn, SortedMap<Key, Access> accesses, HybridTimestamp timestamp) {
    Queued queued = new Queued(txn, accesses, new Place(timestamp, txn));
    Invariants.check(pending.put(txn, queued) == null, "a transaction is enqueued once");
    Set<Queued> changed = new LinkedHashSet<>();
    addToKeys(queued, changed);
    updateReadiness(changed);
    return queued.ready;
  }

  /**
   * Adds what was pending when the state was written, in any order: the places and the conflict
   * timestamps are those of then.
   */
  public void enqueueAgain(TxnId txn, SortedMap<Key, Access> accesses, HybridTimestamp timestamp) {
    Queued queued = new Queued(txn, accesses, new Place(timestamp, txn));
    Invariants.check(pending.put(txn, queued) == null, "a transaction is enqueued once");
    Set<Queued> changed = new LinkedHashSet<>();
    queueOnKeys(queued, changed);
    for (Queued each : changed) {
      each.ready = each.blockedKeys == 0;
    }
  }

  /** Moves a pending transaction up to its final timestamp. */
  public List<TxnId> finalise(TxnId txn, HybridTimestamp timestamp) {
    Queued queued = require(txn);
    Invariants.check(
        timestamp.isAfter(queued.place.timestamp()), "finalising moves a transaction up");
    Set<Queued> changed = new LinkedHashSet<>();
    removeFromKeys(queued, changed);
    queued.place = new Place(timestamp, txn);
    queued.ready = false;
    addToKeys(queued, changed);
    return updateReadiness(changed);
  }

  /** Takes a transaction out and returns what is ready now. */
  public List<TxnId> remove(TxnId txn) {
    Queued queued = require(txn);
    Set<Queued> changed = new LinkedHashSet<>();
    removeFromKeys(queued, changed);
    pending.remove(txn);
    return updateReadiness(changed);
  }

  /** Whether it is pending and nothing that conflicts is pending before it. */
  public boolean isReady(TxnId txn) {
    Queued queued = pending.get(txn);
    return queued != null && queued.ready;
  }

  /** A ready transaction that changes this key: a read of it has to wait for that one's outcome. */
  public Optional<TxnId> readyWriter(Key key) {
    if (queues.isEmpty()) {
      return Optional.empty();
    }
    KeyQueue queue = queues.get(key);
    Queued writer = queue == null ? null : queue.readyWriter();
    return writer == null ? Optional.empty() : Optional.of(writer.txn);
  }

  /** The lowest key from this one on that a ready transaction changes; empty for the first. */
  public Optional<Key> firstKeyWithReadyWriter(ByteString from) {
    NavigableMap<Key, KeyQueue> tail =
        from.isEmpty() ? queues : queues.tailMap(new Key(from), true);
    for (Map.Entry<Key, KeyQueue> entry : tail.entrySet()) {
      if (entry.getValue().readyWriter() != null) {
        return Optional.of(entry.getKey());
      }
    }
    return Optional.empty();
  }

  /** Validates the whole structure; for tests, which call it after every step. */
  public void checkInvariants() {
    queues.values().forEach(queue -> Invariants.check(!queue.isEmpty(), "no queue is empty"));
    for (Queued queued : pending.values()) {
      int blocked = 0;
      for (Map.Entry<Key, Access> access : queued.accesses.entrySet()) {
        KeyQueue queue = queues.get(access.getKey());
        Invariants.check(
            queue != null && queue.all().contains(queued),
            "a pending transaction is in its queues");
        if (queue != null && queue.isBlocked(queued, access.getValue())) {
          blocked++;
        }
      }
      Invariants.check(
          blocked == queued.blockedKeys, "blocked keys are counted", blocked, queued.blockedKeys);
      Invariants.check(queued.ready == (blocked == 0), "ready means that no key is blocked");
      Invariants.check(
          !queued.place.timestamp().isAfter(conflicts.touched(queued.accesses)),
          "conflict timestamps are not below what is pending");
    }
  }

  private void addToKeys(Queued queued, Set<Queued> changed) {
    for (Map.Entry<Key, Access> access : queued.accesses.entrySet()) {
      conflicts.touch(access.getKey(), access.getValue(), queued.place.timestamp());
    }
    queueOnKeys(queued, changed);
  }

  private void queueOnKeys(Queued queued, Set<Queued> changed) {
    placeCount += queued.accesses.size();
    for (Map.Entry<Key, Access> access : queued.accesses.entrySet()) {
      queues
          .computeIfAbsent(access.getKey(), ignored -> new KeyQueue())
          .add(queued, access.getValue(), changed);
    }
    changed.add(queued);
  }

  private void removeFromKeys(Queued queued, Set<Queued> changed) {
    placeCount -= queued.accesses.size();
    for (Map.Entry<Key, Access> access : queued.accesses.entrySet()) {
      KeyQueue queue = queues.get(access.getKey());
      Invariants.check(queue != null, "a pending transaction is in its queues");
      if (queue != null) {
        queue.remove(queued, access.getValue(), changed);
        if (queue.isEmpty()) {
          queues.remove(access.getKey());
        }
      }
    }
    changed.remove(queued);
  }

  private List<TxnId> updateReadiness(Set<Queued> changed) {
    List<Queued> ready = new ArrayList<>(0);
    for (Queued queued : changed) {
      Invariants.check(
          !queued.ready || queued.blockedKeys == 0, "what is ready is never blocked again");
      if (!queued.ready && queued.blockedKeys == 0) {
        queued.ready = true;
        ready.add(queued);
      }
    }
    if (ready.size() > 1) {
      ready.sort(Comparator.comparing(queued -> queued.place));
    }
    List<TxnId> ids = new ArrayList<>(ready.size());
    for (Queued queued : ready) {
      ids.add(queued.txn);
    }
    return ids;
  }

  private Queued require(TxnId txn) {
    Queued queued = pending.get(txn);
    if (queued == null) {
      throw new IllegalArgumentException("expected a pending transaction, was " + txn);
    }
    return queued;
  }
}
