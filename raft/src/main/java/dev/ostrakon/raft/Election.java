package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.PreVote;
import dev.ostrakon.raft.RaftMessage.PreVoteResponse;
import dev.ostrakon.raft.RaftMessage.RequestVote;
import dev.ostrakon.raft.RaftMessage.RequestVoteResponse;

/**
 * Both sides of elections: campaigning and voting (Raft paper 5.2 and 5.4.1; pre-votes, Ongaro
 * thesis 9.6; stickiness, 4.2.3; transfers, 3.10).
 */
final class Election {

  /* Liveness traps of pre-vote together with check-quorum, and what gets the group out of each:
   *
   * 1. A replica whose term is ahead (it once campaigned for real and lost its peers) rejects the
   *    leader, and the leader ignores its requests. It answers the leader's messages with its own
   *    term, at which the leader steps down, and the next election takes place above that term.
   * 2. A replica whose term is behind asks for pre-votes in a term that others have passed. They
   *    deny with their own term, which it adopts, and its next question is a fair one.
   * 3. A leader that reaches nobody keeps its term and its followers away from a better one only
   *    until check-quorum ends its leadership.
   */

  private final ReplicaState state;
  private final Roles roles;

  Election(ReplicaState state, Roles roles) {
    this.state = state;
    this.roles = roles;
  }

  /** Campaigns if nobody leads and patience is over. */
  void onTick() {
    ElectionClock clock = state.clock();
    clock.tick();
    // The own vote, too, must respect the lease of a leader heard recently: by ticks patience
    // implies it, by the clock it might not.
    if (roles.role() != Role.LEADER
        && clock.isPatienceOver()
        && !clock.isSticky(state.nowNanos())
        && !state.isDiskStalled()
        && state.isVoter()) {
      askForPreVotes();
    }
  }

  /**
   * The connection to another replica's process broke. If that one leads, it may have died: this
   * replica campaigns as soon as it does not stick to the leader any more. Pre-votes keep a leader
   * in place that the others still hear from.
   */
  void onDisconnected(ReplicaId peer) {
    if (roles.role() == Role.FOLLOWER && peer.equals(state.terms().leader())) {
      state.clock().onLeaderDisconnected(rankWithout(peer));
    }
  }

  /** How many voters other than the former leader have lower ids than this replica. */
  private int rankWithout(ReplicaId formerLeader) {
    int rank = 0;
    for (ReplicaId member : state.membership().members().headSet(state.id())) {
      if (!member.equals(formerLeader) && state.membership().isVoter(member)) {
        rank++;
      }
    }
    return rank;
  }

  private void askForPreVotes() {
    if (!state.rules().asksForPreVotes()) {
      askForVotes(CampaignReason.TIMEOUT);
      return;
    }
    state.clock().restart();
    roles.becomePreCandidate();
    PreVote question = new PreVote(state.terms().term() + 1, state.log().lastId());
    sendToOtherVoters(question);
    roles.tally().grant(state.id());
    decide();
  }

  /** The leader hands over: campaign without asking for pre-votes (thesis 3.10). */
  void onTimeoutNow(ReplicaId from) {
    boolean isFollower = roles.role() == Role.FOLLOWER && from.equals(state.terms().leader());
    if (isFollower && state.isVoter() && !state.isDiskStalled()) {
      askForVotes(CampaignReason.TRANSFER);
    }
  }

  private enum CampaignReason {
    TIMEOUT,
    TRANSFER
  }

  private void askForVotes(CampaignReason reason) {
    state.clock().restart();
    roles.becomeCandidate();
    sendToOtherVoters(
        new RequestVote(
            state.terms().term(), state.log().lastId(), reason == CampaignReason.TRANSFER));
    maybeCountOwnVote();
  }

  private void sendToOtherVoters(RaftMessage message) {
    for (ReplicaId peer : state.membership().members()) {
      if (!peer.equals(state.id()) && state.membership().isVoter(peer)) {
        sendVoteMessage(peer, message);
      }
    }
  }

