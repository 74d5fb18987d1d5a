package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.quorum.VoteOutcome;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Quorums of memberships, joint ones included, against counting by hand. */
class QuorumTest {

  /** Members are bits: replica i is in a set if bit i is on. */
  private static SortedSet<ReplicaId> members(int bits) {
    SortedSet<ReplicaId> members = new TreeSet<>();
    for (int i = 0; i < 6; i++) {
      if ((bits & (1 << i)) != 0) {
        members.add(new ReplicaId(i + 1));
      }
    }
    return members;
  }

  private static boolean isMajority(SortedSet<ReplicaId> set, Set<ReplicaId> agreeing) {
    return set.isEmpty() || 2 * set.stream().filter(agreeing::contains).count() > set.size();
  }

  @Property
  void reached_agrees_with_counting(
      @ForAll @IntRange(min = 1, max = 63) int voters,
      @ForAll @IntRange(max = 63) int outgoing,
      @ForAll @Size(6) List<@LongRange(max = 9) Long> values) {
    Membership membership = new Membership(members(voters), members(outgoing), members(0));
    long reached = new Quorum(membership).reached(id -> values.get((int) id.value() - 1));
    for (long candidate = 0; candidate <= 10; candidate++) {
      SortedSet<ReplicaId> there = new TreeSet<>();
      for (int i = 0; i < 6; i++) {
        if (values.get(i) >= candidate) {
          there.add(new ReplicaId(i + 1));
        }
      }
      boolean isReached =
          isMajority(membership.voters(), there) && isMajority(membership.outgoing(), there);
      assertThat(reached >= candidate).isEqualTo(isReached);
    }
  }

  @Property
  void outcome_agrees_with_counting(
      @ForAll @IntRange(min = 1, max = 63) int voters,
      @ForAll @IntRange(max = 63) int outgoing,
      @ForAll @IntRange(max = 63) int granted,
      @ForAll @IntRange(max = 63) int denied) {
    Membership membership = new Membership(members(voters), members(outgoing), members(0));
    SortedSet<ReplicaId> yes = members(granted);
    SortedSet<ReplicaId> no = members(denied & ~granted);
    SortedSet<ReplicaId> possible = members(63 & ~(denied & ~granted));
    boolean isWon = isMajority(membership.voters(), yes) && isMajority(membership.outgoing(), yes);
    boolean isPossible =
        isMajority(membership.voters(), possible) && isMajority(membership.outgoing(), possible);
    VoteOutcome expected =
        isWon ? VoteOutcome.WON : isPossible ? VoteOutcome.PENDING : VoteOutcome.LOST;
    assertThat(new Quorum(membership).outcome(yes, no)).isEqualTo(expected);
  }

  /** Any two quorums of the same membership share a voter: all of Raft rests on it. */
  @Test
  void quorums_intersect_exhaustively() {
    for (int voters = 1; voters < 32; voters++) {
      Membership membership = Membership.ofVoters(members(voters));
      Quorum quorum = new Quorum(membership);
      for (int one = 0; one < 32; one++) {
        int other = voters & ~one;
        boolean bothWin =
            quorum.outcome(members(one), Set.of()) == VoteOutcome.WON
                && quorum.outcome(members(other), Set.of()) == VoteOutcome.WON;
        assertThat(bothWin).isFalse();
      }
    }
  }

  @Test
  void answer_of_a_voter_counts_once_and_the_first_stands() {
    ElectionTally tally = new ElectionTally(new Quorum(Membership.ofVoters(members(0b111))));
    tally.grant(new ReplicaId(1));
    tally.deny(new ReplicaId(1));
    tally.deny(new ReplicaId(2));
    assertThat(tally.outcome()).isEqualTo(VoteOutcome.PENDING);
    tally.grant(new ReplicaId(2));
    assertThat(tally.outcome()).isEqualTo(VoteOutcome.PENDING);
    tally.grant(new ReplicaId(3));
    assertThat(tally.outcome()).isEqualTo(VoteOutcome.WON);
  }

  @Test
  void strangers_do_not_vote() {
    ElectionTally tally = new ElectionTally(new Quorum(Membership.ofVoters(members(0b111))));
    tally.grant(new ReplicaId(1));
    tally.grant(new ReplicaId(5));
    tally.grant(new ReplicaId(6));
    assertThat(tally.outcome()).isEqualTo(VoteOutcome.PENDING);
  }
}
