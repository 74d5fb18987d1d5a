package dev.ostrakon.simulation.check;

import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.engine.LogImage;
import dev.ostrakon.simulation.engine.ReplicaDisk;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/** What is committed, on how many disks, and what the state machines make of it. */
final class CommitChecker implements ClusterObserver {

  /** How far a member is in its present life. */
  private static final class Position {
    long committed;
    long applied;
    long lastCommand;
  }

  private final Findings findings;
  private final Map<Integer, GroupHistory> histories;
  private final Map<Integer, List<Member<?, ?>>> groups;
  private final BiConsumer<GroupHistory, LogEntry> onCommitted;
  private final Map<Member<?, ?>, Position> positions = new LinkedHashMap<>();

  /** What members held when they lost their disks: it counts, for they elect nobody any more. */
  private final Map<Member<?, ?>, ReplicaDisk.Copy> lost = new HashMap<>();

  /**
   * Checks these groups.
   *
   * @param onCommitted is told of each entry when it is first known to be committed
   */
  CommitChecker(
      Findings findings,
      Map<Integer, GroupHistory> histories,
      Map<Integer, List<Member<?, ?>>> groups,
      BiConsumer<GroupHistory, LogEntry> onCommitted) {
    this.findings = findings;
    this.histories = histories;
    this.groups = groups;
    this.onCommitted = onCommitted;
  }

  private GroupHistory historyOf(Member<?, ?> member) {
    GroupHistory history = histories.get(member.group());
    if (history == null) {
      throw new IllegalArgumentException("unknown group of " + member);
    }
    return history;
  }

  private Position positionOf(Member<?, ?> member) {
    return positions.computeIfAbsent(member, ignored -> new Position());
  }

  /** A member has gone a step, and its ports were told of everything in it. */
  void onStatus(Member<?, ?> member, RaftStatus status) {
    GroupHistory history = historyOf(member);
    Position position = positionOf(member);
    if (status.commitIndex() < position.committed
        || status.appliedIndex() < position.applied
        || status.appliedIndex() > status.commitIndex()
        || status.commitIndex() > status.lastIndex()) {
      findings.report(
          Invariant.COMMIT_MONOTONE,
          member
              + " was at committed="
              + position.committed
              + " applied="
              + position.applied
              + ", is at "
              + status);
    }
    if (status.commitIndex() > position.committed) {
      onCommitAdvanced(member, history, position.committed, status);
      position.committed = status.commitIndex();
    }
    position.applied = status.appliedIndex();
    checkMembership(member, history.membership(), status);
  }

  private void onCommitAdvanced(
      Member<?, ?> member, GroupHistory history, long before, RaftStatus status) {
    LogImage log = member.log();
    boolean news = status.commitIndex() > history.committedIndex();
    for (long index = before + 1; index <= status.commitIndex(); index++) {
      if (history.isKnown(index)) {
        if (log.holds(index) && !log.entry(index).equals(history.entry(index))) {
          report(member, log.entry(index), history.entry(index));
        }
      } else if (index > history.committedIndex()) {
        if (!log.holds(index)) {
          findings.report(
              Invariant.STATE_MACHINE_SAFETY,
              member + " commits " + index + ", which neither it nor anybody before has");
          return;
        }
        history.add(log.entry(index), status.term());
        onCommitted.accept(history, log.entry(index));
      }
    }
    if (news) {
      checkHolders(history, member + " commits " + status.commitIndex());
    }
  }

  private void report(Member<?, ?> member, LogEntry own, LogEntry known) {
    findings.report(
        Invariant.STATE_MACHINE_SAFETY,
        member + " commits " + own + " where " + known + " was committed before");
  }

  /** By log matching, who holds the last committed entry holds all before it. */
  private void checkHolders(GroupHistory history, String occasion) {
    long index = history.committedIndex();
    long term = history.termAt(index);
    int holders = 0;
    for (Member<?, ?> member : groups.getOrDefault(history.shape().group(), List.of())) {
      ReplicaDisk.Copy held = lost.getOrDefault(member, member.disk().view());
      boolean inLog = held.log().holds(index) && held.log().termAt(index) == term;
      if (inLog || held.state().metadata().index() >= index) {
        holders++;
      }
    }
    if (holders < history.shape().quorum()) {
      findings.report(
          Invariant.COMMIT_DURABLE,
          occasion + ": " + index + "@" + term + " is on " + holders + " disks");
    }
  }

