package dev.ostrakon.raft;

/** What became of a proposal at the door. */
public sealed interface ProposeResult {

  /**
   * Appended to the leader's log; not committed yet.
   *
   * @param first the entry of the first command; further commands follow it without gaps
   */
  record Accepted(EntryId first) implements ProposeResult {}

  /**
   * Nothing was appended.
   *
   * @param leaderHint who probably leads, or {@link ReplicaId#NONE}
   */
  record NotLeader(ReplicaId leaderHint) implements ProposeResult {}

  /** Nothing was appended: too much is waiting to be committed (see {@link RaftConfig}). */
  record Overloaded() implements ProposeResult {}
}
