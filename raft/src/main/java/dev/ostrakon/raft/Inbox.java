package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.RaftMessage.AppendEntriesRejection;
import dev.ostrakon.raft.RaftMessage.AppendEntriesResponse;
import dev.ostrakon.raft.RaftMessage.Heartbeat;
import dev.ostrakon.raft.RaftMessage.HeartbeatResponse;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.InstallSnapshotResponse;
import dev.ostrakon.raft.RaftMessage.PreVote;
import dev.ostrakon.raft.RaftMessage.PreVoteResponse;
import dev.ostrakon.raft.RaftMessage.ReadIndex;
import dev.ostrakon.raft.RaftMessage.ReadIndexResponse;
import dev.ostrakon.raft.RaftMessage.RequestVote;
import dev.ostrakon.raft.RaftMessage.RequestVoteResponse;
import dev.ostrakon.raft.RaftMessage.TimeoutNow;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rules of terms and membership to what arrives and passes it on to the role concerned
 * (Raft paper 5.1).
 *
 * <p>What a leader or a candidate asks is answered without regard to the own membership, which may
 * be outdated (Ongaro thesis 4.1); everything else counts only from members.
 */
final class Inbox implements RaftMessage.Handler {

  private final ReplicaState state;
  private final Roles roles;
  private final Election election;
  private final Follower follower;
  private final ForwardedReads forwarded;

  Inbox(
      ReplicaState state,
      Roles roles,
      Election election,
      Follower follower,
      ForwardedReads forwarded) {
    this.state = state;
    this.roles = roles;
    this.election = election;
    this.follower = follower;
    this.forwarded = forwarded;
  }

  /** Requests for votes have rules of their own about terms, see {@link Election}. */
  @Override
  public void onPreVote(ReplicaId from, PreVote message) {
    election.onPreVote(from, message);
  }

  @Override
  public void onPreVoteResponse(ReplicaId from, PreVoteResponse message) {
    if (state.membership().contains(from)) {
      election.onPreVoteResponse(from, message);
    }
  }

  @Override
  public void onRequestVote(ReplicaId from, RequestVote message) {
    election.onRequestVote(from, message);
  }

  @Override
  public void onRequestVoteResponse(ReplicaId from, RequestVoteResponse message) {
    if (isCurrentFromMember(from, message)) {
      election.onRequestVoteResponse(from, message);
    }
  }

  @Override
  public void onAppendEntries(ReplicaId from, AppendEntries message) {
    if (isFromLeader(from, message)) {
      follower.onAppendEntries(from, message);
    }
  }

  @Override
  public void onAppendEntriesResponse(ReplicaId from, AppendEntriesResponse message) {
    Leader leader = leaderFor(from, message);
    if (leader != null) {
      leader.onAppendEntriesResponse(from, message);
    }
  }

  @Override
  public void onAppendEntriesRejection(ReplicaId from, AppendEntriesRejection message) {
    Leader leader = leaderFor(from, message);
    if (leader != null) {
      leader.onAppendEntriesRejection(from, message);
    }
  }

  @Override
  public void onHeartbeat(ReplicaId from, Heartbeat message) {
    if (isFromLeader(from, message)) {
      follower.onHeartbeat(from, message);
    }
  }

  @Override
  public void onHeartbeatResponse(ReplicaId from, HeartbeatResponse message) {
    Leader leader = leaderFor(from, message);
    if (leader != null) {
      leader.onHeartbeatResponse(from, message);
    }
  }

  @Override
  public void onInstallSnapshot(ReplicaId from, InstallSnapshot message) {
    if (isFromLeader(from, message)) {
      follower.onInstallSnapshot(from, message);
    }
  }

  @Override
  public void onInstallSnapshotResponse(ReplicaId from, InstallSnapshotResponse message) {
    Leader leader = leaderFor(from, message);
    if (leader != null) {
      leader.onInstallSnapshotResponse(from, message);
    }
  }

  @Override
  public void onTimeoutNow(ReplicaId from, TimeoutNow message) {
    if (isCurrentFromMember(from, message)) {
      election.onTimeoutNow(from);
    }
  }

  @Override
  public void onReadIndex(ReplicaId from, ReadIndex message) {
    Leader leader = leaderFor(from, message);
    if (leader != null) {
      leader.onReadIndex(from, message);
    }
  }

  @Override
  public void onReadIndexResponse(ReplicaId from, ReadIndexResponse message) {
    if (isCurrentFromMember(from, message) && from.equals(state.terms().leader())) {
      forwarded.onAnswer(message.requestId(), message.readIndex(), state.outbox());
    }
  }

  /** Follows the sender of a leader's message, unless its term has passed. */
  private boolean isFromLeader(ReplicaId from, RaftMessage message) {
    long term = state.terms().term();
    if (message.term() < term) {
      // Raft paper 5.1: rejects a stale term. The answer carries this replica's own term, so a
      // leader that cannot lead this replica any more finds out.
      state.sendOnceTermDurable(from, new HeartbeatResponse(term, 0));
      return false;
    }
    // Raft paper 5.2: a candidate that hears from a leader of its term recognises it.
    roles.becomeFollower(message.term(), from);
    state.clock().onContact(state.nowNanos());
    return true;
  }

  /** Drops stale terms and adopts later ones (Raft paper 5.1). */
  private boolean isCurrentFromMember(ReplicaId from, RaftMessage message) {
    long term = state.terms().term();
    if (message.term() < term || !state.membership().contains(from)) {
      return false;
    }
    if (message.term() > term) {
      roles.becomeFollower(message.term(), ReplicaId.NONE);
    }
    return true;
  }

  private @Nullable Leader leaderFor(ReplicaId from, RaftMessage message) {
    return isCurrentFromMember(from, message) ? roles.leader() : null;
  }
}
