package dev.ostrakon.raft;

import java.util.ArrayDeque;

/**
 * The reads that a leader has not settled yet. Those that wait are put into the next round that
 * begins, all of them at once; a read is never matched to a round that began before it was
 * registered (Ongaro thesis 6.4).
 */
final class ReadRounds {

  /** The reads of one round. */
  record Batch(long round, long readIndex, ReadList reads) {}

  private final int maxPending;
  private final RaftRules rules;
  private final ArrayDeque<Batch> batches = new ArrayDeque<>();
  private ReadList waiting = new ReadList();
  private int pending;

  ReadRounds(int maxPending, RaftRules rules) {
    this.maxPending = maxPending;
    this.rules = rules;
  }

  /** Registers a read; returns false if there is no room. */
  boolean maybeAdd(ReplicaId origin, long requestId) {
    if (pending >= maxPending) {
      return false;
    }
    pending++;
    waiting.add(origin, requestId);
    return true;
  }

  /** Whether reads wait for a round to begin. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** Whether a round that confirms reads is under way. */
  boolean isRoundUnderWay() {
    return !batches.isEmpty();
  }

  /** The reads that wait are confirmed by {@code round}, which has just begun. */
  void assignTo(long round, long readIndex) {
    batches.addLast(new Batch(round, readIndex, waiting));
    waiting = new ReadList();
  }

  /** Whether a quorum's answer to this round confirms the oldest batch. */
  boolean isConfirmedBy(long acknowledgedRound) {
    return !batches.isEmpty() && rules.confirmsRead(acknowledgedRound, batches.getFirst().round());
  }

  /** Removes the oldest batch. */
  Batch takeOldest() {
    Batch batch = batches.removeFirst();
    pending -= batch.reads().size();
    return batch;
  }

  /** Removes the reads that wait for a round to begin. */
  ReadList takeWaiting() {
    ReadList taken = waiting;
    pending -= taken.size();
    waiting = new ReadList();
    return taken;
  }
}
