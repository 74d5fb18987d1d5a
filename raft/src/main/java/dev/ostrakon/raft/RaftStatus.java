package dev.ostrakon.raft;

import java.util.List;

/**
 * A picture of a replica for operators and tests.
 *
 * @param leader who leads as far as this replica knows, or {@link ReplicaId#NONE}
 * @param firstIndex the first index still in the log
 * @param durableIndex the last index durable on this replica's disk
 * @param progress what a leader knows of its followers; empty elsewhere
 */
public record RaftStatus(
    ReplicaId id,
    long term,
    Role role,
    ReplicaId leader,
    long firstIndex,
    long lastIndex,
    long durableIndex,
    long commitIndex,
    long appliedIndex,
    Membership membership,
    List<PeerProgress> progress) {

  public RaftStatus {
    progress = List.copyOf(progress);
  }

  /** How far a follower is. */
  public record PeerProgress(
      ReplicaId peer, ReplicationState state, long matchIndex, long nextIndex, int inflight) {}

  /** How the leader talks to a follower. */
  public enum ReplicationState {
    /** One message at a time until the logs are known to agree somewhere. */
    PROBE,
    /** Pipelined within the in-flight window. */
    REPLICATE,
    /** A snapshot is under way; no entries are sent. */
    SNAPSHOT
  }
}
