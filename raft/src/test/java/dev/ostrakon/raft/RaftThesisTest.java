package dev.ostrakon.raft;

import static dev.ostrakon.raft.LoneReplica.THREE;
import static dev.ostrakon.raft.LoneReplica.TWO;
import static dev.ostrakon.raft.LoneReplica.entries;
import static dev.ostrakon.raft.LoneReplica.id;
import static dev.ostrakon.raft.LoneReplica.setup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.RaftMessage.AppendEntriesResponse;
import dev.ostrakon.raft.RaftMessage.Heartbeat;
import dev.ostrakon.raft.RaftMessage.HeartbeatResponse;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.PreVote;
import dev.ostrakon.raft.RaftMessage.RequestVote;
import dev.ostrakon.raft.RaftMessage.TimeoutNow;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One test for each rule that Ongaro's thesis states beyond the paper, by section. */
class RaftThesisTest {

  // Thesis 3.10: leadership transfer

  /** Thesis 3.10: "The prior leader stops accepting new client requests." */
  @Test
  void leader_refuses_proposals_during_a_transfer() {
    LoneReplica one = leaderWithAgreement();
    assertThat(one.replica().transferTo(TWO)).isTrue();
    assertThat(one.propose("a")).isEqualTo(new ProposeResult.NotLeader(TWO));
  }

  /** Thesis 3.10: it first makes the target's log match its own, then sends TimeoutNow. */
  @Test
  void order_to_campaign_waits_for_the_targets_log() {
    LoneReplica one = leaderWithAgreement();
    one.propose("a");
    one.replica().transferTo(TWO);
    assertThat(one.sent(TimeoutNow.class)).isEmpty();
    one.receive(TWO, new AppendEntriesResponse(1, 2, 1));
    assertThat(one.takeSent()).contains("2 TimeoutNow term=1");
  }

  /** Thesis 3.10: TimeoutNow "has the same effect as the election timer firing". */
  @Test
  void order_to_campaign_starts_an_election_at_once() {
    LoneReplica one = setup().start();
    one.follow(1);
    one.receive(TWO, new TimeoutNow(1));
    assertThat(one.takeSent())
        .containsExactly(
            "2 RequestVote term=2 last=0@0 transfer", "3 RequestVote term=2 last=0@0 transfer");
  }

  /** Thesis 3.10: "if it does not complete after about an election timeout, the leader aborts". */
  @Test
  void transfer_is_given_up_after_an_election_timeout() {
    LoneReplica one = leaderWithAgreement();
    one.propose("a");
    one.replica().transferTo(TWO);
    for (int i = 0; i < TestConfigs.ELECTION_TICKS; i++) {
      one.tick(1);
      one.receive(THREE, new HeartbeatResponse(1, 2 + i));
    }
    assertThat(one.propose("b")).isInstanceOf(ProposeResult.Accepted.class);
  }

  // Thesis 4.2.3: disruptive servers

  /** Thesis 4.2.3: a request that the leader asked for itself is answered at once. */
  @Test
  void transfer_vote_ignores_stickiness() {
    LoneReplica one = setup().start();
    one.follow(1);
    one.receive(THREE, new RequestVote(2, EntryId.ZERO, true));
    assertThat(one.takeSent()).contains("3 RequestVoteResponse term=2 granted");
  }

  /** Thesis 4.1: a server that is not in its own configuration does not campaign. */
  @Test
  void replica_outside_its_membership_never_campaigns() {
    LoneReplica one = setup().start();
    one.receive(
        TWO,
        new InstallSnapshot(
            2,
            1,
            new SnapshotMetadata(id(1, 5), Membership.ofVoters(ids(2, 3))),
            0,
            Bytes.wrap(new byte[8]),
            0,
            true));
    one.tick(10 * TestConfigs.ELECTION_TICKS);
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
  }

  /** Thesis 4.1: a server accepts entries from a leader outside its configuration. */
  @Test
  void leader_outside_the_membership_is_followed() {
    LoneReplica one = setup().start();
    ReplicaId nine = new ReplicaId(9);
    one.receive(nine, new AppendEntries(1, EntryId.ZERO, entries(1, 1), 0, 1));
    assertThat(one.status().leader()).isEqualTo(nine);
    assertThat(one.status().lastIndex()).isEqualTo(1);
  }

  // Thesis 6.2: check-quorum

  /**
   * Thesis 6.2: "a leader steps down if an election timeout elapses without a round" succeeding.
   */
  @Test
  void leader_that_hears_no_quorum_steps_down() {
    LoneReplica one = leaderWithAgreement();
    one.tick(TestConfigs.ELECTION_TICKS);
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(one.events()).contains("LostQuorum[term=1]");
  }

  /** Thesis 6.2: any quorum keeps it, whoever that is. */
  @Test
  void leader_that_hears_a_quorum_stays() {
    LoneReplica one = leaderWithAgreement();
    for (int i = 0; i < 10; i++) {
      one.tick(TestConfigs.ELECTION_TICKS - 1);
      one.receive(i % 2 == 0 ? TWO : THREE, new HeartbeatResponse(1, 1));
    }
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
  }

  // Thesis 6.4: reads

  /** Thesis 6.4: the round must begin after the read was registered. */
  @Test
  void answer_to_an_earlier_round_confirms_no_read() {
    LoneReplica one = setup().config(TestConfigs.withoutLease()).start();
    becomeAgreedLeader(one);
    one.tick(1);
    one.read(7);
    one.receive(TWO, new HeartbeatResponse(1, 2));
    assertThat(one.reads()).isEmpty();
    one.receive(TWO, new HeartbeatResponse(1, 3));
    assertThat(one.reads()).hasSize(1);
  }

