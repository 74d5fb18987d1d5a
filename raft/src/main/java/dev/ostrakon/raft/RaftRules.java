package dev.ostrakon.raft;

/**
 * The safety rules of Raft, one small pure method each.
 *
 * <p>Every place in the core where safety hangs on a comparison asks here. Production uses {@link
 * #STANDARD}. The simulator derives classes that break one rule each, to prove that its checkers
 * would notice; nothing else may override anything.
 *
 * <p>Stateless, so one instance serves every replica.
 */
public class RaftRules {

  /** The rules as published. */
  public static final RaftRules STANDARD = new RaftRules();

  /** For {@link #STANDARD} and the simulator's deliberately broken variants. */
  protected RaftRules() {}

  // Messages that no correct replica sends

  /**
   * How far ahead a term may be: 136 years of one election a second. A replica that was away,
   * however long, adopts the term of the others; and so many messages as it takes to use up all
   * terms in such steps never arrive.
   */
  static final long TERM_JUMP_MAX = 1L << 32;

  /** Whether a message may be of this term. */
  public boolean believesTerm(long messageTerm, long currentTerm) {
    return messageTerm - currentTerm <= TERM_JUMP_MAX;
  }

  /**
   * Whether a heartbeat may speak of this commit index: a leader promises not to speak of more than
   * this replica has acknowledged in its term.
   */
  public boolean believesCommitIndex(long commitIndex, long lastIndex) {
    return commitIndex <= lastIndex;
  }

  /**
   * Whether a replica may lead a term of which {@code known} is the leader; Raft paper, figure 3,
   * election safety: at most one leader can be elected in a given term.
   */
  public boolean believesLeader(ReplicaId known, ReplicaId sender) {
    return known.isNone() || known.equals(sender);
  }

  // Elections

  /**
   * Whether a log that ends at {@code candidateLast} may lead a voter whose log ends at {@code
   * ownLast}. Raft paper 5.4.1: the voter denies its vote if its own log is more up-to-date.
   */
  public boolean isUpToDate(EntryId candidateLast, EntryId ownLast) {
    return candidateLast.isAtLeastAsUpToDateAs(ownLast);
  }

  /**
   * Whether a voter that voted for {@code votedFor} in this term may vote for {@code candidate}.
   * Raft paper 5.2: each server votes for at most one candidate in a given term.
   */
  public boolean mayVoteFor(ReplicaId votedFor, ReplicaId candidate) {
    return votedFor.isNone() || votedFor.equals(candidate);
  }

  /**
   * Whether a vote, the voter's own included, may be seen by others before term and vote are
   * durable. Raft paper, figure 2: state is updated on stable storage before responding to RPCs.
   */
  public boolean voteMayLeaveBeforeDurable() {
    return false;
  }

  /**
   * Whether a replica ignores a request for votes because it heard from a leader recently (Ongaro
   * thesis 4.2.3). Leases rest on this (thesis 6.4.1), so the longer of the two measures counts:
   * ticks lag behind the clock after a pause. Deviation: the thesis takes the minimum election
   * timeout; a shorter time makes leases shorter, and lets another leader follow sooner.
   */
  public boolean sticksToLeader(long ticksSinceContact, long nanosSinceContact, RaftConfig config) {
    return ticksSinceContact < config.stickinessTicks()
        || nanosSinceContact < config.stickinessNanos();
  }

  /**
   * After how many ticks without a message a follower campaigns whose connection to the leader
   * broke: once it does not stick to the leader any more. Followers take turns, so that they do not
   * split the votes. Liveness only: voters that still hear from the leader ignore the request.
   *
   * @param rank how many other voters come before this one
   */
  public long ticksToCampaignWhenDisconnected(int rank, RaftConfig config) {
    return config.stickinessTicks() + (long) rank * config.heartbeatTicks();
  }

  /**
   * Whether a replica that starts with this stored term behaves as if it had just heard from a
   * leader. It may have acknowledged a round right before it crashed, and a lease may hang on that
   * (Ongaro thesis 6.4.1). In term 0 it never acknowledged anything.
   */
  public boolean sticksAfterRestart(long storedTerm) {
    return storedTerm > 0;
  }

  /**
   * Whether a replica asks for pre-votes before it raises its term. Ongaro thesis 9.6: so that one
   * that was cut off does not disturb the others when it comes back.
   */
  public boolean asksForPreVotes() {
    return true;
  }

  /**
   * Whether a leader that has heard no quorum for so many ticks gives up. Ongaro thesis 6.2: within
   * an election timeout, so that its clients look for another one.
   */
  public boolean lostQuorum(long silentTicks, RaftConfig config) {
    return silentTicks >= config.electionTimeoutTicks();
  }

  /**
   * Whether a leader gives up that has waited so many ticks for entries to be committed although a
   * quorum answers its heartbeats. Its followers then cannot store what it sends: they run a
   * version that cannot read it, for instance, and would ignore it for ever. Far longer than the
   * largest entry takes on a slow link.
   */
  public boolean isReplicationStalled(long waitedTicks, RaftConfig config) {
    return waitedTicks >= 30L * config.electionTimeoutTicks();
  }

