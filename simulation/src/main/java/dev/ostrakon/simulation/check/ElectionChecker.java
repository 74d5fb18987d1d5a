package dev.ostrakon.simulation.check;

import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.Member;
import java.util.HashMap;
import java.util.Map;

/** Terms, votes and leaders: who was elected, and who was promised what. */
final class ElectionChecker implements ClusterObserver {

  private record Seat(int group, long term) {}

  private record Ballot(Member<?, ?> voter, long term) {}

  private final Findings findings;
  private final Map<Seat, ReplicaId> leaders = new HashMap<>();
  private final Map<Ballot, ReplicaId> votes = new HashMap<>();
  private final Map<Member<?, ?>, Long> shownTerms = new HashMap<>();
  private long electionCount;

  ElectionChecker(Findings findings) {
    this.findings = findings;
  }

  long electionCount() {
    return electionCount;
  }

  @Override
  public void onEvent(Member<?, ?> member, ReplicaEvent event) {
    if (event instanceof ReplicaEvent.BecameLeader elected) {
      electionCount++;
      ReplicaId before = leaders.putIfAbsent(new Seat(member.group(), elected.term()), member.id());
      if (before != null) {
        findings.report(
            Invariant.ELECTION_SAFETY,
            member + " was elected in term " + elected.term() + ", " + before + " had been before");
      }
    }
  }

  @Override
  public void onSend(Member<?, ?> from, ReplicaId to, RaftMessage message) {
    switch (message.kind()) {
      case REQUEST_VOTE -> onVote(from, message.term(), from.id());
      case REQUEST_VOTE_RESPONSE -> {
        if (((RaftMessage.RequestVoteResponse) message).granted()) {
          onVote(from, message.term(), to);
        }
      }
      case APPEND_ENTRIES_RESPONSE -> {
        onTermShown(from, message);
        onAcknowledged(from, (RaftMessage.AppendEntriesResponse) message);
      }
      case APPEND_ENTRIES, HEARTBEAT, HEARTBEAT_RESPONSE -> onTermShown(from, message);
      case PRE_VOTE,
          PRE_VOTE_RESPONSE,
          APPEND_ENTRIES_REJECTION,
          INSTALL_SNAPSHOT,
          INSTALL_SNAPSHOT_RESPONSE,
          TIMEOUT_NOW,
          READ_INDEX,
          READ_INDEX_RESPONSE -> {}
    }
  }

  private void onVote(Member<?, ?> voter, long term, ReplicaId candidate) {
    ReplicaId before = votes.putIfAbsent(new Ballot(voter, term), candidate);
    if (before != null && !before.equals(candidate)) {
      findings.report(
          Invariant.ONE_VOTE_PER_TERM,
          voter + " voted in term " + term + " for " + candidate + " and before for " + before);
    }
    shownTerms.merge(voter, term, Math::max);
    HardState durable = voter.disk().log().hardState();
    if (durable.term() < term
        || (durable.term() == term && !durable.votedFor().equals(candidate))) {
      findings.report(
          Invariant.PROMISE_DURABLE,
          voter + " voted for " + candidate + " in term " + term + ", durable is " + durable);
    }
  }

  private void onTermShown(Member<?, ?> from, RaftMessage message) {
    shownTerms.merge(from, message.term(), Math::max);
    long durable = from.disk().log().hardState().term();
    if (durable < message.term()) {
      findings.report(
          Invariant.PROMISE_DURABLE,
          from + " sent [" + message + "] while its durable term is " + durable);
    }
  }

  /** Only while the term lasts: in a later one the entries may rightly be gone again. */
  private void onAcknowledged(Member<?, ?> from, RaftMessage.AppendEntriesResponse message) {
    boolean sameTerm = from.disk().log().hardState().term() == message.term();
    long durable = Math.max(from.disk().log().lastIndex(), from.disk().state().metadata().index());
    if (sameTerm && durable < message.matchIndex()) {
      findings.report(
          Invariant.PROMISE_DURABLE,
          from + " sent [" + message + "] while its log is durable to " + durable);
    }
  }

  /** A replica is in this term now. */
  void onTerm(Member<?, ?> member, long term) {
    long shown = shownTerms.getOrDefault(member, 0L);
    if (term < shown) {
      findings.report(
          Invariant.TERM_MONOTONE,
          member + " is in term " + term + " after it showed term " + shown + " to others");
    }
  }
}
