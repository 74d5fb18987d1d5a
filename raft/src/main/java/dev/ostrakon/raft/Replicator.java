package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.RaftMessage.Heartbeat;
import dev.ostrakon.raft.RaftStatus.PeerProgress;
import dev.ostrakon.raft.RaftStatus.ReplicationState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the followers' logs to the state of the leader's. What each follower gets next depends on
 * its own {@link Progress} only, so a slow one never holds up the others.
 */
final class Replicator {

  /** What is to be done next for one follower. */
  private enum Step {
    NOTHING,
    SEND_CACHED,
    /** Nothing to send from memory: ask by an empty message whether the logs agree. */
    SEND_EMPTY_PROBE,
    FETCH,
    START_SNAPSHOT
  }

  private final ReplicaState state;
  private final Rounds rounds;
  private final Map<ReplicaId, Progress> followers = new TreeMap<>();

  /** The leader's ticks since it was elected. */
  private long tick;

  Replicator(ReplicaState state, Rounds rounds) {
    this.state = state;
    this.rounds = rounds;
    onMembershipChanged();
  }

  /** Follows the membership in force: forgets who left, begins with who came. */
  void onMembershipChanged() {
    followers.keySet().removeIf(peer -> !state.membership().contains(peer));
    for (ReplicaId peer : state.membership().members()) {
      if (!peer.equals(state.id()) && !followers.containsKey(peer)) {
        long nextIndex = state.log().lastIndex() + 1;
        followers.put(peer, new Progress(peer, state.config(), nextIndex, tick));
      }
    }
  }

  @Nullable Progress follower(ReplicaId peer) {
    return followers.get(peer);
  }

  /** Whether a follower that is heard of is not known to have everything up to this index. */
  boolean isAnyBehind(long index) {
    return followers.values().stream()
        .anyMatch(follower -> follower.isLive(tick) && follower.matchIndex() < index);
  }

  /** The voter heard of lately that is known to hold most of the log, or NONE. */
  ReplicaId mostCompleteVoter() {
    ReplicaId best = ReplicaId.NONE;
    long bestIndex = -1;
    for (Map.Entry<ReplicaId, Progress> follower : followers.entrySet()) {
      Progress progress = follower.getValue();
      if (state.membership().isVoter(follower.getKey())
          && progress.isLive(tick)
          && progress.matchIndex() > bestIndex) {
        best = follower.getKey();
        bestIndex = progress.matchIndex();
      }
    }
    return best;
  }

  long tick() {
    return tick;
  }

  void onTick() {
    tick++;
  }

  /** Whether {@link #sendWhatIsDue} would do anything. */
  boolean isDue() {
    for (Progress follower : followers.values()) {
      if (nextStep(follower) != Step.NOTHING) {
        return true;
      }
    }
    return false;
  }

  /** Sends every follower as much as its window allows. */
  void sendWhatIsDue() {
    for (Progress follower : followers.values()) {
      Step step = nextStep(follower);
      while (step != Step.NOTHING) {
        take(step, follower);
        step = nextStep(follower);
      }
    }
  }

  private Step nextStep(Progress follower) {
    if (!follower.maySend()) {
      return Step.NOTHING;
    }
    RaftLog log = state.log();
    long next = follower.nextIndex();
    if (next <= log.baseIndex()) {
      return follower.maySendSnapshot(tick) ? Step.START_SNAPSHOT : Step.NOTHING;
    }
    if (log.isCached(next)) {
      return Step.SEND_CACHED;
    }
    if (follower.state() == ReplicationState.PROBE) {
      return Step.SEND_EMPTY_PROBE;
    }
    return next > log.lastIndex() || follower.isFetching() ? Step.NOTHING : Step.FETCH;
  }

  /** Every step makes the follower's next one another. */
  private void take(Step step, Progress follower) {
    RaftLog log = state.log();
    long next = follower.nextIndex();
    int maxBytes = state.config().maxAppendBytes();
    switch (step) {
      case NOTHING -> {}
      case SEND_CACHED -> send(follower, log.slice(next, log.lastIndex() + 1, maxBytes));
      case SEND_EMPTY_PROBE -> send(follower, List.of());
      case FETCH -> {
        long to = Math.min(log.cachedFrom(), log.lastIndex() + 1);
        follower.onFetchStarted(state.outbox().fetch(next, to, maxBytes));
      }
      case START_SNAPSHOT -> startSnapshot(follower);
    }
  }

  private void startSnapshot(Progress follower) {
    follower.becomeSnapshot();
    state.outbox().startSnapshot(follower.peer());
  }

  private void send(Progress follower, List<LogEntry> entries) {
    long next = follower.nextIndex();
    AppendEntries message =
        new AppendEntries(
            state.terms().term(),
            state.log().idAt(next - 1),
            entries,
            state.feed().commitIndex(),
            rounds.newest());
    long bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      bytes += entries.get(i).sizeBytes();
    }
    follower.onSent(next + entries.size(), bytes, rounds.newest(), tick);
    state.outbox().send(follower.peer(), message);
  }

  /** Tells everybody that the leader lives, in the newest round. */
  void broadcastHeartbeat() {
    for (Progress follower : followers.values()) {
      sendHeartbeat(follower);
    }
  }

  void sendHeartbeat(Progress follower) {
    long commitIndex =
        state.rules().heartbeatCommitIndex(state.feed().commitIndex(), follower.matchIndex());
    state
        .outbox()
        .send(follower.peer(), new Heartbeat(state.terms().term(), commitIndex, rounds.newest()));
  }

  /** Takes the answer to a fetch that was made for a follower. */
  void onFetched(long fetchId, List<LogEntry> entries) {
    for (Progress follower : followers.values()) {
      if (follower.maybeEndFetch(fetchId)) {
        onFetched(follower, entries);
        return;
      }
    }
  }

  private void onFetched(Progress follower, List<LogEntry> entries) {
    if (!follower.wantsFetched() || follower.nextIndex() <= state.log().baseIndex()) {
      return; // The world has moved on; sendWhatIsDue decides anew.
    }
    if (entries.isEmpty()) {
      startSnapshot(follower);
      return;
    }
    FetchedEntries.requireConsecutive(state.log(), entries, follower.nextIndex());
    send(follower, entries);
  }

  /** What {@code voter} durably holds of the leader's log. */
  long matchIndex(ReplicaId voter) {
    if (voter.equals(state.id())) {
      RaftLog log = state.log();
      return state.rules().leaderMatchIndex(log.durableIndex(), log.lastIndex());
    }
    Progress follower = followers.get(voter);
    return follower == null ? 0 : follower.matchIndex();
  }

  /** The newest round that {@code voter} has answered. */
  long acknowledgedRound(ReplicaId voter) {
    if (voter.equals(state.id())) {
      return rounds.newest();
    }
    Progress follower = followers.get(voter);
    return follower == null ? 0 : follower.acknowledgedRound();
  }

  /** The tick of the last sign of life of {@code voter}. */
  long lastHeardTick(ReplicaId voter) {
    if (voter.equals(state.id())) {
      return tick;
    }
    Progress follower = followers.get(voter);
    return follower == null ? Long.MIN_VALUE : follower.lastHeardTick();
  }

  List<PeerProgress> toStatus() {
    List<PeerProgress> status = new ArrayList<>(followers.size());
    for (Progress follower : followers.values()) {
      status.add(follower.toStatus());
    }
    return status;
  }

  void checkInvariants() {
    for (Progress follower : followers.values()) {
      follower.checkInvariants(state.log().lastIndex());
    }
  }
}
