package dev.ostrakon.raft;

import static dev.ostrakon.raft.LoneReplica.THREE;
import static dev.ostrakon.raft.LoneReplica.TWO;
import static dev.ostrakon.raft.LoneReplica.entries;
import static dev.ostrakon.raft.LoneReplica.id;
import static dev.ostrakon.raft.LoneReplica.setup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.RaftMessage.AppendEntriesRejection;
import dev.ostrakon.raft.RaftMessage.AppendEntriesResponse;
import dev.ostrakon.raft.RaftMessage.Heartbeat;
import dev.ostrakon.raft.RaftMessage.HeartbeatResponse;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.PreVote;
import dev.ostrakon.raft.RaftMessage.ReadIndex;
import dev.ostrakon.raft.RaftMessage.ReadIndexResponse;
import dev.ostrakon.raft.RaftMessage.RequestVote;
import dev.ostrakon.raft.RaftMessage.TimeoutNow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The door of the core: what it refuses, what it bounds, what it makes of a disk. */
class RaftNodeTest {

  private static final Membership THREE_VOTERS =
      Membership.ofVoters(List.of(LoneReplica.SELF, TWO, THREE));

  private static RaftNode node(RecoveredLog log, EntryId checkpoint) {
    return new RaftNode(
        new RaftNode.Start(
            LoneReplica.SELF,
            TestConfigs.standard(),
            RaftRules.STANDARD,
            new RandomSource(1),
            log,
            new SnapshotMetadata(checkpoint, THREE_VOTERS),
            0));
  }

  // Start

