package dev.ostrakon.raft;

import static dev.ostrakon.raft.LoneReplica.THREE;
import static dev.ostrakon.raft.LoneReplica.TWO;
import static dev.ostrakon.raft.LoneReplica.setup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RaftMessage.PreVote;
import dev.ostrakon.raft.RaftMessage.RequestVote;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A broken connection to the leader makes an election earlier, and never unsafe. */
class BrokenConnectionTest {

  private static final ReplicaId ONE = new ReplicaId(1);

  @Test
  void follower_campaigns_once_it_does_not_stick_to_the_lost_leader() {
    LoneReplica one = follower();
    one.replica().onDisconnected(TWO);
    one.tick(TestConfigs.STICKINESS_TICKS - 1);
    assertThat(one.sent(PreVote.class)).isEmpty();
    one.tick(1);
    assertThat(one.sent(PreVote.class)).isNotEmpty();
  }

  @Test
  void follower_that_hears_from_the_leader_again_is_as_patient_as_before() {
    LoneReplica one = follower();
    one.replica().onDisconnected(TWO);
    one.follow(1);
    one.tick(TestConfigs.ELECTION_TICKS - 1);
    assertThat(one.sent(PreVote.class)).isEmpty();
  }

  @Test
  void connection_to_another_follower_does_not_matter() {
    LoneReplica one = follower();
    one.replica().onDisconnected(THREE);
    one.tick(TestConfigs.ELECTION_TICKS - 1);
    assertThat(one.sent(PreVote.class)).isEmpty();
  }

  @Test
  void follower_that_lost_its_connection_still_ignores_requests_while_it_sticks() {
    LoneReplica one = follower();
    one.replica().onDisconnected(TWO);
    one.tick(TestConfigs.STICKINESS_TICKS - 1);
    one.forget();
    one.receive(THREE, new RequestVote(2, EntryId.ZERO, false));
    assertThat(one.takeSent()).isEmpty();
  }

  @Test
  void follower_that_granted_its_vote_waits_for_the_candidate() {
    LoneReplica one = follower();
    one.replica().onDisconnected(TWO);
    one.tick(TestConfigs.STICKINESS_TICKS);
    one.forget();
    one.receive(THREE, new RequestVote(2, EntryId.ZERO, false));
    assertThat(one.takeSent()).containsExactly("3 RequestVoteResponse term=2 granted");
    one.tick(TestConfigs.ELECTION_TICKS - 1);
    assertThat(one.sent(PreVote.class)).isEmpty();
  }

  @Test
  void followers_of_a_dead_leader_take_turns_and_elect_one_of_them_soon() {
    ScriptedGroup group = ledByOne();
    group.crash(1);
    group.replica(2).onDisconnected(ONE);
    group.replica(3).onDisconnected(ONE);
    for (int i = 0; i <= TestConfigs.STICKINESS_TICKS; i++) {
      group.tick(group.running());
      group.stabilize();
    }
    assertThat(group.replica(2).isLeader()).isTrue();
    assertThat(group.replica(2).status().term()).isEqualTo(2);
  }

  @Test
  void follower_with_a_shorter_log_leaves_the_election_to_the_next() {
    ScriptedGroup group = ledByOne();
    group.cut(1, 2);
    group.propose(1, "a");
    group.stabilize();
    group.crash(1);
    group.heal();
    group.replica(2).onDisconnected(ONE);
    group.replica(3).onDisconnected(ONE);
    for (int i = 0; i <= TestConfigs.STICKINESS_TICKS + 1; i++) {
      group.tick(group.running());
      group.stabilize();
    }
    assertThat(group.replica(3).isLeader()).isTrue();
  }

  @Test
  void leader_stays_if_only_connections_break() {
    ScriptedGroup group = ledByOne();
    for (int i = 0; i < 5 * TestConfigs.ELECTION_TICKS; i++) {
      group.replica(2).onDisconnected(ONE);
      group.replica(3).onDisconnected(ONE);
      group.tick(group.running());
      group.stabilize();
    }
    assertThat(group.replica(1).isLeader()).isTrue();
    assertThat(group.replica(1).status().term()).isEqualTo(1);
  }

  @Test
  void leader_that_one_follower_lost_stays_because_the_others_hear_from_it() {
    ScriptedGroup group = ledByOne();
    group.cut(1, 2);
    group.replica(2).onDisconnected(ONE);
    for (int i = 0; i < 5 * TestConfigs.ELECTION_TICKS; i++) {
      group.tick(group.running());
      group.stabilize();
    }
    assertThat(group.replica(1).isLeader()).isTrue();
    assertThat(group.replica(1).status().term()).isEqualTo(1);
  }

  private static LoneReplica follower() {
    LoneReplica one = setup().config(TestConfigs.quickToElect()).start();
    one.follow(1);
    return one;
  }

  private static ScriptedGroup ledByOne() {
    ScriptedGroup group = ScriptedGroup.ofVoters(3, TestConfigs.quickToElect(), RaftRules.STANDARD);
    group.elect(1);
    group.tick(List.of(group.replica(1)));
    group.stabilize();
    return group;
  }
}
