package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftStatus.PeerProgress;
import dev.ostrakon.raft.RaftStatus.ReplicationState;

/**
 * What a leader knows of one follower, and what it may send there.
 *
 * <p>Invariant: matchIndex < nextIndex.
 */
final class Progress {

  private final ReplicaId peer;
  private final RaftConfig config;
  private final InflightWindow window;

  /** Volatile. The follower durably holds the leader's log up to here. */
  private long matchIndex;

  /** Volatile. The next entry to send; optimistic while replicating. */
  private long nextIndex;

  private ReplicationState state = ReplicationState.PROBE;

  /** Whether the one message that a probe allows is on its way. */
  private boolean probeSent;

  /** The newest round that the follower has answered. */
  private long acknowledgedRound;

  /** The leader's newest round when entries were last sent. */
  private long lastSentRound;

  private long lastHeardTick;
  private long lastAdvanceTick;
  private long snapshotNotBeforeTick;

  /** The fetch of entries for this follower that is under way, or 0. */
  private long fetchId;

  private long fetchFrom;

  Progress(ReplicaId peer, RaftConfig config, long nextIndex, long tick) {
    this.peer = peer;
    this.config = config;
    this.window = new InflightWindow(config.maxInflightAppends(), config.maxInflightBytes());
    this.nextIndex = nextIndex;
    this.lastHeardTick = tick;
    this.lastAdvanceTick = tick;
  }

  ReplicaId peer() {
    return peer;
  }

  ReplicationState state() {
    return state;
  }

  long matchIndex() {
    return matchIndex;
  }

  long nextIndex() {
    return nextIndex;
  }

  long acknowledgedRound() {
    return acknowledgedRound;
  }

  long lastHeardTick() {
    return lastHeardTick;
  }

  /** Any answer in the leader's term is a sign of life. */
  void onHeard(long tick) {
    lastHeardTick = tick;
  }

  void onRound(long round) {
    acknowledgedRound = Math.max(acknowledgedRound, round);
  }

  /** Whether an AppendEntries may be sent to this follower now. */
  boolean maySend() {
    return switch (state) {
      case PROBE -> !probeSent;
      case REPLICATE -> !window.isFull();
      case SNAPSHOT -> false;
    };
  }

  /** Entries that end before {@code newNextIndex} are on their way; none for an empty probe. */
  void onSent(long newNextIndex, long bytes, long round, long tick) {
    lastSentRound = round;
    if (state == ReplicationState.PROBE) {
      // A probe stays where it is until it is answered.
      probeSent = true;
      return;
    }
    if (window.isEmpty()) {
      lastAdvanceTick = tick;
    }
    nextIndex = newNextIndex;
    window.add(newNextIndex - 1, bytes);
  }

  /**
   * The follower durably agrees up to {@code index}. Late and duplicate answers change nothing.
   *
   * @param baseIndex the last entry that the leader's log no longer holds
   * @return whether the match index has grown
   */
  boolean onMatched(long index, long baseIndex, long tick) {
    boolean isAdvance = index > matchIndex;
    if (isAdvance) {
      matchIndex = index;
      lastAdvanceTick = tick;
    }
    window.freeUpTo(index);
    boolean mayLeaveProbe = state == ReplicationState.PROBE && matchIndex >= nextIndex - 1;
    boolean mayLeaveSnapshot = state == ReplicationState.SNAPSHOT && matchIndex >= baseIndex;
    if (mayLeaveProbe || mayLeaveSnapshot) {
      becomeReplicate(tick);
    }
    nextIndex = Math.max(nextIndex, matchIndex + 1);
    return isAdvance;
  }

  /**
   * The follower's log lacks the entry that was sent as previous. Backs up over whole terms; late
   * and duplicate answers are recognised by the entry that they reject.
   */
  void onRejected(EntryId rejected, EntryId hint, RaftLog log) {
    boolean isStale =
        state == ReplicationState.SNAPSHOT
            || rejected.index() <= matchIndex
            || (state == ReplicationState.PROBE && rejected.index() != nextIndex - 1);
    if (isStale) {
      return;
    }
    long agreed =
        hint.index() < log.baseIndex() ? hint.index() : log.floorOfTerm(hint.index(), hint.term());
    becomeProbe(Math.max(matchIndex + 1, Math.min(rejected.index(), agreed + 1)));
  }

  /**
   * The follower answered a heartbeat. If it has not answered entries that left before that
   * heartbeat for two heartbeats' time, they are lost or its disk is slow: a probe finds out which.
   */
  void onHeartbeatResponse(long round, long tick) {
    if (state == ReplicationState.PROBE) {
      probeSent = false;
    } else if (state == ReplicationState.REPLICATE
        && !window.isEmpty()
        && round > lastSentRound
        && tick - lastAdvanceTick >= 2L * config.heartbeatTicks()) {
      becomeProbe(nextIndex);
    }
  }

  private void becomeReplicate(long tick) {
    state = ReplicationState.REPLICATE;
    nextIndex = matchIndex + 1;
    lastAdvanceTick = tick;
    window.clear();
  }

  private void becomeProbe(long next) {
    state = ReplicationState.PROBE;
    nextIndex = next;
    probeSent = false;
    window.clear();
  }

  /** The log no longer holds what the follower needs. */
  void becomeSnapshot() {
    state = ReplicationState.SNAPSHOT;
    window.clear();
  }

  /** Whether a transfer may be started: not to the dead, and not soon after one failed. */
  boolean maySendSnapshot(long tick) {
    return tick >= snapshotNotBeforeTick && isLive(tick);
  }

  /** Whether the follower was heard of within an election timeout. */
  boolean isLive(long tick) {
    return tick - lastHeardTick < config.electionTimeoutTicks();
  }

  /** A transfer ended; {@code installedIndex} is 0 if it failed. */
  void onSnapshotSent(long installedIndex, long tick) {
    if (state != ReplicationState.SNAPSHOT) {
      return;
    }
    if (installedIndex == 0) {
      snapshotNotBeforeTick = tick + config.electionTimeoutTicks();
    }
    // The follower's own acknowledgement proves what it holds; this only says where to ask.
    becomeProbe(Math.max(matchIndex, installedIndex) + 1);
  }

  boolean isFetching() {
    return fetchId != 0;
  }

  void onFetchStarted(long id) {
    fetchId = id;
    fetchFrom = nextIndex;
  }

  /** Whether this fetch was this follower's; it is over then. */
  boolean maybeEndFetch(long id) {
    if (id != fetchId) {
      return false;
    }
    fetchId = 0;
    return true;
  }

  /** Whether what the last fetch brought is still what is to be sent next. */
  boolean wantsFetched() {
    return state == ReplicationState.REPLICATE && nextIndex == fetchFrom && maySend();
  }

  PeerProgress toStatus() {
    return new PeerProgress(peer, state, matchIndex, nextIndex, window.count());
  }

  void checkInvariants(long lastIndex) {
    Invariants.check(matchIndex < nextIndex, "matchIndex < nextIndex", matchIndex, nextIndex);
    Invariants.check(matchIndex <= lastIndex, "matchIndex <= lastIndex", matchIndex, lastIndex);
    Invariants.check(
        nextIndex <= lastIndex + 1, "nextIndex <= lastIndex + 1", nextIndex, lastIndex);
  }
}