  /** A request for votes shows the own vote, so it waits for the disk; a pre-vote need not. */
  private void sendVoteMessage(ReplicaId to, RaftMessage message) {
    if (message.kind() == RaftMessage.Kind.PRE_VOTE || state.rules().voteMayLeaveBeforeDurable()) {
      state.outbox().send(to, message);
    } else {
      state.outbox().sendAfterPersist(to, message);
    }
  }

  /** More of the own state is durable. */
  void onPersisted() {
    maybeCountOwnVote();
  }

  private void maybeCountOwnVote() {
    if (roles.role() == Role.CANDIDATE
        && (state.terms().isDurable() || state.rules().voteMayLeaveBeforeDurable())) {
      roles.tally().grant(state.id());
      decide();
    }
  }

  /** Hazard: the disk may have begun to hang since the campaign began, and votes come late. */
  private void decide() {
    switch (roles.tally().outcome()) {
      case PENDING -> {}
      case LOST -> roles.becomeFollower(state.terms().term(), ReplicaId.NONE);
      case WON -> {
        if (state.isDiskStalled()) {
          roles.becomeFollower(state.terms().term(), ReplicaId.NONE);
        } else if (roles.role() == Role.PRE_CANDIDATE) {
          askForVotes(CampaignReason.TIMEOUT);
        } else {
          roles.becomeLeader();
        }
      }
    }
  }

  private boolean isSticky() {
    return roles.role() == Role.LEADER || state.clock().isSticky(state.nowNanos());
  }

  /** Changes nothing here, whatever the answer. */
  void onPreVote(ReplicaId from, PreVote message) {
    long term = state.terms().term();
    if (message.term() <= term) {
      state.sendOnceTermDurable(from, new PreVoteResponse(term, false));
    } else if (state.isVoter() && !isSticky()) {
      boolean granted = state.rules().isUpToDate(message.last(), state.log().lastId());
      state.sendOnceTermDurable(
          from, new PreVoteResponse(granted ? message.term() : term, granted));
    }
  }

  void onPreVoteResponse(ReplicaId from, PreVoteResponse message) {
    long term = state.terms().term();
    if (!message.granted() && message.term() > term) {
      roles.becomeFollower(message.term(), ReplicaId.NONE);
      return;
    }
    if (roles.role() != Role.PRE_CANDIDATE) {
      return;
    }
    if (!message.granted()) {
      roles.tally().deny(from);
    } else if (message.term() == term + 1) {
      roles.tally().grant(from);
    }
    decide();
  }

  void onRequestVote(ReplicaId from, RequestVote message) {
    TermState terms = state.terms();
    if (message.term() < terms.term()) {
      state.sendOnceTermDurable(from, new RequestVoteResponse(terms.term(), false));
      return;
    }
    boolean isRepeated = message.term() == terms.term() && terms.votedFor().equals(from);
    if (isSticky() && !message.transfer() && !isRepeated) {
      return; // Thesis 4.2.3: neither grants its vote nor updates its term.
    }
    if (message.term() > terms.term()) {
      roles.becomeFollower(message.term(), ReplicaId.NONE);
    }
    if (state.isVoter()) {
      vote(from, message);
    }
  }

  private void vote(ReplicaId from, RequestVote message) {
    TermState terms = state.terms();
    boolean granted =
        terms.leaderOfTerm().isNone()
            && state.rules().mayVoteFor(terms.votedFor(), from)
            && state.rules().isUpToDate(message.last(), state.log().lastId());
    RequestVoteResponse response = new RequestVoteResponse(terms.term(), granted);
    if (!granted) {
      state.sendOnceTermDurable(from, response);
      return;
    }
    terms.voteFor(from, state.rules());
    state.clock().onVoteGranted(); // Raft paper, figure 2: it restarts the timeout.
    sendVoteMessage(from, response);
  }

  void onRequestVoteResponse(ReplicaId from, RequestVoteResponse message) {
    if (roles.role() != Role.CANDIDATE || message.term() != state.terms().term()) {
      return;
    }
    if (message.granted()) {
      roles.tally().grant(from);
    } else {
      roles.tally().deny(from);
    }
    decide();
  }
}
