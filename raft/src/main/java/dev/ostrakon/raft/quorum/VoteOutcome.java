package dev.ostrakon.raft.quorum;

/** Where an election stands. */
public enum VoteOutcome {
  /** Neither side has a majority yet. */
  PENDING,
  /** A majority granted its vote. */
  WON,
  /** So many denied their vote that the rest cannot be a majority. */
  LOST;

  /** The outcome of a joint decision: both sets must win, and either can lose it. */
  public VoteOutcome and(VoteOutcome other) {
    if (this == LOST || other == LOST) {
      return LOST;
    }
    return this == WON && other == WON ? WON : PENDING;
  }
}
