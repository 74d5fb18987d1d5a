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
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.PreVoteResponse;
import dev.ostrakon.raft.RaftMessage.RequestVote;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One test for each rule of the Raft paper about what is stored: sections 5.6 and 7. */
class RaftPaperStorageTest {

  // Raft paper 5.6: persistent state

  /** 5.6: persistent state is durable before the answer: a vote. */
  @Test
  void vote_waits_for_the_disk() {
    LoneReplica one = setup().start();
    one.slowDisk();
    one.receive(TWO, new RequestVote(1, EntryId.ZERO, false));
    assertThat(one.takeSent()).isEmpty();
    one.sync();
    assertThat(one.takeSent()).containsExactly("2 RequestVoteResponse term=1 granted");
  }

  /** 5.6: the same for entries. */
  @Test
  void acknowledgement_waits_for_the_disk() {
    LoneReplica one = setup().start();
    one.follow(1);
    one.slowDisk();
    one.receive(TWO, new AppendEntries(1, EntryId.ZERO, entries(1, 1), 0, 3));
    assertThat(one.takeSent()).isEmpty();
    one.sync();
    assertThat(one.takeSent()).containsExactly("2 AppendEntriesResponse term=1 match=1 round=3");
  }

  /** 5.6: and for a candidate's vote for itself, which it shows by asking others. */
  @Test
  void candidate_asks_only_once_its_own_vote_is_durable() {
    LoneReplica one = setup().start();
    one.losePatience();
    one.slowDisk();
    one.receive(TWO, new PreVoteResponse(1, true));
    assertThat(one.sent(RequestVote.class)).isEmpty();
    one.sync();
    assertThat(one.sent(RequestVote.class)).hasSize(2);
  }

  // Raft paper 7: log compaction

  /** 7: the snapshot's last included index and term support the consistency check. */
  @Test
  void append_right_after_a_snapshot_fits() {
    LoneReplica one = setup().start();
    installSnapshot(one, id(1, 5));
    one.receive(TWO, new AppendEntries(2, id(1, 5), entries(6, 2), 0, 1));
    assertThat(one.status().lastIndex()).isEqualTo(6);
  }

  /** 7: "the follower discards its entire log; it is all superseded by the snapshot". */
  @Test
  void snapshot_that_conflicts_replaces_the_log() {
    LoneReplica one = setup().hardState(1, 0, 0).log(1, 1, 1).start();
    installSnapshot(one, id(2, 3));
    assertThat(one.status().firstIndex()).isEqualTo(4);
    assertThat(one.status().lastIndex()).isEqualTo(3);
    assertThat(one.status().commitIndex()).isEqualTo(3);
  }

  /** 7: for a prefix of its log, "entries following the snapshot are still valid". */
  @Test
  void snapshot_of_a_prefix_keeps_what_follows() {
    LoneReplica one = setup().hardState(1, 0, 0).log(1, 1, 1).start();
    installSnapshot(one, id(1, 2));
    assertThat(one.status().lastIndex()).isEqualTo(3);
    assertThat(one.status().commitIndex()).isEqualTo(2);
  }

  /** 7: "a snapshot includes the latest configuration as of last included index". */
  @Test
  void snapshot_brings_its_membership() {
    LoneReplica one = setup().start();
    Membership four = Membership.ofVoters(ids(1, 2, 3, 4));
    one.receive(
        TWO,
        new InstallSnapshot(
            2, 1, new SnapshotMetadata(id(1, 5), four), 0, Bytes.wrap(new byte[8]), 0, true));
    assertThat(one.status().membership()).isEqualTo(four);
  }

  /** 7: "the leader must send a snapshot" when it has discarded the next entry to send. */
  @Test
  void follower_behind_the_log_gets_a_snapshot() {
    LoneReplica one = setup().hardState(1, 0, 0).log(1).start();
    one.becomeLeader();
    for (int silence = 0; silence <= TestConfigs.ELECTION_TICKS; silence++) {
      one.tick(1);
      one.receive(TWO, new AppendEntriesResponse(2, 2, 1));
    }
    one.replica().checkpoint();
    one.forget();
    one.receive(THREE, new AppendEntriesRejection(2, id(1, 1), EntryId.ZERO, 1));
    assertThat(one.sent(InstallSnapshot.class))
        .extracting(m -> m.metadata().lastIncluded())
        .containsExactly(id(2, 2));
  }

  private static void installSnapshot(LoneReplica one, EntryId last) {
    Membership three = Membership.ofVoters(ids(1, 2, 3));
    one.receive(
        TWO,
        new InstallSnapshot(
            2, 1, new SnapshotMetadata(last, three), 0, Bytes.wrap(new byte[8]), 0, true));
  }

  private static SortedSet<ReplicaId> ids(long... values) {
    TreeSet<ReplicaId> ids = new TreeSet<>();
    for (long value : values) {
      ids.add(new ReplicaId(value));
    }
    return ids;
  }
}
