package dev.ostrakon.simulation;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.GroupHistory;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.check.RaftChecker;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.cluster.PortDecorator;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.fault.FaultInjector;
import dev.ostrakon.simulation.plan.RunPlan;
import dev.ostrakon.simulation.report.RunCounts;
import dev.ostrakon.simulation.report.RunReport;
import dev.ostrakon.simulation.report.SimulationKind;
import dev.ostrakon.simulation.workload.Clients;
import dev.ostrakon.simulation.workload.CommandResult;
import dev.ostrakon.simulation.workload.RegisterMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * One run of one plan, in three acts: faults; then a quorum in good health, which must make
 * progress; then everybody in good health, who must end in the same state.
 *
 * <p>Invariants are checked after every step; the run ends with the first one that does not hold.
 */
public final class SimulationRun {

  /** Bound of the second act, in units. */
  private static final int PROGRESS_UNITS = 200;

  /** Bound of the third act, in units. */
  private static final int CONVERGENCE_UNITS = 400;

  /** Far more than any sound run takes: beyond it something goes round in circles. */
  private static final long EVENTS_MAX = 5_000_000;

  private final RunPlan plan;
  private final RandomSource random;
  private final Simulator simulator;
  private final Findings findings;
  private final Cluster<CommandResult, RegisterMachine> cluster;
  private final Clients clients;
  private final RaftChecker checker;
  private final FaultInjector faults;

  private SimulationRun(RunPlan plan, PortDecorator decorator, Trace trace) {
    this.plan = plan;
    this.random = new RandomSource(plan.seed()).fork("run");
    this.simulator = new Simulator(trace);
    this.findings = new Findings(simulator);
    this.cluster =
        new Cluster<>(
            simulator, plan.shape(), RegisterMachine.FACTORY, decorator, random.fork("cluster"));
    this.clients = new Clients(cluster, plan.workload(), findings, random.fork("clients"));
    this.checker = RaftChecker.watch(cluster, findings, clients::onCommitted);
    this.faults = new FaultInjector(cluster, plan.faults(), random.fork("faults"));
  }

  /** Carries out a plan with production's rules. */
  public static RunReport of(RunPlan plan, Trace trace) {
    return of(plan, PortDecorator.NONE, trace);
  }

  /** Carries out a plan with something between the replicas and their rules or ports. */
  public static RunReport of(RunPlan plan, PortDecorator decorator, Trace trace) {
    SimulationRun run = new SimulationRun(plan, decorator, trace);
    run.carryOut();
    return run.report();
  }

  private void carryOut() {
    simulator.trace().line("plan " + plan);
    try {
      sufferFaults();
      makeProgress();
      converge();
      if (findings.isEmpty()) {
        clients.checkAtEnd();
      }
    } catch (RuntimeException | Error failure) {
      findings.report(Invariant.NO_EXCEPTION, failure + at(failure));
    }
  }

  private static String at(Throwable failure) {
    StackTraceElement[] stack = failure.getStackTrace();
    return stack.length == 0 ? "" : " at " + stack[0];
  }

  private void sufferFaults() {
    cluster.startAll();
    clients.start();
    faults.start();
    long end = (long) (plan.faultUnits() * plan.unitNanos());
    run(end, () -> false);
  }

  /** A quorum of every group is in good health; the rest is down. */
  private void makeProgress() {
    if (!findings.isEmpty()) {
      return;
    }
    faults.heal(drawDown());
    long mark = clients.mark();
    for (int i = 0; i < PROGRESS_UNITS && findings.isEmpty(); i++) {
      clients.beginInEveryGroup();
      if (run(plan.unitNanos(), () -> clients.progressedSince(mark))) {
        return;
      }
    }
    findings.report(
        Invariant.PROGRESS,
        "no command of every group was acknowledged within " + PROGRESS_UNITS + " units");
  }

  /** Nodes that every group can do without. */
  private List<Integer> drawDown() {
    List<Integer> down = new ArrayList<>();
    int wanted = random.nextInt(plan.shape().nodeCount());
    for (int i = 0; i < wanted; i++) {
      int node = random.nextInt(plan.shape().nodeCount());
      if (!down.contains(node) && mayBeDown(node, down)) {
        down.add(node);
      }
    }
    return down;
  }

  private boolean mayBeDown(int node, List<Integer> down) {
    for (GroupShape group : plan.shape().groups()) {
      if (!group.nodes().contains(node)) {
        continue;
      }
      long left =
          group.nodes().stream()
              .filter(n -> n != node && !down.contains(n) && !cluster.node(n).hasOtherDisk())
              .count();
      // A newcomer counts only once it has a snapshot, so nobody else may be missing.
      if (left < group.quorum() || group.newcomer().isPresent()) {
        return false;
      }
    }
    return true;
  }

  private void converge() {
    if (!findings.isEmpty()) {
      return;
    }
    clients.stop();
    faults.heal(List.of());
    long mark = clients.mark();
    long unit = plan.unitNanos();
    for (int i = 0; i < CONVERGENCE_UNITS && findings.isEmpty(); i++) {
      if (!clients.progressedSince(mark)) {
        clients.beginInEveryGroup();
      }
      run(unit, () -> false);
      if (clients.progressedSince(mark) && clients.pendingCount() == 0 && hasConverged()) {
        return;
      }
    }
    findings.report(
        Invariant.CONVERGENCE,
        "after "
            + CONVERGENCE_UNITS
            + " units: progressed="
            + clients.progressedSince(mark)
            + " pending="
            + clients.pendingCount()
            + " converged="
            + hasConverged());
  }

  private boolean hasConverged() {
    for (GroupHistory history : checker.histories().values()) {
      for (Member<CommandResult, RegisterMachine> member :
          cluster.membersOf(history.shape().group())) {
        if (!cluster.node(member.node()).hasOtherDisk() && !isUpToDate(member, history)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isUpToDate(
      Member<CommandResult, RegisterMachine> member, GroupHistory history) {
    Optional<Life<CommandResult, RegisterMachine>> life = member.life();
    if (life.isEmpty() || life.get().replica().isStopped()) {
      return false;
    }
    Replica<CommandResult> replica = life.get().replica();
    long end = history.committedIndex();
    OptionalLong content = history.contentAt(end);
    return replica.status().appliedIndex() == end
        && replica.status().lastIndex() == end
        && !replica.status().leader().isNone()
        && content.isPresent()
        && content.getAsLong() == life.get().state().contentHash();
  }

  /** Runs for so long or until {@code done}, or until something is found. */
  private boolean run(long nanos, BooleanSupplier done) {
    long end = simulator.nowNanos() + nanos;
    while (findings.isEmpty() && simulator.step(end)) {
      if (done.getAsBoolean()) {
        return true;
      }
      if (simulator.executedCount() > EVENTS_MAX) {
        findings.report(Invariant.BOUNDED_WORK, EVENTS_MAX + " events and no end");
      }
    }
    return false;
  }

  private RunReport report() {
    RunCounts counts =
        RunCounts.of(
            simulator,
            faults.counts(),
            checker,
            new RunCounts.Answers(
                clients.acknowledgedCount(), clients.unknownCount(), clients.readCount()),
            cluster.network().sentCount());
    return new RunReport(
        SimulationKind.RAFT, plan.seed(), findings.first(), simulator.trace().hash(), counts);
  }
}
