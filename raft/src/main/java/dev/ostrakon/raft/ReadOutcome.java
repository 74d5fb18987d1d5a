package dev.ostrakon.raft;

/**
 * What became of a read that asked for a read index (Ongaro thesis 6.4).
 *
 * @param requestId as given to {@link RaftNode#readIndex}
 * @param readIndex state that contains this index may serve the read; 0 if dropped
 * @param status whether leadership was confirmed
 */
public record ReadOutcome(long requestId, long readIndex, Status status) {

  /** How the question ended. */
  public enum Status {
    /** Serve the read once {@code appliedIndex >= readIndex}. */
    CONFIRMED,
    /** Leadership was lost before it could be confirmed, or no leader is known: ask elsewhere. */
    DROPPED
  }
}
