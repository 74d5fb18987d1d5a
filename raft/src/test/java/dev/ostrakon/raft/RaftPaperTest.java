package dev.ostrakon.raft;

import static dev.ostrakon.raft.LoneReplica.THREE;
import static dev.ostrakon.raft.LoneReplica.TWO;
import static dev.ostrakon.raft.LoneReplica.entries;
import static dev.ostrakon.raft.LoneReplica.id;
import static dev.ostrakon.raft.LoneReplica.setup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.RaftMessage.AppendEntriesRejection;
import dev.ostrakon.raft.RaftMessage.AppendEntriesResponse;
import dev.ostrakon.raft.RaftMessage.Heartbeat;
import dev.ostrakon.raft.RaftMessage.HeartbeatResponse;
import dev.ostrakon.raft.RaftMessage.PreVoteResponse;
import dev.ostrakon.raft.RaftMessage.RequestVote;
import dev.ostrakon.raft.RaftMessage.RequestVoteResponse;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One test for each rule that the Raft paper (extended version) states, by section. */
class RaftPaperTest {

  // Raft paper 5.1: terms

  /** 5.1: "If one server's current term is smaller than the other's, then it updates its term." */
  @Test
  void follower_adopts_a_later_term() {
    LoneReplica one = setup().start();
    one.receive(TWO, new AppendEntries(5, EntryId.ZERO, List.of(), 0, 1));
    assertThat(one.status().term()).isEqualTo(5);
    assertThat(one.status().leader()).isEqualTo(TWO);
  }

