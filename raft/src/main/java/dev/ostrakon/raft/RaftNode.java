package dev.ostrakon.raft;

import java.util.List;

/** One replica's consensus state machine. */
@SuppressWarnings("DoNotCallSuggester")
public final class RaftNode {

  /**
   * What a replica starts from.
   *
   * @param checkpoint what the state store holds; its membership is never empty
   * @param nowNanos monotonic time of the start
   */
  public record Start(
      ReplicaId id,
      RaftConfig config,
      RaftRules rules,
      RandomSource random,
      RecoveredLog log,
      SnapshotMetadata checkpoint,
      long nowNanos) {}

  public RaftNode(Start start) {
    throw new UnsupportedOperationException("signatures only: " + start);
  }

  public void tick(long nowNanos) {
    throw new UnsupportedOperationException("signatures only");
  }

  public void step(ReplicaId from, RaftMessage message, long nowNanos) {
    throw new UnsupportedOperationException("signatures only");
  }

  public void step(Completion completion) {
    throw new UnsupportedOperationException("signatures only");
  }

  public ProposeResult propose(List<Bytes> commands) {
    throw new UnsupportedOperationException("signatures only");
  }

  public void readIndex(long requestId, long nowNanos) {
    throw new UnsupportedOperationException("signatures only");
  }

  public boolean transferLeadership(ReplicaId to) {
    throw new UnsupportedOperationException("signatures only");
  }

  public boolean hasReady() {
    throw new UnsupportedOperationException("signatures only");
  }

  public Ready ready() {
    throw new UnsupportedOperationException("signatures only");
  }

  public void advance() {
    throw new UnsupportedOperationException("signatures only");
  }

  public RaftStatus status() {
    throw new UnsupportedOperationException("signatures only");
  }

  public void checkInvariants() {
    throw new UnsupportedOperationException("signatures only");
  }
}
