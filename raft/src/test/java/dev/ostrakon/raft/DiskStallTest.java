package dev.ostrakon.raft;

import static dev.ostrakon.raft.LoneReplica.THREE;
import static dev.ostrakon.raft.LoneReplica.TWO;
import static dev.ostrakon.raft.LoneReplica.entries;
import static dev.ostrakon.raft.LoneReplica.setup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.RaftMessage.AppendEntriesResponse;
import dev.ostrakon.raft.RaftMessage.HeartbeatResponse;
import dev.ostrakon.raft.RaftMessage.PreVote;
import dev.ostrakon.raft.RaftMessage.PreVoteResponse;
import dev.ostrakon.raft.RaftMessage.RequestVoteResponse;
import dev.ostrakon.raft.RaftMessage.TimeoutNow;
import org.junit.jupiter.api.Test;

/** A replica whose disk hangs leaves leading to others, and goes on once the disk answers. */
class DiskStallTest {

  @Test
  void leader_whose_disk_hangs_asks_the_most_complete_follower_to_take_over_and_steps_down() {
    LoneReplica one = leaderWhoseDiskHangs();
    one.receive(THREE, new AppendEntriesResponse(1, 2, 1));
    one.forget();
    hearFollowers(one, TestConfigs.ELECTION_TICKS - 2);
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
    hearFollowers(one, 2);
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(one.sent(TimeoutNow.class)).hasSize(1);
    assertThat(one.takeSent()).contains("3 TimeoutNow term=1");
    assertThat(one.events()).contains("DiskStalled[term=1, successor=3]");
    assertThat(one.propose("b")).isInstanceOf(ProposeResult.NotLeader.class);
  }

  @Test
  void leader_whose_disk_is_slow_but_answers_goes_on() {
    LoneReplica one = leaderWhoseDiskHangs();
    for (int i = 0; i < 3; i++) {
      hearFollowers(one, TestConfigs.ELECTION_TICKS - 2);
      one.sync();
      one.propose("more");
    }
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void leader_that_owes_its_disk_nothing_goes_on_for_ever() {
    LoneReplica one = leaderWhoseDiskHangs();
    one.sync();
    hearFollowers(one, 5 * TestConfigs.ELECTION_TICKS);
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void replica_whose_disk_hangs_does_not_campaign_until_it_answers() {
    LoneReplica one = followerWhoseDiskHangs();
    one.tick(10 * TestConfigs.ELECTION_TICKS);
    assertThat(one.sent(PreVote.class)).isEmpty();
    one.receive(TWO, new TimeoutNow(1));
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
    one.sync();
    one.losePatience();
    assertThat(one.sent(PreVote.class)).isNotEmpty();
  }

  @Test
  void candidate_whose_disk_hangs_does_not_lead_when_it_is_elected_late() {
    LoneReplica one = setup().start();
    one.losePatience();
    one.slowDisk();
    one.receive(TWO, new PreVoteResponse(1, true));
    assertThat(one.status().role()).isEqualTo(Role.CANDIDATE);
    one.tick(TestConfigs.ELECTION_TICKS);
    one.receive(TWO, new RequestVoteResponse(1, true));
    one.receive(THREE, new RequestVoteResponse(1, true));
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(one.status().lastIndex()).isZero();
  }

  @Test
  void follower_whose_disk_hangs_takes_no_further_entries_until_it_answers() {
    LoneReplica one = followerWhoseDiskHangs();
    one.tick(TestConfigs.ELECTION_TICKS);
    AppendEntries next = new AppendEntries(1, LoneReplica.id(1, 1), entries(2, 1), 0, 2);
    one.receive(TWO, next);
    assertThat(one.status().lastIndex()).isEqualTo(1);
    one.sync();
    one.receive(TWO, next);
    assertThat(one.status().lastIndex()).isEqualTo(2);
  }

  @Test
  void leader_refuses_proposals_when_too_much_waits_for_its_own_disk_although_it_is_committed() {
    LoneReplica one = leaderWhoseDiskHangs();
    String half = "x".repeat(TestConfigs.standard().maxUncommittedBytes() / 2);
    assertThat(one.replica().propose(half)).isInstanceOf(ProposeResult.Accepted.class);
    one.tick(1);
    long last = one.status().lastIndex();
    one.receive(TWO, new AppendEntriesResponse(1, last, 2));
    one.receive(THREE, new AppendEntriesResponse(1, last, 2));
    assertThat(one.status().commitIndex()).isEqualTo(last);
    assertThat(one.replica().propose(half)).isInstanceOf(ProposeResult.Overloaded.class);
    one.sync();
    assertThat(one.replica().propose(half)).isInstanceOf(ProposeResult.Accepted.class);
  }

  private static LoneReplica leaderWhoseDiskHangs() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    one.receive(TWO, new AppendEntriesResponse(1, 1, 1));
    one.slowDisk();
    one.propose("a");
    return one;
  }

  private static LoneReplica followerWhoseDiskHangs() {
    LoneReplica one = setup().start();
    one.follow(1);
    one.slowDisk();
    one.receive(TWO, new AppendEntries(1, EntryId.ZERO, entries(1, 1), 0, 2));
    one.forget();
    return one;
  }

  /** Ticks, each with an answer of the followers, so that only the disk is silent. */
  private static void hearFollowers(LoneReplica one, int ticks) {
    for (int i = 0; i < ticks; i++) {
      one.tick(1);
      one.receive(TWO, new HeartbeatResponse(one.status().term(), 1));
    }
  }
}
