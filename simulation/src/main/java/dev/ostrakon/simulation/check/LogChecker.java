package dev.ostrakon.simulation.check;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.engine.LogImage;
import java.util.HashMap;
import java.util.Map;

/** What is written to the logs. */
final class LogChecker implements ClusterObserver {

  private record Place(int group, long term, long index) {}

  /** What is known of an entry: itself, and the term of the one before it. */
  private record Fact(LogEntry entry, long previousTerm) {}

  private final Findings findings;
  private final Map<Place, Fact> facts = new HashMap<>();
  private final Map<Member<?, ?>, Long> leadingTerm = new HashMap<>();

  LogChecker(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void onEvent(Member<?, ?> member, ReplicaEvent event) {
    if (event instanceof ReplicaEvent.BecameLeader elected) {
      leadingTerm.put(member, elected.term());
    }
  }

  @Override
  public void onPersist(Member<?, ?> member, LogWrite write) {
    LogImage log = member.log();
    boolean reset = !write.resetTo().equals(EntryId.ZERO);
    if (!write.entries().isEmpty()) {
      long first = write.entries().get(0).index();
      checkMatching(member, write, reset ? write.resetTo().term() : log.termAt(first - 1));
      // The event that ends a leadership comes after the write, but the write has the later term.
      boolean leads = leadingTerm.getOrDefault(member, 0L) == write.hardState().term();
      if (leads && (reset || first <= log.lastIndex())) {
        findings.report(
            Invariant.LEADER_APPEND_ONLY,
            member + " leads and overwrites its log " + log.last() + " from " + first);
      }
    }
    checkCompaction(member, reset ? write.resetTo() : write.compactTo());
  }

  private void checkMatching(Member<?, ?> member, LogWrite write, long termBefore) {
    long previousTerm = termBefore;
    for (LogEntry entry : write.entries()) {
      Place place = new Place(member.group(), entry.term(), entry.index());
      Fact fact = new Fact(entry, previousTerm);
      Fact known = facts.putIfAbsent(place, fact);
      if (known != null && !known.equals(fact)) {
        findings.report(
            Invariant.LOG_MATCHING,
            member + " appends " + entry + " after term " + previousTerm + ", known as " + known);
      }
      previousTerm = entry.term();
    }
  }

  private void checkCompaction(Member<?, ?> member, EntryId dropped) {
    EntryId checkpoint = member.disk().state().metadata().lastIncluded();
    if (dropped.index() > checkpoint.index()) {
      findings.report(
          Invariant.COMPACTION,
          member + " drops its log up to " + dropped + ", its checkpoint is at " + checkpoint);
    }
  }
}
