package dev.ostrakon.replica;

import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.raft.ReadOutcome;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Reads on their way: first for a read index, then for the state machine to reach it. Bounded. */
final class PendingReads {

  private record Waiting(long deadlineNanos, Consumer<ReadResult> listener) {}

  private record Confirmed(long readIndex, long requestId, Waiting waiting)
      implements Comparable<Confirmed> {
    @Override
    public int compareTo(Confirmed other) {
      int byIndex = Long.compare(readIndex, other.readIndex);
      return byIndex != 0 ? byIndex : Long.compare(requestId, other.requestId);
    }
  }

  private final int capacity;
  private final RaftRules rules;
  private final Map<Long, Waiting> unconfirmed = new LinkedHashMap<>();
  private final PriorityQueue<Confirmed> confirmed = new PriorityQueue<>();
  private long lastRequestId;

  PendingReads(int capacity, RaftRules rules) {
    this.capacity = capacity;
    this.rules = rules;
  }

  boolean isFull() {
    return unconfirmed.size() + confirmed.size() >= capacity;
  }

  /** Registers a read and returns its request id. */
  long add(long deadlineNanos, Consumer<ReadResult> listener) {
    lastRequestId++;
    unconfirmed.put(lastRequestId, new Waiting(deadlineNanos, listener));
    return lastRequestId;
  }

  void onOutcome(ReadOutcome outcome, long appliedIndex) {
    Waiting waiting = unconfirmed.remove(outcome.requestId());
    if (waiting == null) {
      return; // It timed out before.
    }
    if (outcome.status() == ReadOutcome.Status.DROPPED) {
      waiting.listener().accept(ReadResult.DROPPED);
    } else if (rules.mayServeFrom(appliedIndex, outcome.readIndex())) {
      waiting.listener().accept(ReadResult.READY);
    } else {
      confirmed.add(new Confirmed(outcome.readIndex(), outcome.requestId(), waiting));
    }
  }

  /** Serves what waited for this index. */
  void onApplied(long appliedIndex) {
    while (!confirmed.isEmpty() && confirmed.peek().readIndex() <= appliedIndex) {
      confirmed.remove().waiting().listener().accept(ReadResult.READY);
    }
  }

  void expire(long nowNanos) {
    List<Waiting> expired = new ArrayList<>();
    for (Iterator<Waiting> all = unconfirmed.values().iterator(); all.hasNext(); ) {
      Waiting candidate = all.next();
      if (nowNanos - candidate.deadlineNanos() >= 0) {
        all.remove();
        expired.add(candidate);
      }
    }
    for (Iterator<Confirmed> all = confirmed.iterator(); all.hasNext(); ) {
      Waiting candidate = all.next().waiting();
      if (nowNanos - candidate.deadlineNanos() >= 0) {
        all.remove();
        expired.add(candidate);
      }
    }
    expired.forEach(one -> one.listener().accept(ReadResult.TIMED_OUT));
  }

  void abandon() {
    List<Waiting> all = new ArrayList<>(unconfirmed.values());
    unconfirmed.clear();
    while (!confirmed.isEmpty()) {
      all.add(confirmed.remove().waiting());
    }
    all.forEach(one -> one.listener().accept(ReadResult.STOPPED));
  }
}
