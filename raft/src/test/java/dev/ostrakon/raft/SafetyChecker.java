package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches a whole group from outside and knows nothing of how the core works (Raft paper, figure
 * 3): one leader per term, leaders have every committed entry, equal entries imply equal prefixes,
 * and every state machine passes through the same states.
 */
final class SafetyChecker {

  /** An entry and the term in which somebody was first seen to know it as committed. */
  private record Committed(EntryId id, long seenInTerm) {}

  private final Map<Long, ReplicaId> leaderOfTerm = new HashMap<>();
  private final Map<Long, Committed> committed = new HashMap<>();
  private final Map<Long, Long> digests = new HashMap<>();
  private final Map<Long, Long> neededByRead = new HashMap<>();
  private long maxCommitIndex;
  private long confirmedReads;
  private long leaders;

  void onReady(TestReplica replica, Ready ready) {
    long term = replica.status().term();
    for (LogEntry entry : ready.committed()) {
      Committed known = committed.putIfAbsent(entry.index(), new Committed(entry.id(), term));
      assertThat(known == null || known.id().equals(entry.id()))
          .as("state machine safety: %s at %s, was %s", entry, replica.id(), known)
          .isTrue();
    }
    maxCommitIndex = Math.max(maxCommitIndex, replica.status().commitIndex());
    for (ReplicaEvent event : ready.events()) {
      if (event instanceof ReplicaEvent.BecameLeader leader) {
        ReplicaId former = leaderOfTerm.putIfAbsent(leader.term(), replica.id());
        assertThat(former == null || former.equals(replica.id()))
            .as("election safety: %s and %s lead term %s", former, replica.id(), leader.term())
            .isTrue();
        leaders++;
      }
    }
  }

  /** Call when a new leader's log is on its disk, committed or not. */
  void requireComplete(TestReplica leader) {
    Map<Long, EntryId> log = new HashMap<>();
    leader.disk().writtenEntries().forEach(entry -> log.put(entry.index(), entry.id()));
    committed.forEach(
        (index, entry) -> {
          // A leader elected late, in a term that others have passed, need not have what later
          // terms committed.
          if (index > leader.disk().writtenBase().index()
              && entry.seenInTerm() < leader.status().term()) {
            assertThat(log.get(index))
                .as("leader completeness: %s lacks %s", leader.id(), entry)
                .isEqualTo(entry.id());
          }
        });
  }

  void onApplied(LogEntry entry, long digest) {
    requireSameState(entry.index(), digest);
  }

  void requireSameState(long index, long digest) {
    Long known = digests.putIfAbsent(index, digest);
    assertThat(known == null || known == digest).as("same state at %s", index).isTrue();
  }

  void onReadAsked(long requestId) {
    neededByRead.put(requestId, maxCommitIndex);
  }

  void onRead(ReadOutcome outcome) {
    Long needed = neededByRead.remove(outcome.requestId());
    assertThat(needed).as("read %s is settled once", outcome.requestId()).isNotNull();
    if (outcome.status() == ReadOutcome.Status.CONFIRMED) {
      confirmedReads++;
      assertThat(outcome.readIndex())
          .as("read %s sees what was committed before it began", outcome.requestId())
          .isGreaterThanOrEqualTo(needed);
    }
  }

  /** Raft paper 5.3: entries with the same index and term have the same prefixes. */
  void requireLogMatching(List<TestReplica> replicas) {
    for (TestReplica one : replicas) {
      for (TestReplica other : replicas) {
        if (one.id().compareTo(other.id()) < 0) {
          requireLogMatching(one, other);
        }
      }
    }
  }

  private static void requireLogMatching(TestReplica one, TestReplica other) {
    Map<Long, LogEntry> log = new HashMap<>();
    one.disk().writtenEntries().forEach(entry -> log.put(entry.index(), entry));
    boolean mustAgree = false;
    List<LogEntry> entries = other.disk().writtenEntries();
    for (int i = entries.size() - 1; i >= 0; i--) {
      LogEntry theirs = entries.get(i);
      LogEntry ours = log.get(theirs.index());
      if (ours == null) {
        continue;
      }
      boolean isEqual = ours.term() == theirs.term();
      assertThat(!mustAgree || isEqual)
          .as("log matching: %s has %s, %s has %s", one.id(), ours, other.id(), theirs)
          .isTrue();
      assertThat(!isEqual || ours.equals(theirs)).as("same id, same entry").isTrue();
      mustAgree |= isEqual;
    }
  }

  long maxCommitIndex() {
    return maxCommitIndex;
  }

  long confirmedReads() {
    return confirmedReads;
  }

  long leaders() {
    return leaders;
  }
}
