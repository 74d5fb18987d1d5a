package dev.ostrakon.raft;

/** A transition worth a line in a log, a metric or a trace. The core itself never logs. */
public sealed interface ReplicaEvent {

  /** This replica leads {@code term}. */
  record BecameLeader(long term) implements ReplicaEvent {}

  /** This replica follows {@code leader}, which is {@link ReplicaId#NONE} while unknown. */
  record BecameFollower(long term, ReplicaId leader) implements ReplicaEvent {}

  /** This replica asks for pre-votes to campaign in {@code term}. */
  record BecamePreCandidate(long term) implements ReplicaEvent {}

  /** This replica asks for votes in {@code term}. */
  record BecameCandidate(long term) implements ReplicaEvent {}

  /** A leader that heard from no quorum for an election timeout gave up (check-quorum). */
  record LostQuorum(long term) implements ReplicaEvent {}

  /**
   * A leader whose disk did not answer for an election timeout gave up, and asked {@code successor}
   * to take over; {@link ReplicaId#NONE} if there is nobody.
   */
  record DiskStalled(long term, ReplicaId successor) implements ReplicaEvent {}

  /**
   * A leader gave up because nothing after {@code commitIndex} was committed for long although a
   * quorum answered it: the others cannot store its entries. They run an older version that cannot
   * read them, for instance.
   */
  record ReplicationStalled(long term, long commitIndex, long lastIndex) implements ReplicaEvent {}

  /** {@code to} needs entries that the log no longer holds. */
  record SnapshotTransferStarted(ReplicaId to) implements ReplicaEvent {}

  /** A snapshot replaced state and log. */
  record SnapshotInstalled(SnapshotMetadata metadata) implements ReplicaEvent {}

  /** Entries up to {@code lastDropped} left the log. */
  record LogCompacted(EntryId lastDropped) implements ReplicaEvent {}

  /** The membership in force changed. */
  record MembershipChanged(long index, Membership membership) implements ReplicaEvent {}

  /**
   * A message was ignored because no correct replica sends it.
   *
   * @param from who sent it, as the transport says
   * @param problem what is wrong with it; never contents of keys or values
   */
  record MalformedMessage(ReplicaId from, RaftMessage.Kind messageKind, String problem)
      implements ReplicaEvent {}
}
