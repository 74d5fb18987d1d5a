package dev.ostrakon.simulation.check;

import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who may go on leading and who may campaign: a leader that hears no quorum gives up within an
 * election timeout, and nobody raises its term whom a quorum would not elect.
 */
final class LeadershipChecker implements ClusterObserver {

  /** What a leader notices with one tick it may act upon with the next. */
  private static final int SLACK_TICKS = 2;

  /** A leadership as far as it is known: when each follower was heard, in ticks of the leader. */
  private static final class Lead {
    final long term;
    final Map<ReplicaId, Long> heardTick = new HashMap<>();
    long tick;

    Lead(long term) {
      this.term = term;
    }
  }

  private record Candidacy(int group, ReplicaId candidate, long term) {}

  private final Findings findings;
  private final int electionTimeoutTicks;
  private final Map<Member<?, ?>, Lead> leads = new HashMap<>();
  private final Map<Candidacy, Set<ReplicaId>> supporters = new HashMap<>();
  private final Set<Candidacy> ordered = new HashSet<>();

  LeadershipChecker(Findings findings, int electionTimeoutTicks) {
    this.findings = findings;
    this.electionTimeoutTicks = electionTimeoutTicks;
  }

  @Override
  public void onCrash(int node) {
    leads.keySet().removeIf(member -> member.node() == node);
  }

  @Override
  public void onEvent(Member<?, ?> member, ReplicaEvent event) {
    if (event instanceof ReplicaEvent.BecameLeader elected) {
      leads.put(member, new Lead(elected.term()));
    }
  }

  @Override
  public void onDeliver(Member<?, ?> to, ReplicaId from, RaftMessage message) {
    Lead lead = leads.get(to);
    if (lead != null && message.term() == lead.term) {
      lead.heardTick.put(from, lead.tick);
    }
  }

  @Override
  public void onTick(Member<?, ?> member) {
    Lead lead = leads.get(member);
    if (lead == null) {
      return;
    }
    if (!leads(member, lead)) {
      leads.remove(member);
      return;
    }
    lead.tick++;
    long bound = electionTimeoutTicks + (long) SLACK_TICKS;
    long silent = 0;
    for (int node : member.shape().nodes()) {
      if (node != member.node()) {
        ReplicaId peer = GroupShape.replicaOn(node);
        silent += lead.tick - lead.heardTick.getOrDefault(peer, 0L) > bound ? 1 : 0;
      }
    }
    if (member.shape().nodes().size() - silent < member.shape().quorum()) {
      findings.report(
          Invariant.CHECK_QUORUM,
          member + " leads term " + lead.term + " and hears nothing of " + silent + " others");
    }
  }

  private static boolean leads(Member<?, ?> member, Lead lead) {
    return member
        .life()
        .map(Life::replica)
        .filter(replica -> !replica.isStopped())
        .map(replica -> replica.status())
        .filter(status -> status.role() == Role.LEADER && status.term() == lead.term)
        .isPresent();
  }

  @Override
  public void onSend(Member<?, ?> from, ReplicaId to, RaftMessage message) {
    if (message instanceof RaftMessage.PreVoteResponse answer && answer.granted()) {
      supporters
          .computeIfAbsent(
              new Candidacy(from.group(), to, answer.term()), ignored -> new HashSet<>())
          .add(from.id());
    } else if (message instanceof RaftMessage.TimeoutNow order) {
      ordered.add(new Candidacy(from.group(), to, order.term() + 1));
    } else if (message instanceof RaftMessage.RequestVote request) {
      checkCandidacy(from, request);
    }
  }

  private void checkCandidacy(Member<?, ?> from, RaftMessage.RequestVote request) {
    Candidacy candidacy = new Candidacy(from.group(), from.id(), request.term());
    boolean isOrdered = request.transfer() && ordered.contains(candidacy);
    int support = supporters.getOrDefault(candidacy, Set.of()).size() + 1;
    if (!isOrdered && support < from.shape().quorum()) {
      findings.report(
          Invariant.PRE_VOTE,
          from + " campaigns in term " + request.term() + ", which " + support + " would support");
    }
  }
}
