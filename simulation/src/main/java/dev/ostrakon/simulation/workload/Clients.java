package dev.ostrakon.simulation.workload;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.ProposalOutcome;
import dev.ostrakon.replica.ReadResult;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.GroupHistory;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Clients that keep many operations under way, ask the supposed leader or anybody, and check what
 * they are told.
 */
public final class Clients implements ClusterObserver {

  private final Cluster<CommandResult, RegisterMachine> cluster;
  private final WorkloadProfile profile;
  private final RandomSource random;
  private final OperationChecker checker;
  private final Map<Long, Operation> pending = new LinkedHashMap<>();

  /** Who last acknowledged something in a group, or was named as its leader. */
  private final Map<Integer, Integer> supposedLeaders = new LinkedHashMap<>();

  /** The newest command acknowledged in a group. */
  private final Map<Integer, Long> lastAcknowledged = new LinkedHashMap<>();

  private boolean running;
  private boolean lull;
  private long lastId;
  private long acknowledgedCount;
  private long unknownCount;
  private long readCount;

  /** Clients of all groups; idle until {@link #start}. */
  public Clients(
      Cluster<CommandResult, RegisterMachine> cluster,
      WorkloadProfile profile,
      Findings findings,
      RandomSource random) {
    this.cluster = cluster;
    this.profile = profile;
    this.random = random;
    this.checker = new OperationChecker(findings);
    cluster.observe(this);
  }

  /** To be told of every entry when it is first known to be committed. */
  public void onCommitted(GroupHistory history, LogEntry entry) {
    checker.onCommitted(history, entry);
  }

  /** Begins operations, one after the other, until {@link #stop}. */
  public void start() {
    running = true;
    scheduleNext();
    if (profile.lullNanos() > 0) {
      scheduleLull();
    }
  }

  private void scheduleLull() {
    later(
        drawGap(profile.lullNanos()),
        () -> {
          lull = !lull;
          scheduleLull();
        });
  }

  private long drawGap(long meanNanos) {
    return 1 + (long) (-Math.log1p(-random.nextDouble()) * meanNanos);
  }

  /** Begins no more; those under way go on. */
  public void stop() {
    running = false;
  }

  private void scheduleNext() {
    later(
        drawGap(profile.meanGapNanos()),
        () -> {
          beginSome();
          scheduleNext();
        });
  }

  private void beginSome() {
    int count = random.chance(profile.burstChance()) ? profile.burstCount() : 1;
    List<GroupShape> groups = cluster.shape().groups();
    GroupShape group = groups.get(random.nextInt(groups.size()));
    for (int i = 0; i < count && pending.size() < profile.maxPending(); i++) {
      if (lull || random.chance(profile.readShare())) {
        beginReads(group);
      } else {
        beginCommand(group, drawKind());
      }
    }
  }

  private Command.Kind drawKind() {
    int draw = random.nextInt(10);
    return draw < 7 ? Command.Kind.APPEND : draw < 9 ? Command.Kind.PUT : Command.Kind.DELETE;
  }

  /**
   * Sends a command to every group, so that each has something to do; see {@link #progressedSince}.
   */
  public void beginInEveryGroup() {
    cluster.shape().groups().forEach(group -> beginCommand(group, Command.Kind.APPEND));
  }

  private void beginCommand(GroupShape group, Command.Kind kind) {
    drawTarget(group).ifPresent(target -> beginCommand(group, kind, target));
  }

  private void beginCommand(GroupShape group, Command.Kind kind, Target target) {
    Operation operation = begin(group, random.nextInt(profile.registers()), target);
    int padding = random.chance(profile.largeChance()) ? profile.largeBytes() : 0;
    Command command = new Command(kind, operation.register(), operation.id(), padding);
    Life<CommandResult, RegisterMachine> life = target.life();
    life.process()
        .run(
            () ->
                life.replica()
                    .propose(
                        command.encode(),
                        life.process().nowNanos() + profile.timeoutNanos(),
                        outcome -> onOutcome(operation, outcome)));
  }

  private void beginReads(GroupShape group) {
    int register = random.nextInt(profile.registers());
    if (random.chance(profile.pollShare())) {
      poll(group, register);
    } else {
      drawTarget(group).ifPresent(target -> beginRead(group, register, target));
    }
  }

  /** Asks every member at once; the answers of all that answer must agree with real time. */
  private void poll(GroupShape group, int register) {
    group
        .nodes()
        .forEach(
            node -> target(group, node).ifPresent(target -> beginRead(group, register, target)));
  }

  private void beginRead(GroupShape group, int register, Target target) {
    Operation operation = begin(group, register, target);
    Life<CommandResult, RegisterMachine> life = target.life();
    life.process()
        .run(
            () ->
                life.replica()
                    .read(
                        life.process().nowNanos() + profile.timeoutNanos(),
                        result -> onReadResult(operation, life, result)));
  }

  private record Target(int node, Life<CommandResult, RegisterMachine> life) {}

