package dev.ostrakon.raft;

import org.jspecify.annotations.Nullable;

/**
 * The role of a replica and the only place that changes it (Raft paper, figure 4).
 *
 * <p>Invariants: a leadership exists exactly while the role is LEADER, a tally exactly while it is
 * PRE_CANDIDATE or CANDIDATE.
 */
final class Roles {

  private final ReplicaState state;
  private final ForwardedReads forwarded;
  private final Acknowledgement acknowledgement;
  private Role role;
  private @Nullable ElectionTally tally;
  private @Nullable Leader leader;

  Roles(ReplicaState state, ForwardedReads forwarded, Acknowledgement acknowledgement) {
    this.state = state;
    this.forwarded = forwarded;
    this.acknowledgement = acknowledgement;
    this.role = idleRole();
  }

  Role role() {
    return role;
  }

  /** The present leadership, if this replica leads. */
  @Nullable Leader leader() {
    return leader;
  }

  /** The votes of the election under way; call only as (pre-)candidate. */
  ElectionTally tally() {
    ElectionTally present = tally;
    if (present == null) {
      throw new InvariantViolation("no election is under way as " + role);
    }
    return present;
  }

  /**
   * Follows {@code newLeader}, or nobody as yet if that is {@link ReplicaId#NONE}, in this term or
   * a later one.
   */
  void becomeFollower(long term, ReplicaId newLeader) {
    TermState terms = state.terms();
    boolean isSame = term == terms.term() && role == idleRole() && newLeader.equals(terms.leader());
    if (isSame) {
      return;
    }
    if (role == Role.LEADER) {
      state.clock().restart(); // A leader had no election timeout running.
    }
    leave(term);
    if (!newLeader.isNone()) {
      terms.follow(newLeader);
    }
    role = idleRole();
    state.outbox().report(new ReplicaEvent.BecameFollower(terms.term(), newLeader));
  }

  /** Asks for pre-votes; the term stays. */
  void becomePreCandidate() {
    leave(state.terms().term());
    role = Role.PRE_CANDIDATE;
    tally = new ElectionTally(state.quorum());
    state.outbox().report(new ReplicaEvent.BecamePreCandidate(state.terms().term()));
  }

  /** Enters the next term and votes for itself in it. */
  void becomeCandidate() {
    leave(state.terms().term() + 1);
    state.terms().voteFor(state.id(), state.rules());
    role = Role.CANDIDATE;
    tally = new ElectionTally(state.quorum());
    state.outbox().report(new ReplicaEvent.BecameCandidate(state.terms().term()));
  }

  /** A quorum has voted for this replica. */
  void becomeLeader() {
    Invariants.check(role == Role.CANDIDATE, "only a candidate becomes leader");
    leave(state.terms().term());
    state.terms().follow(state.id());
    role = Role.LEADER;
    leader = new Leader(state);
    state.outbox().report(new ReplicaEvent.BecameLeader(state.terms().term()));
  }

  /** Ends the present role and, if {@code term} is later, the present term. */
  private void leave(long term) {
    Leader former = leader;
    if (former != null) {
      former.stepDown();
    }
    leader = null;
    tally = null;
    forwarded.dropAll(state.outbox());
    if (term > state.terms().term()) {
      state.terms().advanceTo(term);
      acknowledgement.forget();
    } else {
      state.terms().forgetLeader();
    }
  }

  private Role idleRole() {
    return state.membership().learners().contains(state.id()) ? Role.LEARNER : Role.FOLLOWER;
  }

  /** The membership in force has changed: this replica may be a voter now, or one no longer. */
  void onMembershipChanged() {
    if (role == Role.FOLLOWER || role == Role.LEARNER) {
      role = idleRole();
    }
    if (leader != null) {
      leader.onMembershipChanged();
    }
  }

  void checkInvariants() {
    Invariants.check((leader != null) == (role == Role.LEADER), "leadership goes with the role");
    boolean isCampaigning = role == Role.PRE_CANDIDATE || role == Role.CANDIDATE;
    Invariants.check((tally != null) == isCampaigning, "a tally goes with a campaign");
    if (leader != null) {
      leader.checkInvariants();
    }
  }
}
