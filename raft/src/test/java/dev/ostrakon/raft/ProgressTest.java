package dev.ostrakon.raft;

import static dev.ostrakon.raft.LoneReplica.entries;
import static dev.ostrakon.raft.LoneReplica.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RaftStatus.ReplicationState;
import org.junit.jupiter.api.Test;

/** What a leader concludes from a follower's answers, fresh, late and repeated ones. */
class ProgressTest {

  private static final RaftConfig CONFIG = TestConfigs.standard();

  /** A leader's log of ten entries of term 1. */
  private static RaftLog tenEntries() {
    RaftLog log = new RaftLog(RecoveredLog.EMPTY);
    entries(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1).forEach(log::append);
    return log;
  }

  private static Progress probing(long nextIndex) {
    return new Progress(LoneReplica.TWO, CONFIG, nextIndex, 0);
  }

  private static Progress replicating(long matchIndex) {
    Progress progress = probing(matchIndex + 1);
    progress.onMatched(matchIndex, 0, 0);
    assertThat(progress.state()).isEqualTo(ReplicationState.REPLICATE);
    return progress;
  }

  @Test
  void probe_allows_one_message_until_it_is_answered() {
    Progress progress = probing(5);
    assertThat(progress.maySend()).isTrue();
    progress.onSent(8, 100, 1, 0);
    assertThat(progress.maySend()).isFalse();
    assertThat(progress.nextIndex()).isEqualTo(5);
    progress.onMatched(7, 0, 0);
    assertThat(progress.state()).isEqualTo(ReplicationState.REPLICATE);
    assertThat(progress.nextIndex()).isEqualTo(8);
  }

  @Test
  void answer_to_a_heartbeat_repeats_a_probe() {
    Progress progress = probing(5);
    progress.onSent(5, 0, 1, 0);
    progress.onHeartbeatResponse(1, 1);
    assertThat(progress.maySend()).isTrue();
  }

  @Test
  void replication_goes_on_within_the_window() {
    Progress progress = replicating(4);
    for (int i = 0; i < CONFIG.maxInflightAppends(); i++) {
      assertThat(progress.maySend()).isTrue();
      progress.onSent(6 + i, 10, 1, 0);
    }
    assertThat(progress.maySend()).isFalse();
    progress.onMatched(5, 0, 0);
    assertThat(progress.maySend()).isTrue();
  }

  @Test
  void bytes_in_flight_are_limited_too() {
    Progress progress = replicating(4);
    progress.onSent(6, CONFIG.maxInflightBytes(), 1, 0);
    assertThat(progress.maySend()).isFalse();
  }

  @Test
  void late_and_repeated_answers_change_nothing() {
    Progress progress = replicating(4);
    progress.onSent(11, 100, 1, 0);
    assertThat(progress.onMatched(10, 0, 0)).isTrue();
    assertThat(progress.onMatched(7, 0, 0)).isFalse();
    assertThat(progress.onMatched(10, 0, 0)).isFalse();
    assertThat(progress.matchIndex()).isEqualTo(10);
    assertThat(progress.nextIndex()).isEqualTo(11);
  }

  @Test
  void rejection_of_what_is_known_to_match_is_stale() {
    Progress progress = replicating(6);
    progress.onRejected(id(1, 6), id(1, 2), tenEntries());
    assertThat(progress.state()).isEqualTo(ReplicationState.REPLICATE);
  }

  @Test
  void rejection_while_replicating_goes_back_to_the_hint() {
    Progress progress = replicating(4);
    progress.onSent(9, 100, 1, 0);
    progress.onRejected(id(1, 8), id(1, 6), tenEntries());
    assertThat(progress.state()).isEqualTo(ReplicationState.PROBE);
    assertThat(progress.nextIndex()).isEqualTo(7);
  }

  @Test
  void rejection_never_goes_back_before_the_match() {
    Progress progress = replicating(4);
    progress.onSent(9, 100, 1, 0);
    progress.onRejected(id(1, 8), EntryId.ZERO, tenEntries());
    assertThat(progress.nextIndex()).isEqualTo(5);
  }

