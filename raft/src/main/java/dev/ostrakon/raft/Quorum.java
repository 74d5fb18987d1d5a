package dev.ostrakon.raft;

import dev.ostrakon.raft.quorum.Majority;
import dev.ostrakon.raft.quorum.VoteOutcome;
import java.util.Set;

/**
 * The one place that decides what a quorum of a {@link Membership} is: for commits, votes, rounds
 * and check-quorum alike. A joint membership needs a majority of both its sets (Raft paper 6);
 * learners never count.
 */
final class Quorum {

  /** What one voter has reached. */
  interface Reached {
    long by(ReplicaId voter);
  }

  private final ReplicaId[] voters;
  private final ReplicaId[] outgoing;
  private final long[] scratch;

  Quorum(Membership membership) {
    voters = membership.voters().toArray(new ReplicaId[0]);
    outgoing = membership.outgoing().toArray(new ReplicaId[0]);
    scratch = new long[Math.max(voters.length, outgoing.length)];
  }

  /** The greatest value that a quorum has reached. */
  long reached(Reached reached) {
    return Math.min(reachedBy(voters, reached), reachedBy(outgoing, reached));
  }

  /** Where an election stands after these voters have answered. */
  VoteOutcome outcome(Set<ReplicaId> granted, Set<ReplicaId> denied) {
    return outcome(voters, granted, denied).and(outcome(outgoing, granted, denied));
  }

  private long reachedBy(ReplicaId[] set, Reached reached) {
    for (int i = 0; i < set.length; i++) {
      scratch[i] = reached.by(set[i]);
    }
    return Majority.reached(scratch, set.length);
  }

  private static VoteOutcome outcome(
      ReplicaId[] set, Set<ReplicaId> granted, Set<ReplicaId> denied) {
    int yes = 0;
    int no = 0;
    for (ReplicaId voter : set) {
      if (granted.contains(voter)) {
        yes++;
      } else if (denied.contains(voter)) {
        no++;
      }
    }
    return Majority.outcome(yes, no, set.length);
  }
}
