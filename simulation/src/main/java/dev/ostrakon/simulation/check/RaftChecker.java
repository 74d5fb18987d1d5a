package dev.ostrakon.simulation.check;

import dev.ostrakon.raft.InvariantViolation;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Checks every invariant of Raft on a whole cluster after every step. */
public final class RaftChecker implements ClusterObserver {

  private final Findings findings;
  private final Map<Integer, GroupHistory> histories = new TreeMap<>();
  private final Map<Integer, List<Member<?, ?>>> byNode = new TreeMap<>();
  private final ElectionChecker elections;
  private final LogChecker logs;
  private final CommitChecker commits;
  private final Set<Integer> replaced = new HashSet<>();
  private long snapshotsInstalledCount;

  private RaftChecker(
      Findings findings,
      Collection<GroupShape> shapes,
      List<? extends Member<?, ?>> members,
      BiConsumer<GroupHistory, LogEntry> onCommitted) {
    this.findings = findings;
    Map<Integer, List<Member<?, ?>>> byGroup = new TreeMap<>();
    for (GroupShape shape : shapes) {
      histories.put(shape.group(), new GroupHistory(shape));
    }
    for (Member<?, ?> member : members) {
      byGroup.computeIfAbsent(member.group(), ignored -> new ArrayList<>()).add(member);
      byNode.computeIfAbsent(member.node(), ignored -> new ArrayList<>()).add(member);
    }
    this.elections = new ElectionChecker(findings);
    this.logs = new LogChecker(findings);
    this.commits = new CommitChecker(findings, histories, byGroup, onCommitted);
  }

  /**
   * Watches a cluster from now on; call before it is started.
   *
   * @param onCommitted is told of each entry when it is first known to be committed
   */
  public static <R, M extends StateMachine<R>> RaftChecker watch(
      Cluster<R, M> cluster, Findings findings, BiConsumer<GroupHistory, LogEntry> onCommitted) {
    RaftChecker checker =
        new RaftChecker(findings, cluster.shape().groups(), cluster.members(), onCommitted);
    cluster.observe(checker);
    int electionTimeoutTicks = cluster.shape().config().raft().electionTimeoutTicks();
    cluster.observe(new LeadershipChecker(findings, electionTimeoutTicks));
    cluster.observe(new DiskChecker(findings, electionTimeoutTicks));
    return checker;
  }

  /** The committed history of each group, by its number. */
  public Map<Integer, GroupHistory> histories() {
    return Collections.unmodifiableMap(histories);
  }

  /** Leaders elected so far. */
  public long electionCount() {
    return elections.electionCount();
  }

  /** Snapshots of a leader that replaced a follower's state so far. */
  public long snapshotsInstalledCount() {
    return snapshotsInstalledCount;
  }

  /** Whether a member has lost its disk: then it owes nothing to what it said before. */
  private boolean isReplaced(Member<?, ?> member) {
    return replaced.contains(member.node());
  }

  @Override
  public void onDiskReplaced(int node) {
    commits.onDiskReplaced(node);
    replaced.add(node);
  }

  @Override
  public void afterTask(int node) {
    for (Member<?, ?> member : byNode.getOrDefault(node, List.of())) {
      member.life().ifPresent(life -> check(member, life.replica()));
    }
  }

  private void check(Member<?, ?> member, Replica<?> replica) {
    if (replica.isStopped() || isReplaced(member)) {
      return;
    }
    RaftStatus status = replica.status();
    elections.onTerm(member, status.term());
    if (replica.isSettled()) {
      commits.onStatus(member, status);
    }
    try {
      replica.checkInvariants();
    } catch (InvariantViolation violation) {
      findings.report(Invariant.CORE_INVARIANT, member + ": " + violation.getMessage());
    }
  }

  @Override
  public void onCrash(int node) {
    commits.onCrash(node);
  }

  @Override
  public void onSend(Member<?, ?> from, ReplicaId to, RaftMessage message) {
    if (!isReplaced(from)) {
      elections.onSend(from, to, message);
    }
  }

  @Override
  public void onPersist(Member<?, ?> member, LogWrite write) {
    if (!isReplaced(member)) {
      logs.onPersist(member, write);
    }
  }

  @Override
  public void onApply(Member<?, ?> member, LogEntry entry) {
    if (!isReplaced(member)) {
      commits.onApply(member, entry);
    }
  }

  @Override
  public void onApplied(Member<?, ?> member, LogEntry entry, Object result, long contentHash) {
    if (!isReplaced(member)) {
      commits.onApplied(member, entry, result, contentHash);
    }
  }

  @Override
  public void onRestored(Member<?, ?> member, SnapshotMetadata at, long contentHash) {
    if (!isReplaced(member)) {
      commits.onRestored(member, at, contentHash);
    }
  }

  @Override
  public void onEvent(Member<?, ?> member, ReplicaEvent event) {
    elections.onEvent(member, event);
    logs.onEvent(member, event);
    commits.onEvent(member, event);
    if (event instanceof ReplicaEvent.SnapshotInstalled) {
      snapshotsInstalledCount++;
    }
  }

  @Override
  public void onStopped(Member<?, ?> member, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    boolean ofTheDisk =
        cause instanceof StorageException failure
            && failure.reason() != StorageException.Reason.CORRUPT // Simulated disks keep bytes.
            && failure.reason() != StorageException.Reason.PROGRAM_ERROR;
    if (!ofTheDisk) {
      findings.report(
          root instanceof InvariantViolation ? Invariant.CORE_INVARIANT : Invariant.NO_EXCEPTION,
          member + " stopped: " + root);
    }
  }
}