  @Test
  void rejection_of_another_probe_is_stale() {
    Progress progress = probing(9);
    progress.onRejected(id(1, 5), id(1, 1), tenEntries());
    assertThat(progress.nextIndex()).isEqualTo(9);
    progress.onRejected(id(1, 8), id(1, 3), tenEntries());
    assertThat(progress.nextIndex()).isEqualTo(4);
    progress.onRejected(id(1, 8), id(1, 3), tenEntries());
    assertThat(progress.nextIndex()).isEqualTo(4);
  }

  /** Whatever a hint says, a rejected probe moves back: the search always ends. */
  @Test
  void rejected_probe_always_moves_back() {
    Progress progress = probing(9);
    progress.onRejected(id(1, 8), id(1, 10), tenEntries());
    assertThat(progress.nextIndex()).isEqualTo(8);
  }

  @Test
  void silence_about_entries_for_two_heartbeats_is_probed() {
    Progress progress = replicating(4);
    progress.onSent(9, 100, 5, 10);
    progress.onHeartbeatResponse(6, 11);
    assertThat(progress.state()).isEqualTo(ReplicationState.REPLICATE);
    progress.onHeartbeatResponse(5, 12);
    assertThat(progress.state())
        .as("an answer to an older round proves nothing")
        .isEqualTo(ReplicationState.REPLICATE);
    progress.onHeartbeatResponse(7, 12);
    assertThat(progress.state()).isEqualTo(ReplicationState.PROBE);
    assertThat(progress.nextIndex()).as("asks whether they arrived").isEqualTo(9);
  }

  @Test
  void answer_to_the_probe_after_silence_resumes_without_sending_again() {
    Progress progress = replicating(4);
    progress.onSent(9, 100, 5, 10);
    progress.onHeartbeatResponse(7, 12);
    progress.onMatched(6, 0, 13);
    assertThat(progress.state()).as("the disk is slow").isEqualTo(ReplicationState.PROBE);
    progress.onMatched(8, 0, 14);
    assertThat(progress.state()).isEqualTo(ReplicationState.REPLICATE);
    assertThat(progress.nextIndex()).isEqualTo(9);
  }

  @Test
  void nothing_is_sent_during_a_snapshot() {
    Progress progress = probing(1);
    progress.becomeSnapshot();
    assertThat(progress.maySend()).isFalse();
    progress.onRejected(id(1, 1), EntryId.ZERO, tenEntries());
    assertThat(progress.state()).isEqualTo(ReplicationState.SNAPSHOT);
    progress.onSnapshotSent(8, 1);
    assertThat(progress.state()).isEqualTo(ReplicationState.PROBE);
    assertThat(progress.nextIndex()).isEqualTo(9);
    assertThat(progress.matchIndex()).as("only the follower itself proves it").isZero();
  }

  @Test
  void failed_snapshot_is_not_repeated_at_once() {
    Progress progress = probing(1);
    progress.becomeSnapshot();
    progress.onHeard(5);
    progress.onSnapshotSent(0, 5);
    assertThat(progress.maySendSnapshot(6)).isFalse();
    progress.onHeard(15);
    assertThat(progress.maySendSnapshot(15)).isTrue();
  }

  @Test
  void no_snapshot_is_sent_to_the_dead() {
    Progress progress = probing(1);
    assertThat(progress.maySendSnapshot(TestConfigs.ELECTION_TICKS)).isFalse();
    progress.onHeard(TestConfigs.ELECTION_TICKS);
    assertThat(progress.maySendSnapshot(TestConfigs.ELECTION_TICKS)).isTrue();
  }

  @Test
  void follower_that_catches_up_by_itself_ends_the_snapshot() {
    Progress progress = probing(1);
    progress.becomeSnapshot();
    progress.onMatched(3, 5, 1);
    assertThat(progress.state()).isEqualTo(ReplicationState.SNAPSHOT);
    progress.onMatched(5, 5, 1);
    assertThat(progress.state()).isEqualTo(ReplicationState.REPLICATE);
  }
}