  private void checkMembership(Member<?, ?> member, Membership expected, RaftStatus status) {
    boolean knows =
        !member.shape().newcomer().equals(Optional.of(member.node())) || status.firstIndex() > 1;
    if (knows && !status.membership().equals(expected)) {
      findings.report(
          Invariant.MEMBERSHIP, member + " has " + status.membership() + ", expected " + expected);
    }
  }

  @Override
  public void onDiskReplaced(int node) {
    for (List<Member<?, ?>> members : groups.values()) {
      members.stream()
          .filter(member -> member.node() == node)
          .forEach(member -> lost.put(member, member.disk().copy()));
    }
  }

  @Override
  public void onCrash(int node) {
    for (GroupHistory history : histories.values()) {
      if (history.shape().nodes().contains(node)) {
        checkHolders(history, "node " + node + " crashed");
      }
    }
    positions.keySet().removeIf(member -> member.node() == node);
  }

  @Override
  public void onEvent(Member<?, ?> member, ReplicaEvent event) {
    if (event instanceof ReplicaEvent.BecameLeader elected) {
      GroupHistory history = historyOf(member);
      long index = history.committedBefore(elected.term());
      LogImage log = member.log();
      if (log.base().index() < index && log.termAt(index) != history.termAt(index)) {
        findings.report(
            Invariant.LEADER_COMPLETENESS,
            member
                + " leads term "
                + elected.term()
                + " without "
                + index
                + "@"
                + history.termAt(index)
                + ", its log ends at "
                + log.last());
      }
    }
  }

  @Override
  public void onRestored(Member<?, ?> member, SnapshotMetadata at, long contentHash) {
    GroupHistory history = historyOf(member);
    positionOf(member).lastCommand = at.index();
    if (at.index() > history.committedIndex()
        || history.termAt(at.index()) != at.lastIncluded().term()) {
      findings.report(
          Invariant.STATE_MACHINE_SAFETY, member + " is restored to " + at + ", not committed");
      return;
    }
    OptionalLong expected = history.contentAt(at.index());
    if (expected.isEmpty() || expected.getAsLong() != contentHash) {
      findings.report(
          Invariant.STATE_EQUALITY,
          member + " is restored to " + at + " with another state than was applied");
    }
    if (at.index() > 0 && !at.membership().equals(history.membership())) {
      findings.report(Invariant.MEMBERSHIP, member + " is restored to " + at);
    }
  }

  @Override
  public void onApply(Member<?, ?> member, LogEntry entry) {
    GroupHistory history = historyOf(member);
    if (entry.index() > history.committedIndex()) {
      member.life().ifPresent(life -> onStatus(member, life.replica().status()));
    }
    Position position = positionOf(member);
    if (!history.isKnown(entry.index()) || !history.entry(entry.index()).equals(entry)) {
      findings.report(
          Invariant.STATE_MACHINE_SAFETY,
          member + " applies " + entry + ", which is not what was committed there");
      return;
    }
    if (entry.index() <= position.lastCommand) {
      findings.report(
          Invariant.STATE_MACHINE_SAFETY,
          member + " applies " + entry + " after " + position.lastCommand);
    }
    for (long index = position.lastCommand + 1; index < entry.index(); index++) {
      if (history.isKnown(index) && history.entry(index).kind() == EntryKind.COMMAND) {
        findings.report(
            Invariant.STATE_MACHINE_SAFETY, member + " applies " + entry + " without " + index);
      }
    }
    position.lastCommand = entry.index();
  }

  @Override
  public void onApplied(Member<?, ?> member, LogEntry entry, Object result, long contentHash) {
    if (historyOf(member).rememberContent(entry.index(), contentHash).isPresent()) {
      findings.report(
          Invariant.STATE_EQUALITY, member + " has another state than others after " + entry);
    }
  }
}
