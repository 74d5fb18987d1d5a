package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.AppendEntriesResponse;

/**
 * What a follower owes its leader for the AppendEntries of one turn: a single answer for all of
 * them, which leaves when everything it speaks of is durable.
 *
 * <p>Forgotten when the term changes: it is a promise to the leader of one term.
 */
final class Acknowledgement {

  private ReplicaId leader = ReplicaId.NONE;
  private long matchIndex;
  private long round;

  boolean isDue() {
    return !leader.isNone();
  }

  /** The log agrees with the leader's up to {@code matched}. */
  void add(ReplicaId to, long matched, long messageRound) {
    leader = to;
    matchIndex = Math.max(matchIndex, matched);
    round = Math.max(round, messageRound);
  }

  void forget() {
    leader = ReplicaId.NONE;
    matchIndex = 0;
    round = 0;
  }

  void settle(ReplicaState state) {
    AppendEntriesResponse response =
        new AppendEntriesResponse(state.terms().term(), matchIndex, round);
    if (state.rules().acknowledgementMayLeaveBeforeDurable()) {
      state.outbox().send(leader, response);
    } else {
      state.outbox().sendAfterPersist(leader, response);
    }
    forget();
  }
}
