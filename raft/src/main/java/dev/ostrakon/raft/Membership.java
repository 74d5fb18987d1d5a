package dev.ostrakon.raft;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who belongs to a group. Decisions need a majority of {@code voters} and, while a joint change is
 * under way, also one of {@code outgoing} (Raft paper 6).
 *
 * @param voters the members that vote; sorted, immutable
 * @param outgoing the former voters during a joint change, else empty; sorted, immutable
 * @param learners members that receive the log and do not vote; sorted, immutable, disjoint from
 *     both others
 */
public record Membership(
    SortedSet<ReplicaId> voters, SortedSet<ReplicaId> outgoing, SortedSet<ReplicaId> learners) {

  /** No members: the membership of a replica that was never told of any. */
  public static final Membership EMPTY =
      new Membership(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());

  public Membership {
    voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
    outgoing = Collections.unmodifiableSortedSet(new TreeSet<>(outgoing));
    learners = Collections.unmodifiableSortedSet(new TreeSet<>(learners));
    for (ReplicaId learner : learners) {
      if (voters.contains(learner) || outgoing.contains(learner)) {
        throw new IllegalArgumentException("replica " + learner + " is both voter and learner");
      }
    }
  }

  /** A settled membership of voters only. */
  public static Membership ofVoters(Collection<ReplicaId> voters) {
    return new Membership(new TreeSet<>(voters), new TreeSet<>(), new TreeSet<>());
  }

  public boolean isVoter(ReplicaId id) {
    return voters.contains(id) || outgoing.contains(id);
  }

  public boolean contains(ReplicaId id) {
    return isVoter(id) || learners.contains(id);
  }

  /** Everybody who receives the log, in ascending order. */
  public SortedSet<ReplicaId> members() {
    TreeSet<ReplicaId> members = new TreeSet<>(voters);
    members.addAll(outgoing);
    members.addAll(learners);
    return Collections.unmodifiableSortedSet(members);
  }

  @Override
  public String toString() {
    return "voters="
        + voters
        + (outgoing.isEmpty() ? "" : " outgoing=" + outgoing)
        + (learners.isEmpty() ? "" : " learners=" + learners);
  }
}
