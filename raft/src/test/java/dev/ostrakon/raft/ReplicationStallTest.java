package dev.ostrakon.raft;

import static dev.ostrakon.raft.LoneReplica.THREE;
import static dev.ostrakon.raft.LoneReplica.TWO;
import static dev.ostrakon.raft.LoneReplica.setup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RaftMessage.AppendEntriesResponse;
import dev.ostrakon.raft.RaftMessage.HeartbeatResponse;
import dev.ostrakon.raft.RaftMessage.PreVote;
import org.junit.jupiter.api.Test;

/** A leader that a quorum answers and whose entries it never stores leaves leading to others. */
class ReplicationStallTest {
  private static final int STALL_TICKS = 30 * TestConfigs.ELECTION_TICKS;

  private static LoneReplica leader() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    one.receive(TWO, new AppendEntriesResponse(1, 1, 1));
    one.propose("a");
    one.sync();
    return one;
  }

  private static void hearFollowers(LoneReplica one, int ticks) {
    for (int i = 0; i < ticks; i++) {
      one.tick(1);
      one.receive(TWO, new HeartbeatResponse(one.status().term(), 1));
      one.receive(THREE, new HeartbeatResponse(one.status().term(), 1));
    }
  }

  @Test
  void leader_whose_entries_are_never_stored_steps_down_and_does_not_campaign_at_once() {
    LoneReplica one = leader();
    hearFollowers(one, STALL_TICKS - 1);
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
    hearFollowers(one, 1);
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(one.events()).contains("ReplicationStalled[term=1, commitIndex=1, lastIndex=2]");

    one.forget();
    one.tick(9 * TestConfigs.ELECTION_TICKS);
    assertThat(one.sent(PreVote.class)).isEmpty();
    one.tick(2 * TestConfigs.ELECTION_TICKS);
    assertThat(one.sent(PreVote.class)).isNotEmpty();
  }

  @Test
  void leader_without_entries_to_commit_leads_for_ever() {
    LoneReplica one = leader();
    one.receive(TWO, new AppendEntriesResponse(1, 2, 1));
    hearFollowers(one, 3 * STALL_TICKS);
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void leader_that_commits_now_and_then_goes_on() {
    LoneReplica one = leader();
    for (int i = 0; i < 3; i++) {
      hearFollowers(one, STALL_TICKS - 1);
      one.receive(TWO, new AppendEntriesResponse(1, one.status().lastIndex(), 1));
      one.propose("b");
      one.sync();
    }
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
  }
}
