package dev.ostrakon.simulation.fault;

/** A moment in which a crash, a freeze or a cut does the most harm. */
public enum Trigger {
  /** A leader was elected: it is cut off, frozen or crashed soon after. */
  LEADER_ELECTED,
  /** A replica campaigns: its voters crash around that moment and are back at once. */
  CAMPAIGN,
  /**
   * A leader tells another replica to campaign: the leader is cut off, perhaps only after it has
   * given up the hand-over, when the order is about to arrive after all.
   */
  HAND_OVER,
  /** A vote was granted: the voter crashes and is back at once. */
  VOTE_GRANTED,
  /** A follower acknowledged entries or a round: it crashes and is back at once. */
  ACKNOWLEDGED,
  /** The end of a snapshot is on its way: its receiver crashes around the installation. */
  SNAPSHOT_ENDING,
  /** A checkpoint began: the node crashes before, while or after it becomes durable. */
  CHECKPOINT_BEGUN
}