  @Test
  void gap_between_checkpoint_and_log_is_refused() {
    RecoveredLog log = new RecoveredLog(HardState.INITIAL, id(1, 5), 9, List.of());
    assertThatThrownBy(() -> node(log, id(1, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beyond the checkpoint");
  }

  @Test
  void checkpoint_of_another_term_than_the_logs_base_is_refused() {
    RecoveredLog log = new RecoveredLog(HardState.INITIAL, id(1, 5), 9, List.of());
    assertThatThrownBy(() -> node(log, id(2, 5))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void checkpoint_ahead_of_the_log_resets_it_in_the_first_ready() {
    RecoveredLog log =
        new RecoveredLog(new HardState(1, TWO, 3), EntryId.ZERO, 3, List.of(id(1, 1)));
    RaftNode node = node(log, id(2, 7));
    assertThat(node.ready().logWrite().resetTo()).isEqualTo(id(2, 7));
    assertThat(node.status().commitIndex()).isEqualTo(7);
    assertThat(node.status().term()).as("the term came with the snapshot").isEqualTo(2);
    assertThat(node.ready().logWrite().hardStateChanged()).isTrue();
  }

  @Test
  void checkpoint_that_contradicts_uncommitted_entries_resets_the_log() {
    RecoveredLog log =
        new RecoveredLog(new HardState(3, TWO, 1), EntryId.ZERO, 9, List.of(id(1, 1)));
    RaftNode node = node(log, id(3, 5));
    assertThat(node.status().lastIndex()).isEqualTo(5);
    assertThat(node.ready().logWrite().resetTo()).isEqualTo(id(3, 5));
  }

  @Test
  void restart_replays_from_the_checkpoint_to_the_stored_commit_index() {
    LoneReplica one = setup().hardState(1, 0, 2).log(1, 1, 1).start();
    assertThat(one.committed()).extracting(LogEntry::index).containsExactly(1L, 2L);
  }

  @Test
  void stored_commit_index_beyond_the_log_is_cut() {
    LoneReplica one = setup().hardState(1, 0, 99).log(1, 1).start();
    assertThat(one.status().commitIndex()).isEqualTo(2);
  }

  @Test
  void new_replica_has_nothing_to_do() {
    assertThat(node(RecoveredLog.EMPTY, EntryId.ZERO).hasReady()).isFalse();
  }

  @Test
  void single_voter_elects_itself_and_commits_alone() {
    LoneReplica one = setup().voters(1).start();
    one.losePatience();
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
    one.propose("a");
    assertThat(one.status().commitIndex()).isEqualTo(2);
    one.read(7);
    assertThat(one.reads()).containsExactly(new ReadOutcome(7, 2, ReadOutcome.Status.CONFIRMED));
  }

  /** A single voter, too, leads only once its vote is on the disk. */
  @Test
  void single_voter_waits_for_its_disk() {
    LoneReplica one = setup().voters(1).start();
    one.slowDisk();
    one.tick(2 * TestConfigs.ELECTION_TICKS - 1);
    assertThat(one.status().role()).isEqualTo(Role.CANDIDATE);
    one.sync();
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
  }

  // Ready and advance

  @Test
  void ready_is_a_pure_look() {
    RaftNode node = node(RecoveredLog.EMPTY, EntryId.ZERO);
    for (int i = 0; i < 2 * TestConfigs.ELECTION_TICKS; i++) {
      node.tick(i);
    }
    assertThat(node.ready()).isSameAs(node.ready());
    assertThat(node.ready().number()).isEqualTo(1);
    node.advance();
    assertThat(node.hasReady()).isFalse();
  }

  @Test
  void advance_without_ready_is_refused() {
    RaftNode node = node(RecoveredLog.EMPTY, EntryId.ZERO);
    assertThatThrownBy(node::advance).isInstanceOf(IllegalStateException.class);
    node.ready();
    node.tick(1);
    assertThatThrownBy(node::advance).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void completion_of_a_ready_never_handed_out_is_a_bug() {
    RaftNode node = node(RecoveredLog.EMPTY, EntryId.ZERO);
    assertThatThrownBy(() -> node.step(new Completion.LogPersisted(1)))
        .isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> node.step(new Completion.EntriesApplied(1)))
        .isInstanceOf(InvariantViolation.class);
  }

  @Test
  void stale_completions_are_harmless() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    one.replica().complete(new Completion.LogPersisted(1));
    one.replica().complete(new Completion.LogFetched(99, List.of()));
    one.replica().complete(new Completion.SnapshotSent(TWO, 5));
    one.replica().complete(new Completion.EntriesApplied(0));
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
  }

  // Malformed messages

  @Test
  void malformed_messages_are_ignored_and_reported() {
    LoneReplica one = setup().start();
    one.follow(3);
    RaftStatus before = one.status();
    List<RaftMessage> bad =
        List.of(
            new AppendEntries(3, EntryId.ZERO, entries(2, 3), 0, 1),
            new AppendEntries(
                3, EntryId.ZERO, List.of(entries(1, 3).get(0), entries(3, 3).get(0)), 0, 1),
            new AppendEntries(3, EntryId.ZERO, entries(1, 3, 2), 0, 1),
            new AppendEntries(3, EntryId.ZERO, entries(1, 9), 0, 1),
            new AppendEntries(3, id(0, 4), List.of(), 0, 1),
            new AppendEntries(3, EntryId.ZERO, List.of(), -1, 1),
            new Heartbeat(3, -1, 1),
            new Heartbeat(-3, 0, 1),
            new Heartbeat(Long.MAX_VALUE, 0, 1),
            new AppendEntriesResponse(3, -1, 1),
            new AppendEntriesRejection(3, id(0, 1), EntryId.ZERO, 1),
            new PreVote(4, id(1, 0)),
            new RequestVote(4, id(0, 1), false),
            new ReadIndexResponse(3, 1, -1),
            new InstallSnapshot(
                3, 1, new SnapshotMetadata(EntryId.ZERO, THREE_VOTERS), 0, Bytes.EMPTY, 0, true),
            new InstallSnapshot(
                3, 1, new SnapshotMetadata(id(9, 1), THREE_VOTERS), 0, Bytes.EMPTY, 0, true),
            new InstallSnapshot(
                3, 1, new SnapshotMetadata(id(1, 1), Membership.EMPTY), 0, Bytes.EMPTY, 0, true));
    for (RaftMessage message : bad) {
      one.receive(TWO, message);
      assertThat(one.status()).as("%s", message).isEqualTo(before);
      assertThat(one.events()).as("%s", message).last().asString().startsWith("MalformedMessage");
    }
    assertThat(one.takeSent()).isEmpty();
  }

  @Test
  void A11_messages_that_contradict_what_is_known_change_nothing() {
    LoneReplica one = setup().start();
    one.receive(TWO, new AppendEntries(3, EntryId.ZERO, entries(1, 3, 3), 2, 1));
    one.takeSent();
    RaftStatus before = one.status();
    assertThat(before.commitIndex()).isEqualTo(2);
    SnapshotMetadata far = new SnapshotMetadata(id(3, 1L << 50), THREE_VOTERS);
    SnapshotMetadata otherTerm = new SnapshotMetadata(id(2, 2), THREE_VOTERS);
    List<RaftMessage> bad =
        List.of(
            new Heartbeat(1L << 60, 0, 1),
            new PreVote((1L << 32) + 4, id(3, 2)),
            new RequestVote(1L << 40, id(3, 2), true),
            new HeartbeatResponse(1L << 50, 1),
            new Heartbeat(3, 3, 1),
            new Heartbeat(4, 1L << 40, 1),
            new AppendEntries(3, id(2, 2), List.of(), 2, 1),
            new AppendEntries(4, id(3, 1), entries(2, 4), 2, 1),
            new InstallSnapshot(3, 1, far, 0, Bytes.EMPTY, 0, true),
            new InstallSnapshot(3, 1, otherTerm, 0, Bytes.EMPTY, 0, true));
    for (RaftMessage message : bad) {
      one.receive(TWO, message);
      assertThat(one.status()).as("%s", message).isEqualTo(before);
      assertThat(one.events()).as("%s", message).last().asString().startsWith("MalformedMessage");
    }
    for (RaftMessage message :
        List.<RaftMessage>of(
            new Heartbeat(3, 0, 1), new AppendEntries(3, id(3, 2), List.of(), 2, 1))) {
      one.receive(THREE, message);
      assertThat(one.status()).as("%s", message).isEqualTo(before);
    }
    assertThat(one.takeSent()).isEmpty();
  }

  @Test
  void A11_a_replica_that_was_away_for_long_adopts_the_term_of_the_others() {
    LoneReplica one = setup().start();
    one.receive(TWO, new Heartbeat(1L << 32, 0, 1));
    assertThat(one.status().term()).isEqualTo(1L << 32);
  }

  @Test
  void messages_from_nobody_and_from_oneself_are_ignored() {
    LoneReplica one = setup().start();
    one.receive(ReplicaId.NONE, new Heartbeat(9, 0, 1));
    one.receive(LoneReplica.SELF, new Heartbeat(9, 0, 1));
    assertThat(one.status().term()).isZero();
    assertThat(one.events()).hasSize(2);
  }

  @Test
  void answers_of_strangers_are_ignored() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    ReplicaId stranger = new ReplicaId(9);
    one.receive(stranger, new HeartbeatResponse(99, 1));
    one.receive(stranger, new AppendEntriesResponse(1, 1, 1));
    one.receive(stranger, new TimeoutNow(1));
    one.receive(stranger, new ReadIndex(1, 5));
    assertThat(one.status().role()).isEqualTo(Role.LEADER);
    assertThat(one.status().commitIndex()).isZero();
    assertThat(one.takeSent()).isEmpty();
  }

  @Test
  void acknowledgement_beyond_the_leaders_log_is_ignored() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    one.receive(TWO, new AppendEntriesResponse(1, 50, 1));
    assertThat(one.status().commitIndex()).isZero();
  }

  @Test
  void round_that_never_began_confirms_nothing_beyond_the_newest() {
    LoneReplica one = setup().start();
    one.becomeLeader();
    one.receive(TWO, new HeartbeatResponse(1, 1_000));
    one.receive(TWO, new AppendEntriesResponse(1, 1, 1_000));
    assertThat(one.status().commitIndex()).isEqualTo(1);
  }

  @Test
  void a_second_leader_of_one_term_is_ignored_and_reported() {
    LoneReplica one = setup().start();
    one.follow(3);
    one.receive(THREE, new Heartbeat(3, 0, 1));
    assertThat(one.status().leader()).isEqualTo(TWO);
    assertThat(one.events()).hasSize(1).first().asString().contains("a second leader of the term");
  }

  @Test
  void a_leader_that_speaks_of_entries_never_acknowledged_is_ignored_and_reported() {
    LoneReplica one = setup().start();
    one.receive(TWO, new Heartbeat(3, 7, 1));
    assertThat(one.status().term()).isZero();
    assertThat(one.events()).hasSize(1).first().asString().contains("commit index beyond the log");
  }

  // Bounds

  @Test
  void proposals_beyond_the_uncommitted_bytes_are_refused_until_some_commit() {
    LoneReplica one = setup().config(TestConfigs.tiny()).start();
    one.becomeLeader();
    String large = "x".repeat(100);
    assertThat(one.propose(large)).isInstanceOf(ProposeResult.Accepted.class);
    assertThat(one.propose(large)).isInstanceOf(ProposeResult.Overloaded.class);
    one.receive(TWO, new AppendEntriesResponse(1, 1, 1));
    one.receive(TWO, new AppendEntriesResponse(1, 2, 1));
    assertThat(one.propose(large)).isInstanceOf(ProposeResult.Accepted.class);
  }

  @Test
  void single_proposal_larger_than_the_bound_passes_alone() {
    LoneReplica one = setup().config(TestConfigs.tiny()).voters(1).start();
    one.losePatience();
    assertThat(one.propose("x".repeat(5_000))).isInstanceOf(ProposeResult.Accepted.class);
    assertThat(one.status().commitIndex()).isEqualTo(2);
  }

  @Test
  void refused_batch_leaves_nothing_behind() {
    LoneReplica one = setup().config(TestConfigs.tiny()).start();
    one.becomeLeader();
    String large = "x".repeat(100);
    assertThat(one.propose(large, large)).isInstanceOf(ProposeResult.Overloaded.class);
    assertThat(one.status().lastIndex()).isEqualTo(1);
  }

  @Test
  void empty_proposal_is_refused() {
    RaftNode node = node(RecoveredLog.EMPTY, EntryId.ZERO);
    assertThatThrownBy(() -> node.propose(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reads_beyond_the_bound_are_dropped() {
    LoneReplica one = setup().config(TestConfigs.tiny()).start();
    one.becomeLeader();
    one.read(1);
    one.read(2);
    one.read(3);
    assertThat(one.reads()).containsExactly(new ReadOutcome(3, 0, ReadOutcome.Status.DROPPED));
  }

  @Test
  void append_is_cut_at_its_limit_and_the_window_at_its_own() {
    LoneReplica one = setup().config(TestConfigs.tiny()).start();
    one.becomeLeader();
    one.receive(TWO, new AppendEntriesResponse(1, 1, 1));
    one.forget();
    one.propose("aaaa", "bbbb");
    one.receive(TWO, new AppendEntriesResponse(1, 3, 1));
    one.propose("cccc", "dddd");
    one.receive(TWO, new AppendEntriesResponse(1, 4, 1));
    assertThat(one.sent(AppendEntries.class)).allMatch(m -> m.entries().size() <= 2);
  }

  // Reads at a follower

  @Test
  void follower_forwards_a_read_and_passes_the_answer_on() {
    LoneReplica one = setup().start();
    one.follow(3);
    one.read(7);
    long question = one.sent(ReadIndex.class).get(0).requestId();
    one.receive(TWO, new ReadIndexResponse(3, question, 5));
    one.receive(TWO, new ReadIndexResponse(3, question, 6));
    assertThat(one.reads()).containsExactly(new ReadOutcome(7, 5, ReadOutcome.Status.CONFIRMED));
  }

  @Test
  void answer_from_another_than_the_leader_counts_for_nothing() {
    LoneReplica one = setup().start();
    one.follow(3);
    one.read(7);
    long question = one.sent(ReadIndex.class).get(0).requestId();
    one.receive(THREE, new ReadIndexResponse(3, question, 5));
    assertThat(one.reads()).isEmpty();
  }

  @Test
  void forwarded_read_is_repeated_and_given_up_after_an_election_timeout() {
    LoneReplica one = setup().start();
    one.follow(3);
    one.read(7);
    one.tick(3);
    assertThat(one.sent(ReadIndex.class)).hasSize(4);
    for (int i = 0; i < TestConfigs.ELECTION_TICKS; i++) {
      one.receive(TWO, new Heartbeat(3, 0, 1));
      one.tick(1);
    }
    assertThat(one.reads()).containsExactly(new ReadOutcome(7, 0, ReadOutcome.Status.DROPPED));
  }

  @Test
  void forwarded_read_is_dropped_when_the_leader_changes() {
    LoneReplica one = setup().start();
    one.follow(3);
    one.read(7);
    one.receive(THREE, new Heartbeat(4, 0, 1));
    assertThat(one.reads()).containsExactly(new ReadOutcome(7, 0, ReadOutcome.Status.DROPPED));
  }

  @Test
  void read_without_a_leader_is_dropped_at_once() {
    LoneReplica one = setup().start();
    one.read(7);
    assertThat(one.reads()).containsExactly(new ReadOutcome(7, 0, ReadOutcome.Status.DROPPED));
  }

  /** The same seed after a restart must not repeat the numbers of questions. */
  @Test
  void questions_of_two_lives_never_share_a_number() {
    RaftConfig config = TestConfigs.standard();
    Outbox outbox = new Outbox();
    ForwardedReads first = new ForwardedReads(config, new RandomSource(1), 1_000);
    ForwardedReads second = new ForwardedReads(config, new RandomSource(1), 5_000);
    for (int i = 0; i < 100; i++) {
      first.maybeAdd(i);
      first.ask(TWO, 1, outbox);
    }
    second.maybeAdd(0);
    second.ask(TWO, 1, outbox);
    List<Long> numbers =
        outbox
            .toReady(
                1,
                new LogWrite(HardState.INITIAL, false, EntryId.ZERO, List.of(), EntryId.ZERO),
                List.of())
            .messages()
            .stream()
            .map(envelope -> ((ReadIndex) envelope.message()).requestId())
            .toList();
    assertThat(numbers).doesNotHaveDuplicates();
  }

  // Transfer

  @Test
  void leadership_goes_to_other_voters_only() {
    LoneReplica one = setup().start();
    assertThat(one.replica().transferTo(TWO)).as("a follower has none to give").isFalse();
    one.becomeLeader();
    assertThat(one.replica().transferTo(new ReplicaId(9))).isFalse();
    assertThat(one.replica().transferTo(LoneReplica.SELF)).isFalse();
    assertThat(one.replica().transferTo(THREE)).isTrue();
  }

  @Test
  void order_to_campaign_from_another_than_the_leader_is_ignored() {
    LoneReplica one = setup().start();
    one.follow(3);
    one.receive(THREE, new TimeoutNow(3));
    assertThat(one.status().role()).isEqualTo(Role.FOLLOWER);
  }

  // Snapshots

  @Test
  void snapshot_that_is_not_needed_is_answered_with_what_is_held() {
    LoneReplica one = setup().start();
    one.receive(TWO, new AppendEntries(1, EntryId.ZERO, entries(1, 1, 1, 1), 3, 1));
    one.forget();
    one.receive(
        TWO,
        new InstallSnapshot(
            1, 1, new SnapshotMetadata(id(1, 2), THREE_VOTERS), 0, Bytes.EMPTY, 0, true));
    assertThat(one.takeSent()).containsExactly("2 AppendEntriesResponse term=1 match=3 round=0");
  }

  @Test
  void snapshot_of_a_stale_leader_is_refused() {
    LoneReplica one = setup().start();
    one.follow(3);
    one.receive(
        THREE,
        new InstallSnapshot(
            2, 1, new SnapshotMetadata(id(2, 9), THREE_VOTERS), 0, Bytes.EMPTY, 0, true));
    assertThat(one.takeSent()).containsExactly("3 HeartbeatResponse term=3 round=0");
    assertThat(one.status().lastIndex()).isZero();
  }
}