  private Optional<Target> drawTarget(GroupShape group) {
    int count = group.nodes().size();
    int node = group.nodes().get(random.nextInt(count));
    Integer supposed = supposedLeaders.get(group.group());
    if (supposed != null && !random.chance(profile.strayShare())) {
      node = supposed;
    }
    Optional<Target> target = target(group, node);
    if (target.isEmpty()) {
      supposedLeaders.remove(group.group());
    }
    return target;
  }

  private Optional<Target> target(GroupShape group, int node) {
    return cluster
        .member(group.group(), GroupShape.replicaOn(node))
        .flatMap(Member::life)
        .map(life -> new Target(node, life));
  }

  private Operation begin(GroupShape group, int register, Target target) {
    lastId++;
    Operation operation =
        new Operation(
            lastId,
            group.group(),
            register,
            target.life().process(),
            target.node(),
            checker.versionShown(group.group(), register));
    pending.put(lastId, operation);
    cluster.simulator().trace().mix(lastId);
    return operation;
  }

  private void onOutcome(Operation operation, ProposalOutcome<CommandResult> outcome) {
    if (pending.remove(operation.id()) == null) {
      return; // The node crashed meanwhile.
    }
    note(operation, outcome);
    if (outcome instanceof ProposalOutcome.Applied<CommandResult> applied) {
      acknowledgedCount++;
      supposedLeaders.put(operation.group(), operation.node());
      lastAcknowledged.merge(operation.group(), operation.id(), Math::max);
      checker.onApplied(operation, applied.entry(), applied.result());
      if (running && random.chance(profile.verifyChance())) {
        later(0, () -> poll(shapeOf(operation.group()), operation.register()));
      }
    } else if (outcome instanceof ProposalOutcome.NotLeader<CommandResult> elsewhere) {
      checker.onRefused(operation);
      onHint(operation, elsewhere.leaderHint());
    } else if (outcome instanceof ProposalOutcome.Overloaded<CommandResult>) {
      checker.onRefused(operation);
    } else {
      unknownCount++;
      supposedLeaders.remove(operation.group());
    }
  }

  private void onHint(Operation operation, ReplicaId leader) {
    if (leader.isNone()) {
      supposedLeaders.remove(operation.group());
    } else {
      supposedLeaders.put(operation.group(), GroupShape.nodeOf(leader));
    }
  }

  private void onReadResult(
      Operation operation, Life<CommandResult, RegisterMachine> life, ReadResult result) {
    if (result == ReadResult.READY) {
      life.machine().read(operation.register(), value -> onRead(operation, value));
    } else if (pending.remove(operation.id()) != null) {
      note(operation, result);
      supposedLeaders.remove(operation.group());
    }
  }

  private void onRead(Operation operation, RegisterValue value) {
    if (pending.remove(operation.id()) != null) {
      note(operation, value);
      readCount++;
      checker.onRead(operation, value);
    }
  }

  /** Who waited for a leader rushes to the new one. */
  @Override
  public void onEvent(Member<?, ?> member, ReplicaEvent event) {
    if (event instanceof ReplicaEvent.BecameLeader
        && running
        && random.chance(profile.rushChance())) {
      GroupShape group = member.shape();
      later(
          random.chance(0.5) ? 0 : random.nextLong(0, profile.timeoutNanos() / 4),
          () ->
              target(group, member.node())
                  .ifPresent(target -> beginCommand(group, drawKind(), target)));
    }
  }

  private void later(long nanos, Runnable action) {
    cluster
        .simulator()
        .after(
            nanos,
            () -> {
              if (running) {
                action.run();
              }
            });
  }

  private GroupShape shapeOf(int group) {
    return cluster.shape().groups().stream()
        .filter(shape -> shape.group() == group)
        .findFirst()
        .orElseThrow();
  }

  private void note(Operation operation, Object end) {
    if (cluster.simulator().trace().isRead()) {
      cluster.simulator().trace().line(operation + " ended: " + end);
    }
  }

  /** Operations on a node that crashed end with it: nobody knows what became of them. */
  @Override
  public void onCrash(int node) {
    List<Operation> ended = new ArrayList<>();
    for (Operation operation : pending.values()) {
      if (operation.node() == node && !operation.process().isAlive()) {
        ended.add(operation);
      }
    }
    ended.forEach(operation -> pending.remove(operation.id()));
    unknownCount += ended.size();
    supposedLeaders.values().removeIf(leader -> leader == node);
  }

  /** A point in the order of operations: all that begin later are after it. */
  public long mark() {
    return lastId;
  }

  /** Whether in every group a command was acknowledged that began after the mark. */
  public boolean progressedSince(long mark) {
    return cluster.shape().groups().stream()
        .allMatch(group -> lastAcknowledged.getOrDefault(group.group(), 0L) > mark);
  }

  /** Checks what only the end of a run can tell. */
  public void checkAtEnd() {
    checker.checkRefused();
  }

  /** Operations under way. */
  public int pendingCount() {
    return pending.size();
  }

  /** Commands that were acknowledged. */
  public long acknowledgedCount() {
    return acknowledgedCount;
  }

  /** Commands of which the client does not know what became. */
  public long unknownCount() {
    return unknownCount;
  }

  /** Reads that were served. */
  public long readCount() {
    return readCount;
  }
}