  /** Thesis 6.4: reads that wait "may amortize the cost of one round". */
  @Test
  void one_round_confirms_all_waiting_reads() {
    LoneReplica one = setup().config(TestConfigs.withoutLease()).start();
    becomeAgreedLeader(one);
    one.read(1);
    one.read(2);
    one.read(3);
    one.receive(TWO, new HeartbeatResponse(1, 2));
    one.receive(TWO, new HeartbeatResponse(1, 3));
    assertThat(one.reads()).extracting(ReadOutcome::requestId).containsExactly(1L, 2L, 3L);
    assertThat(one.sent(Heartbeat.class)).hasSize(4);
  }

  /** Thesis 6.4: a deposed leader drops the reads it could not confirm. */
  @Test
  void reads_are_dropped_when_leadership_is_lost() {
    LoneReplica one = setup().config(TestConfigs.withoutLease()).start();
    becomeAgreedLeader(one);
    one.read(7);
    one.receive(THREE, new HeartbeatResponse(2, 0));
    assertThat(one.reads()).containsExactly(new ReadOutcome(7, 0, ReadOutcome.Status.DROPPED));
  }

  /** Thesis 6.4.1: during the lease "the leader can reply to reads without communication". */
  @Test
  void lease_answers_reads_without_messages() {
    LoneReplica one = leaderWithAgreement();
    one.read(7);
    assertThat(one.takeSent()).isEmpty();
    assertThat(one.reads()).containsExactly(new ReadOutcome(7, 1, ReadOutcome.Status.CONFIRMED));
  }

  // Thesis 9.6: pre-vote

  /** Thesis 9.6: "a candidate only increments its term if it first learns that it could win". */
  @Test
  void replica_without_pre_votes_keeps_its_term() {
    LoneReplica one = setup().start();
    one.tick(20 * TestConfigs.ELECTION_TICKS);
    assertThat(one.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(one.status().term()).isZero();
  }

  /** Thesis 9.6: a server grants only if it has not heard from a leader for an election timeout. */
  @Test
  void pre_vote_is_ignored_while_a_leader_is_heard() {
    LoneReplica one = setup().start();
    one.follow(1);
    one.receive(THREE, new PreVote(2, EntryId.ZERO));
    assertThat(one.takeSent()).isEmpty();
  }

  /** Thesis 9.6: granting a pre-vote promises nothing. */
  @Test
  void pre_vote_changes_neither_term_nor_vote() {
    LoneReplica one = setup().start();
    one.receive(TWO, new PreVote(1, EntryId.ZERO));
    one.receive(THREE, new PreVote(1, EntryId.ZERO));
    assertThat(one.takeSent())
        .containsExactly("2 PreVoteResponse term=1 granted", "3 PreVoteResponse term=1 granted");
    assertThat(one.status().term()).isZero();
  }

  /** Thesis 9.6: a pre-vote needs a log that could win. */
  @Test
  void pre_vote_is_denied_to_a_shorter_log() {
    LoneReplica one = setup().hardState(1, 0, 0).log(1, 1).start();
    one.tick(TestConfigs.ELECTION_TICKS);
    one.forget();
    one.receive(TWO, new PreVote(2, id(1, 1)));
    assertThat(one.takeSent()).contains("2 PreVoteResponse term=1 denied");
  }

  // Thesis 10.2: performance

  /** Thesis 10.2.1: the leader writes to its disk in parallel with replicating. */
  @Test
  void leader_replicates_before_its_own_disk_is_done() {
    LoneReplica one = leaderWithAgreement();
    one.slowDisk();
    one.propose("a");
    assertThat(one.sent(AppendEntries.class)).hasSize(2);
  }

  /** Thesis 10.2.1: and may commit by the others before its own write is done. */
  @Test
  void leader_commits_by_others_before_its_own_disk_is_done() {
    LoneReplica one = leaderWithAgreement();
    one.slowDisk();
    one.propose("a");
    one.receive(TWO, new AppendEntriesResponse(1, 2, 1));
    assertThat(one.status().commitIndex()).isEqualTo(1);
    one.receive(THREE, new AppendEntriesResponse(1, 2, 1));
    assertThat(one.status().commitIndex()).isEqualTo(2);
    assertThat(one.status().durableIndex()).isEqualTo(1);
  }

  /** Thesis 10.2.2: the next entries are sent without waiting for the answer to the last ones. */
  @Test
  void leader_pipelines() {
    LoneReplica one = leaderWithAgreement();
    one.propose("a");
    one.propose("b");
    assertThat(one.sent(AppendEntries.class))
        .filteredOn(m -> !m.entries().isEmpty())
        .extracting(AppendEntries::previous)
        .contains(id(1, 1), id(1, 2));
  }

  /** Thesis 10.2.2: entries that gather in one turn share a message. */
  @Test
  void leader_batches() {
    LoneReplica one = leaderWithAgreement();
    one.propose("a", "b", "c");
    assertThat(one.sent(AppendEntries.class)).hasSize(2).allMatch(m -> m.entries().size() == 3);
  }

  /** A leader of term 1 whose no-op 2 and 3 have acknowledged. */
  private static LoneReplica leaderWithAgreement() {
    LoneReplica one = setup().start();
    becomeAgreedLeader(one);
    one.receive(THREE, new AppendEntriesResponse(1, 1, 1));
    one.forget();
    return one;
  }

  private static void becomeAgreedLeader(LoneReplica one) {
    one.becomeLeader();
    one.receive(TWO, new AppendEntriesResponse(1, 1, 1));
    one.forget();
  }

  private static SortedSet<ReplicaId> ids(long... values) {
    TreeSet<ReplicaId> ids = new TreeSet<>();
    for (long value : values) {
      ids.add(new ReplicaId(value));
    }
    return ids;
  }
}
