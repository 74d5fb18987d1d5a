package dev.ostrakon.raft;

/**
 * The term, the vote in it and its leader, and whether term and vote are durable as they stand.
 *
 * <p>Invariants: the term never falls; within a term the vote is cast at most once and at most one
 * leader is seen.
 */
final class TermState {

  /** Persistent. */
  private long term;

  /** Persistent. */
  private ReplicaId votedFor;

  /** Volatile. The leader as far as known now: whom to ask. */
  private ReplicaId leader = ReplicaId.NONE;

  /** Volatile. Whoever was seen to lead this term, even if not trusted any more. */
  private ReplicaId leaderOfTerm = ReplicaId.NONE;

  private long handedOutTerm;
  private ReplicaId handedOutVote;

  /** The Ready that carried the newest change of term or vote. */
  private long changeReadyNumber;

  private long persistedReadyNumber;

  TermState(HardState recovered) {
    term = recovered.term();
    votedFor = recovered.votedFor();
    handedOutTerm = term;
    handedOutVote = votedFor;
  }

  long term() {
    return term;
  }

  ReplicaId votedFor() {
    return votedFor;
  }

  ReplicaId leader() {
    return leader;
  }

  ReplicaId leaderOfTerm() {
    return leaderOfTerm;
  }

  /** Enters a later term, in which nobody has this replica's vote yet. */
  void advanceTo(long newTerm) {
    Invariants.check(newTerm > term, "terms only grow", newTerm, term);
    term = newTerm;
    votedFor = ReplicaId.NONE;
    leader = ReplicaId.NONE;
    leaderOfTerm = ReplicaId.NONE;
  }

  void voteFor(ReplicaId candidate, RaftRules rules) {
    Invariants.check(rules.mayVoteFor(votedFor, candidate), "one vote per term");
    votedFor = candidate;
  }

  /** Somebody leads this term. */
  void follow(ReplicaId newLeader) {
    // Raft paper, figure 3, election safety: at most one leader can be elected in a given term.
    Invariants.check(
        leaderOfTerm.isNone() || leaderOfTerm.equals(newLeader),
        "one leader per term",
        leaderOfTerm.value(),
        newLeader.value());
    leader = newLeader;
    leaderOfTerm = newLeader;
  }

  void forgetLeader() {
    leader = ReplicaId.NONE;
  }

  HardState toHardState(long commitIndex) {
    return new HardState(term, votedFor, commitIndex);
  }

  /** Whether term or vote differ from what was last handed to the disk. */
  boolean isChanged() {
    return term != handedOutTerm || !votedFor.equals(handedOutVote);
  }

  /** Whether term and vote are on the disk as they stand. */
  boolean isDurable() {
    return !isChanged() && persistedReadyNumber >= changeReadyNumber;
  }

  void handedOut(long readyNumber) {
    if (isChanged()) {
      handedOutTerm = term;
      handedOutVote = votedFor;
      changeReadyNumber = readyNumber;
    }
  }

  void persisted(long readyNumber) {
    persistedReadyNumber = Math.max(persistedReadyNumber, readyNumber);
  }
}
