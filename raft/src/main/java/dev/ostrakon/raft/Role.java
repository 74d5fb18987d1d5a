package dev.ostrakon.raft;

/** What a replica is in its current term. */
public enum Role {
  FOLLOWER,
  /** Asks whether it could win before it disturbs anybody (Ongaro thesis 9.6). */
  PRE_CANDIDATE,
  CANDIDATE,
  LEADER,
  /** Receives the log and never votes or campaigns. */
  LEARNER
}