  /**
   * For how many ticks a replica does not campaign that gave up because it could not replicate. Its
   * log is longer than the others', so they would elect it again.
   */
  public long ticksHeldBack(RaftConfig config) {
    return 5L * config.electionTimeoutMaxTicks();
  }

  /**
   * Whether a hand-over that began so many ticks ago is given up, so that proposals are taken
   * again. Ongaro thesis 3.10: after about an election timeout.
   */
  public boolean givesUpTransfer(long ticks, RaftConfig config) {
    return ticks >= config.electionTimeoutTicks();
  }

  // The own disk

  /**
   * Whether a replica whose disk has owed an answer for so long must do without it: not lead, not
   * campaign, and take no further entries. A leader could go on committing by its followers' disks,
   * but what it queues for its own would grow without bound, and it could not be restarted.
   */
  public boolean isDiskStalled(long silentTicks, RaftConfig config) {
    return silentTicks >= config.electionTimeoutTicks();
  }

  // Log

  /**
   * Whether a received entry contradicts the one stored at its index. Raft paper 5.3: same index
   * but different terms: delete the existing entry and all that follow it.
   */
  public boolean isConflict(long storedTerm, long receivedTerm) {
    return storedTerm != receivedTerm;
  }

  /**
   * Whether a follower may acknowledge entries that are not durable yet. Raft paper, figure 2:
   * state is updated on stable storage before responding to RPCs.
   */
  public boolean acknowledgementMayLeaveBeforeDurable() {
    return false;
  }

  /**
   * Up to where a leader counts its own log toward a majority. Ongaro thesis 10.2.1: it may
   * replicate before its own write is done, and counts itself only once that is durable.
   */
  public long leaderMatchIndex(long durableIndex, long lastIndex) {
    return durableIndex;
  }

  // Commitment

  /**
   * Whether a leader of {@code currentTerm} may commit an entry of {@code entryTerm} because a
   * majority stores it. Raft paper 5.4.2: only entries of the current term are committed by
   * counting replicas; earlier ones follow by log matching.
   */
  public boolean mayCommitByCounting(long entryTerm, long currentTerm) {
    return entryTerm == currentTerm;
  }

  /**
   * What a follower takes for committed after an AppendEntries. Raft paper, figure 2: min(leader's
   * commit index, index of the last new entry); beyond that its log may differ from the leader's.
   *
   * @param leaderCommitIndex as the message says
   * @param matchedIndex last index up to which this message proves agreement with the leader
   * @param lastIndex last index in the follower's log, agreed upon or not
   */
  public long followerCommitIndex(long leaderCommitIndex, long matchedIndex, long lastIndex) {
    return Math.min(leaderCommitIndex, matchedIndex);
  }

  /**
   * What a leader tells a follower by a heartbeat, which proves no agreement of logs: never more
   * than the follower is known to hold. Follows from Raft paper 5.3 as {@link #followerCommitIndex}
   * does.
   */
  public long heartbeatCommitIndex(long commitIndex, long matchIndex) {
    return Math.min(commitIndex, matchIndex);
  }

  // Reads

  /**
   * Whether a leader knows its commit index well enough to serve reads. Raft paper 8: not before an
   * entry of its own term is committed.
   */
  public boolean mayServeReads(long commitTerm, long currentTerm) {
    return commitTerm == currentTerm;
  }

  /**
   * Whether a quorum's answer to {@code acknowledgedRound} confirms a read that asked to be
   * confirmed by {@code readRound}. Ongaro thesis 6.4: only heartbeats sent after the read was
   * registered prove that no newer leader had committed anything before.
   */
  public boolean confirmsRead(long acknowledgedRound, long readRound) {
    return acknowledgedRound >= readRound;
  }

  /**
   * Whether state that contains everything up to {@code appliedIndex} may serve a read whose read
   * index is {@code readIndex}. Ongaro thesis 6.4: the leader waits for its state machine to
   * advance at least as far as the read index.
   */
  public boolean mayServeFrom(long appliedIndex, long readIndex) {
    return appliedIndex >= readIndex;
  }

  /**
   * When the lease ends that a quorum granted by answering a round. Ongaro thesis 6.4.1: the start
   * of the round plus the time that voters stick to the leader, less a margin for clocks that drift
   * apart.
   */
  public long leaseEndNanos(long roundStartNanos, RaftConfig config) {
    return roundStartNanos + config.stickinessNanos() - config.leaseMarginNanos();
  }

  /**
   * Whether a leader may hold a lease in a term in which it told some replica to campaign at once.
   * Voters do not stick to the leader when it asked for the election itself (Ongaro thesis 4.2.3),
   * and the order to campaign may arrive arbitrarily late, as long as the term lasts.
   */
  public boolean mayLeaseAfterTimeoutNow() {
    return false;
  }

  // Snapshots

  /**
   * The membership in force after a snapshot was installed. Raft paper 7: a snapshot carries the
   * latest configuration as of its last included index, and it replaces the receiver's.
   */
  public Membership membershipAfterSnapshot(Membership current, Membership installed) {
    return installed;
  }
}