  /** 5.1: "If a candidate or leader discovers that its term is out of date, it reverts." */
  @Test
  void leader_of_an_earlier_term_steps_down() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    one.receive(TWO, new HeartbeatResponse(7, 0));
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(one.status().term()).isEqualTo(7);
  }

  /** 5.1: the same for a candidate. */
  @Test
  void candidate_of_an_earlier_term_steps_down() {
    LoneReplica one = setup().start();
    one.becomeCandidate();
    one.receive(TWO, new RequestVoteResponse(7, false));
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(one.status().term()).isEqualTo(7);
  }

  /** 5.1: "If a server receives a request with a stale term number, it rejects the request." */
  @Test
  void stale_append_is_rejected_with_the_own_term() {
    LoneReplica one = setup().start();
    one.follow(5);
    one.receive(THREE, new AppendEntries(4, EntryId.ZERO, entries(1, 4), 0, 1));
    assertThat(one.status().lastIndex()).isZero();
    assertThat(one.takeSent()).containsExactly("3 HeartbeatResponse term=5 round=0");
  }

  // Raft paper 5.2: elections

  /** 5.2: "When servers start up, they begin as followers." */
  @Test
  void replica_starts_as_follower() {
    assertThat(setup().start().status().role()).isEqualTo(Role.FOLLOWER);
  }

  /** 5.2: "A server remains in follower state as long as it receives valid RPCs from a leader." */
  @Test
  void follower_that_hears_its_leader_does_not_campaign() {
    LoneReplica one = setup().start();
    for (int i = 0; i < 100; i++) {
      one.follow(1);
      one.tick(TestConfigs.ELECTION_TICKS - 1);
    }
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
  }

  /** 5.2: an idle leader sends heartbeats to all followers to prevent new elections. */
  @Test
  void leader_sends_heartbeats_to_everybody() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    one.tick(1);
    assertThat(one.takeSent())
        .containsExactly(
            "2 Heartbeat term=1 commit=0 round=2", "3 Heartbeat term=1 commit=0 round=2");
  }

  /** 5.2: without a leader, "a follower increments its current term" and requests votes. */
  @Test
  void follower_without_leader_asks_for_votes_in_the_next_term() {
    LoneReplica one = setup().hardState(4, 0, 0).start();
    one.becomeCandidate();
    assertThat(one.status().term()).isEqualTo(5);
    assertThat(one.sent(RequestVote.class)).hasSize(2).allMatch(m -> m.term() == 5);
  }

  /** 5.2: a candidate "votes for itself". */
  @Test
  void candidate_votes_for_itself() {
    LoneReplica one = setup().start();
    one.becomeCandidate();
    assertThat(one.replica().disk().durableHardState())
        .isEqualTo(new HardState(1, LoneReplica.SELF, 0));
  }

  /** 5.2: "A candidate wins if it receives votes from a majority of the servers." */
  @Test
  void candidate_with_a_majority_becomes_leader() {
    LoneReplica one = setup().voters(5).start();
    one.losePatience();
    one.receive(TWO, new PreVoteResponse(1, true));
    one.receive(THREE, new PreVoteResponse(1, true));
    one.receive(TWO, new RequestVoteResponse(1, true));
    assertThat(one.status().role()).isEqualTo(Role.CANDIDATE);
    one.receive(THREE, new RequestVoteResponse(1, true));
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
  }

  /** 5.2: a majority of votes means of different voters. */
  @Test
  void duplicate_vote_counts_once() {
    LoneReplica one = setup().voters(5).start();
    one.losePatience();
    one.receive(TWO, new PreVoteResponse(1, true));
    one.receive(THREE, new PreVoteResponse(1, true));
    one.receive(TWO, new RequestVoteResponse(1, true));
    one.receive(TWO, new RequestVoteResponse(1, true));
    assertThat(one.status().role()).isEqualTo(Role.CANDIDATE);
  }

  /** 5.2: "Each server will vote for at most one candidate in a given term, first come." */
  @Test
  void voter_votes_once_in_a_term() {
    LoneReplica one = setup().start();
    one.receive(TWO, new RequestVote(1, EntryId.ZERO, false));
    one.receive(THREE, new RequestVote(1, EntryId.ZERO, false));
    assertThat(one.takeSent())
        .containsExactly(
            "2 RequestVoteResponse term=1 granted", "3 RequestVoteResponse term=1 denied");
  }

  /** 5.2: the same candidate may ask again, its answer may have been lost. */
  @Test
  void voter_repeats_its_vote_to_the_same_candidate() {
    LoneReplica one = setup().start();
    one.receive(TWO, new RequestVote(1, EntryId.ZERO, false));
    one.receive(TWO, new RequestVote(1, EntryId.ZERO, false));
    assertThat(one.sent(RequestVoteResponse.class))
        .hasSize(2)
        .allMatch(RequestVoteResponse::granted);
  }

  /** 5.2: a vote is kept over a restart, or a server could vote twice (figure 2: persistent). */
  @Test
  void vote_survives_a_restart() {
    LoneReplica one = setup().hardState(3, 2, 0).start();
    one.tick(TestConfigs.ELECTION_TICKS);
    one.forget();
    one.receive(THREE, new RequestVote(3, EntryId.ZERO, false));
    assertThat(one.takeSent()).contains("3 RequestVoteResponse term=3 denied");
  }

  /** 5.2: "If the leader's term is at least as large, the candidate returns to follower state." */
  @Test
  void candidate_follows_a_leader_of_its_term() {
    LoneReplica one = setup().start();
    one.becomeCandidate();
    one.receive(TWO, new Heartbeat(1, 0, 1));
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(one.status().leader()).isEqualTo(TWO);
  }

  /** 5.2: otherwise "the candidate rejects the RPC and continues in candidate state". */
  @Test
  void candidate_rejects_a_leader_of_an_earlier_term() {
    LoneReplica one = setup().hardState(4, 0, 0).start();
    one.becomeCandidate();
    one.receive(TWO, new Heartbeat(4, 0, 1));
    assertThat(one.status().role()).isEqualTo(Role.CANDIDATE);
  }

  /** 5.2: with a split vote, "each candidate will time out and start a new election". */
  @Test
  void candidate_without_majority_tries_again() {
    LoneReplica one = setup().start();
    one.becomeCandidate();
    one.tick(2 * TestConfigs.ELECTION_TICKS);
    assertThat(one.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    one.receive(TWO, new PreVoteResponse(2, true));
    assertThat(one.status().term()).isEqualTo(2);
  }

  /** 5.2: "election timeouts are chosen randomly from a fixed interval". */
  @Test
  void election_timeouts_are_spread_over_the_interval() {
    ElectionClock clock =
        new ElectionClock(TestConfigs.standard(), RaftRules.STANDARD, new RandomSource(1));
    TreeSet<Integer> drawn = new TreeSet<>();
    for (int i = 0; i < 500; i++) {
      int ticks = 0;
      while (!clock.isPatienceOver()) {
        clock.tick();
        ticks++;
      }
      drawn.add(ticks);
      clock.restart();
    }
    assertThat(drawn).hasSize(10).first().isEqualTo(10);
    assertThat(drawn.last()).isEqualTo(19);
  }

  /** Figure 2: a follower that grants its vote starts its election timeout anew. */
  @Test
  void granting_a_vote_restarts_the_timeout() {
    LoneReplica one = setup().start();
    one.tick(TestConfigs.ELECTION_TICKS - 1);
    one.receive(TWO, new RequestVote(1, EntryId.ZERO, false));
    one.tick(TestConfigs.ELECTION_TICKS - 1);
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
  }

  // Raft paper 5.3: replication

  /** 5.3: the leader appends a command and sends it to all other servers in parallel. */
  @Test
  void leader_appends_and_sends_proposals_to_all() {
    LoneReplica one = leaderWithAgreement();
    assertThat(one.propose("a")).isEqualTo(new ProposeResult.Accepted(id(1, 2)));
    assertThat(one.takeSent())
        .containsExactly(
            "2 AppendEntries term=1 previous=1@1 count=1 commit=1 round=1",
            "3 AppendEntries term=1 previous=1@1 count=1 commit=1 round=1");
  }

  /** 5.3: an entry "is committed once the leader has replicated it on a majority". */
  @Test
  void entry_is_committed_by_a_majority() {
    LoneReplica one = setup().voters(5).start();
    one.becomeLeader();
    one.receive(TWO, new AppendEntriesResponse(1, 1, 1));
    assertThat(one.status().commitIndex()).isZero();
    one.receive(THREE, new AppendEntriesResponse(1, 1, 1));
    assertThat(one.status().commitIndex()).isEqualTo(1);
  }

  /** 5.3: committing an entry "also commits all preceding entries". */
  @Test
  void commitment_includes_entries_of_earlier_leaders() {
    LoneReplica one = setup().hardState(2, 0, 0).log(1, 2).start();
    one.becomeLeader();
    one.receive(TWO, new AppendEntriesResponse(3, 3, 1));
    assertThat(one.committed())
        .extracting(LogEntry::id)
        .containsExactly(id(1, 1), id(2, 2), id(3, 3));
  }

  /** 5.3: "the leader retries AppendEntries indefinitely" for a follower that does not answer. */
  @Test
  void leader_retries_until_the_follower_answers() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    for (int i = 0; i < 5; i++) {
      one.tick(1);
      one.forget();
      one.receive(TWO, new HeartbeatResponse(1, i + 2));
      assertThat(one.sent(AppendEntries.class)).hasSize(1);
    }
  }

  /** 5.3: once a follower learns that an entry is committed, it applies it, in log order. */
  @Test
  void follower_applies_committed_entries_in_order() {
    LoneReplica one = setup().start();
    one.receive(TWO, new AppendEntries(1, EntryId.ZERO, entries(1, 1, 1, 1), 2, 1));
    assertThat(one.committed()).extracting(LogEntry::index).containsExactly(1L, 2L);
    one.receive(TWO, new Heartbeat(1, 3, 1));
    assertThat(one.committed()).extracting(LogEntry::index).containsExactly(1L, 2L, 3L);
  }

  /** Figure 2: commitIndex = min(leaderCommit, index of last new entry). */
  @Test
  void follower_commits_only_what_the_message_proves() {
    LoneReplica one = setup().hardState(1, 0, 0).log(1, 1, 1).start();
    one.receive(TWO, new AppendEntries(2, id(1, 1), List.of(), 3, 1));
    assertThat(one.status().commitIndex()).isEqualTo(1);
  }

  /** 5.3: "If the follower does not find an entry with the same index and term, it refuses." */
  @Test
  void follower_refuses_entries_that_do_not_fit() {
    LoneReplica one = setup().hardState(1, 0, 0).log(1).start();
    one.receive(TWO, new AppendEntries(2, id(1, 2), entries(3, 2), 0, 4));
    assertThat(one.status().lastIndex()).isEqualTo(1);
    assertThat(one.takeSent())
        .containsExactly("2 AppendEntriesRejection term=2 rejected=2@1 hint=1@1 round=4");
  }

  /** 5.3: "conflicting entries in follower logs will be overwritten with the leader's". */
  @Test
  void follower_replaces_conflicting_entries() {
    LoneReplica one = setup().hardState(2, 0, 0).log(1, 2, 2).start();
    one.receive(TWO, new AppendEntries(3, id(1, 1), entries(2, 3), 0, 1));
    assertThat(one.replica().disk().writtenEntries())
        .extracting(LogEntry::id)
        .containsExactly(id(1, 1), id(3, 2));
  }

  /** Figure 2: only on a conflict; an old message must not cut off what came after it. */
  @Test
  void late_append_removes_nothing() {
    LoneReplica one = setup().start();
    one.receive(TWO, new AppendEntries(1, EntryId.ZERO, entries(1, 1, 1, 1), 0, 1));
    one.receive(TWO, new AppendEntries(1, EntryId.ZERO, entries(1, 1), 0, 1));
    assertThat(one.status().lastIndex()).isEqualTo(3);
  }

  /** 5.3: "A leader never overwrites or deletes entries in its own log." */
  @Test
  void leader_keeps_entries_of_earlier_terms() {
    LoneReplica one = setup().hardState(2, 0, 0).log(1, 1, 2).start();
    one.becomeLeader();
    assertThat(one.replica().disk().writtenEntries())
        .extracting(LogEntry::id)
        .containsExactly(id(1, 1), id(1, 2), id(2, 3), id(3, 4));
  }

  /** 5.3: the follower's answer lets the leader bypass all conflicting entries in a term. */
  @Test
  void follower_hints_before_the_terms_that_conflict() {
    LoneReplica one = setup().hardState(5, 0, 0).log(1, 1, 4, 4, 4).start();
    one.receive(TWO, new AppendEntries(6, id(3, 5), List.of(), 0, 1));
    assertThat(one.sent(AppendEntriesRejection.class))
        .extracting(AppendEntriesRejection::hint)
        .containsExactly(id(1, 2));
  }

  /** 5.3: and the leader bypasses all of its own entries that cannot be the follower's. */
  @Test
  void leader_jumps_over_whole_terms_of_its_own() {
    LoneReplica one = setup().hardState(5, 0, 0).log(1, 1, 3, 3, 3, 5).start();
    one.becomeLeader();
    one.receive(TWO, new AppendEntriesRejection(6, id(5, 6), id(2, 5), 1));
    assertThat(one.sent(AppendEntries.class))
        .extracting(AppendEntries::previous)
        .containsExactly(id(1, 2));
  }

  // Raft paper 5.4: safety

  /** 5.4.1: "the voter denies its vote if its own log is more up-to-date": the later term wins. */
  @Test
  void voter_denies_a_candidate_with_an_earlier_last_term() {
    LoneReplica one = setup().hardState(2, 0, 0).log(1, 2).start();
    one.tick(TestConfigs.ELECTION_TICKS);
    one.forget();
    one.receive(TWO, new RequestVote(3, id(1, 9), false));
    assertThat(one.takeSent()).contains("2 RequestVoteResponse term=3 denied");
  }

  /** 5.4.1: "If the logs end with the same term, then whichever log is longer" wins. */
  @Test
  void voter_denies_a_candidate_with_a_shorter_log() {
    LoneReplica one = setup().hardState(2, 0, 0).log(2, 2).start();
    one.tick(TestConfigs.ELECTION_TICKS);
    one.forget();
    one.receive(TWO, new RequestVote(3, id(2, 1), false));
    one.receive(THREE, new RequestVote(3, id(2, 2), false));
    assertThat(one.takeSent())
        .contains("2 RequestVoteResponse term=3 denied", "3 RequestVoteResponse term=3 granted");
  }

  /** 5.4.2: "Raft never commits log entries from previous terms by counting replicas." */
  @Test
  void entry_of_an_earlier_term_is_not_committed_by_counting() {
    LoneReplica one = setup().hardState(2, 0, 0).log(1, 2).start();
    one.becomeLeader();
    one.receive(TWO, new AppendEntriesResponse(3, 2, 1));
    one.receive(THREE, new AppendEntriesResponse(3, 2, 1));
    assertThat(one.status().commitIndex()).isZero();
    one.receive(TWO, new AppendEntriesResponse(3, 3, 1));
    assertThat(one.status().commitIndex()).isEqualTo(3);
  }

  /** 5.4.3, state machine safety: a committed entry is never replaced. */
  @Test
  void leader_that_contradicts_a_committed_entry_is_ignored_and_reported() {
    LoneReplica one = setup().hardState(1, 0, 2).log(1, 1).start();
    one.receive(TWO, new AppendEntries(2, id(1, 1), entries(2, 2), 0, 1));
    assertThat(one.status().term()).isEqualTo(1);
    assertThat(one.events())
        .hasSize(1)
        .first()
        .asString()
        .contains("its log lacks what is committed");
  }

  /** 5.5: "Raft RPCs are idempotent". */
  @Test
  void repeated_append_changes_nothing() {
    LoneReplica one = setup().start();
    AppendEntries message = new AppendEntries(1, EntryId.ZERO, entries(1, 1, 1), 1, 1);
    one.receive(TWO, message);
    one.receive(TWO, message);
    assertThat(one.status().lastIndex()).isEqualTo(2);
    assertThat(one.sent(AppendEntriesResponse.class))
        .extracting(AppendEntriesResponse::matchIndex)
        .containsExactly(2L, 2L);
  }

  // Raft paper 6: membership

  /** 6: during a joint change, "agreement requires separate majorities" of both sets. */
  @Test
  void joint_quorum_needs_both_majorities() {
    Membership joint = new Membership(ids(1, 2, 3), ids(3, 4, 5), new TreeSet<>());
    Quorum quorum = new Quorum(joint);
    assertThat(quorum.reached(id -> id.value() <= 3 ? 7 : 0)).isZero();
    assertThat(quorum.reached(id -> id.value() >= 2 && id.value() <= 4 ? 7 : 0)).isEqualTo(7);
  }

  /** 6: servers not yet caught up are "non-voting members": they get entries and do not count. */
  @Test
  void learners_do_not_count() {
    Quorum quorum = new Quorum(new Membership(ids(1, 2, 3), new TreeSet<>(), ids(4, 5)));
    assertThat(quorum.reached(id -> id.value() >= 3 ? 7 : 0)).isZero();
  }

  /** 6: "servers disregard RequestVote RPCs when they believe a current leader exists". */
  @Test
  void request_for_votes_is_ignored_while_a_leader_is_heard() {
    LoneReplica one = setup().start();
    one.follow(1);
    one.receive(THREE, new RequestVote(9, id(9, 9), false));
    assertThat(one.takeSent()).isEmpty();
    assertThat(one.status().term()).isEqualTo(1);
  }

  /** 6: within the minimum election timeout of hearing from a leader; afterwards it may vote. */
  @Test
  void request_for_votes_is_heard_after_the_election_timeout() {
    LoneReplica one = setup().start();
    one.follow(1);
    one.tick(TestConfigs.ELECTION_TICKS);
    one.receive(THREE, new RequestVote(9, id(9, 9), false));
    assertThat(one.takeSent()).contains("3 RequestVoteResponse term=9 granted");
  }

  // Raft paper 8: clients

  /** 8: "each leader commits a blank no-op entry into the log at the start of its term". */
  @Test
  void leader_begins_its_term_with_a_no_op() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    assertThat(one.replica().disk().writtenEntries())
        .containsExactly(new LogEntry(1, 1, EntryKind.NOOP, Bytes.EMPTY));
  }

  /** 8: before that is committed the leader cannot serve reads. */
  @Test
  void read_waits_for_the_first_commit_of_the_term() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    one.read(7);
    one.receive(TWO, new HeartbeatResponse(1, 1));
    assertThat(one.reads()).isEmpty();
    one.receive(TWO, new AppendEntriesResponse(1, 1, 1));
    one.receive(TWO, new HeartbeatResponse(1, 2));
    assertThat(one.reads()).containsExactly(new ReadOutcome(7, 1, ReadOutcome.Status.CONFIRMED));
  }

  /** 8: a leader must "exchange heartbeat messages with a majority" before it answers reads. */
  @Test
  void read_waits_for_a_round_of_heartbeats() {
    LoneReplica one = setup().config(TestConfigs.withoutLease()).start();
    becomeAgreedLeader(one);
    one.read(7);
    assertThat(one.takeSent())
        .containsExactly(
            "2 Heartbeat term=1 commit=1 round=2", "3 Heartbeat term=1 commit=0 round=2");
    assertThat(one.reads()).isEmpty();
    one.receive(THREE, new HeartbeatResponse(1, 2));
    assertThat(one.reads()).hasSize(1);
  }

  /** 8: a follower redirects clients to the most recent leader it has heard from. */
  @Test
  void follower_refuses_proposals_and_names_the_leader() {
    LoneReplica one = setup().start();
    one.follow(1);
    assertThat(one.propose("a")).isEqualTo(new ProposeResult.NotLeader(TWO));
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
