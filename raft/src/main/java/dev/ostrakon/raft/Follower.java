package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.RaftMessage.AppendEntriesRejection;
import dev.ostrakon.raft.RaftMessage.Heartbeat;
import dev.ostrakon.raft.RaftMessage.HeartbeatResponse;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;

/** The receiving side of a leader's messages, all of the current term (Raft paper 5.3 and 7). */
final class Follower {

  private final ReplicaState state;
  private final Roles roles;
  private final Acknowledgement acknowledgement;

  Follower(ReplicaState state, Roles roles, Acknowledgement acknowledgement) {
    this.state = state;
    this.roles = roles;
    this.acknowledgement = acknowledgement;
  }

  void onAppendEntries(ReplicaId from, AppendEntries message) {
    if (state.isDiskStalled()) {
      return; // As if it was lost: else what waits for the disk would grow without bound.
    }
    RaftLog log = state.log();
    long commitIndex = state.feed().commitIndex();
    if (message.lastIndex() < log.baseIndex()) {
      // Compacted, so committed, so the leader has it too: tell it how far that goes.
      acknowledgement.add(from, commitIndex, message.round());
      return;
    }
    if (!log.contains(anchorOf(message))) {
      Invariants.check(
          message.previous().index() > commitIndex,
          "a leader's log has every committed entry",
          message.previous().index(),
          commitIndex);
      reject(from, message);
      return;
    }
    log.merge(message.entries(), commitIndex, state.rules());
    long matched = message.lastIndex();
    state
        .feed()
        .maybeCommitTo(
            state.rules().followerCommitIndex(message.commitIndex(), matched, log.lastIndex()));
    acknowledgement.add(from, matched, message.round());
  }

  /** The first entry that message and log can both speak of. */
  private EntryId anchorOf(AppendEntries message) {
    long skipped = state.log().baseIndex() - message.previous().index();
    return skipped <= 0 ? message.previous() : message.entries().get((int) skipped - 1).id();
  }

  /** Raft paper 5.3: tells the leader from where on the logs may agree, skipping whole terms. */
  private void reject(ReplicaId from, AppendEntries message) {
    RaftLog log = state.log();
    EntryId previous = message.previous();
    long hint = Math.max(log.baseIndex(), log.floorOfTerm(previous.index(), previous.term()));
    state.sendOnceTermDurable(
        from,
        new AppendEntriesRejection(
            state.terms().term(), previous, log.idAt(hint), message.round()));
  }

  void onHeartbeat(ReplicaId from, Heartbeat message) {
    // The leader promises not to speak of more than this replica has acknowledged in this term.
    Invariants.check(
        message.commitIndex() <= state.log().lastIndex(),
        "what was acknowledged is still in the log",
        message.commitIndex(),
        state.log().lastIndex());
    state.feed().maybeCommitTo(message.commitIndex());
    state.sendOnceTermDurable(from, new HeartbeatResponse(state.terms().term(), message.round()));
  }

  void onInstallSnapshot(ReplicaId from, InstallSnapshot message) {
    long commitIndex = state.feed().commitIndex();
    if (message.metadata().index() <= commitIndex) {
      // Not needed any more; the log can go on from here.
      acknowledgement.add(from, commitIndex, 0);
    } else {
      state.outbox().passOn(from, message);
    }
  }

  /**
   * A snapshot has replaced the state. Keeps the log behind it if the snapshot is a prefix of the
   * log, and drops the whole log otherwise (Raft paper, figure 13, steps 6 to 8).
   */
  void onSnapshotInstalled(SnapshotMetadata metadata) {
    RaftLog log = state.log();
    EntryId last = metadata.lastIncluded();
    if (last.index() < log.baseIndex()) {
      return;
    }
    if (!log.contains(last)) {
      Invariants.check(
          roles.role() != Role.LEADER && last.index() > state.feed().commitIndex(),
          "a snapshot agrees with what is committed here",
          last.index(),
          state.feed().commitIndex());
      log.reset(last);
    }
    state.feed().restored(last.index());
    Membership adopted =
        state.rules().membershipAfterSnapshot(state.membership(), metadata.membership());
    state.adoptMembership(last.index(), adopted);
    roles.onMembershipChanged();
    ReplicaId leader = state.terms().leader();
    if (!leader.isNone() && roles.role() != Role.LEADER) {
      acknowledgement.add(leader, last.index(), 0);
    }
    state.outbox().report(new ReplicaEvent.SnapshotInstalled(metadata));
  }
}
