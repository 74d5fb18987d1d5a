package dev.ostrakon.simulation.store;

import dev.ostrakon.group.BatchResult;
import dev.ostrakon.group.FrontAnswer;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.RunCounts;
import dev.ostrakon.simulation.RunPlan;
import dev.ostrakon.simulation.RunReport;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.check.RaftChecker;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.cluster.PortDecorator;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.engine.SimulatedNetwork;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.fault.FaultCounts;
import dev.ostrakon.simulation.fault.FaultInjector;
import dev.ostrakon.txn.TxnAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run of the store from one seed: faults and clients; then everybody in good health, the last
 * requests end, every list is read, and the history is judged.
 */
public final class StoreRun implements StoreClient.World, ClusterObserver {

  private static final int SLOTS = 16;
  private static final int CONVERGENCE_UNITS = 400;
  private static final int DEADLINE_UNITS = 25;
  private static final long EVENTS_MAX = 5_000_000;

  private final RunPlan plan;
  private final RandomSource random;
  private final Simulator simulator;
  private final Findings findings;
  private final WallClocks walls;
  private final Configuration configuration;
  private final Cluster<BatchResult, StoreMachine> cluster;
  private final StoreFactory factory;
  private final StoreRoads roads;
  private final double severalShare;
  private final SimulatedNetwork clientNetwork;
  private final RaftChecker checker;
  private final FaultInjector faults;
  private final StoreWorkload workload;
  private final StoreHistory history = new StoreHistory();
  private final List<StoreClient> clients = new ArrayList<>();
  private final Map<String, Long> memories = new HashMap<>();
  private final double gapUnits;
  private boolean running = true;
  private int finalReadsLeft;
  private long acknowledged;
  private long unknown;
  private long reads;

  private StoreRun(RunPlan plan, StoreRules rules, Trace trace) {
    this.plan = plan;
    this.random = new RandomSource(plan.seed()).fork("store");
    this.simulator = new Simulator(trace);
    this.findings = new Findings(simulator);
    int nodes = plan.shape().nodeCount();
    this.walls = new WallClocks(simulator, nodes, random.nextInt(240), random.fork("walls"));
    this.configuration = configuration(plan);
    this.factory =
        new StoreFactory(
            new StoreFactory.Settings(configuration, walls, rules, plan.unitNanos()),
            random.fork("hosts"));
    this.cluster =
        new Cluster<>(simulator, plan.shape(), factory, PortDecorator.NONE, random.fork("cluster"));
    this.roads = new StoreRoads(cluster);
    factory.connect(roads);
    int clientCount = 2 + random.nextInt(7);
    this.clientNetwork =
        new SimulatedNetwork(
            simulator, nodes + clientCount, plan.shape().network(), random.fork("network"));
    this.checker = RaftChecker.watch(cluster, findings, (group, entry) -> {});
    cluster.observe(this);
    this.faults = new FaultInjector(cluster, plan.faults(), random.fork("faults"));
    this.workload = new StoreWorkload(configuration, random.fork("workload"));
    this.severalShare = 0.2 + 0.7 * random.nextDouble();
    this.gapUnits = 0.05 + 0.5 * random.nextDouble();
    for (int i = 0; i < clientCount; i++) {
      clients.add(new StoreClient(nodes + i, this, plan.unitNanos(), random.fork("client-" + i)));
    }
  }

  /** Carries out the plan of a seed with production's rules. */
  public static RunReport of(long seed, Trace trace) {
    return of(seed, StoreRules.STANDARD, trace);
  }

  /** Carries out the plan of a seed with rules of which one may be broken. */
  public static RunReport of(long seed, StoreRules rules, Trace trace) {
    StoreRun run = new StoreRun(StorePlan.draw(seed), rules, trace);
    run.carryOut();
    return run.report();
  }

  private static Configuration configuration(RunPlan plan) {
    TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    List<GroupId> owners = new ArrayList<>();
    List<GroupShape> shapes = plan.shape().groups();
    for (GroupShape shape : shapes) {
      groups.put(
          new GroupId(shape.group()), shape.nodes().stream().map(StoreFactory::nameOf).toList());
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      owners.add(new GroupId(shapes.get(slot % shapes.size()).group()));
    }
    return new Configuration(1, owners, groups);
  }

  private void carryOut() {
    simulator.trace().line("plan " + plan);
    try {
      cluster.startAll();
      clients.forEach(this::scheduleNext);
      walls.start(10 * plan.unitNanos());
      faults.start();
      run((long) (plan.faultUnits() * plan.unitNanos()));
      converge();
    } catch (RuntimeException | Error failure) {
      StackTraceElement[] stack = failure.getStackTrace();
      findings.report(
          Invariant.NO_EXCEPTION, failure + (stack.length == 0 ? "" : " at " + stack[0]));
    }
  }

  private void scheduleNext(StoreClient client) {
    double gap = 0.01 - Math.log1p(-random.nextDouble()) * gapUnits;
    later(
        (long) (gap * plan.unitNanos()),
        () -> {
          if (running) {
            List<GroupShape> groups = plan.shape().groups();
            int group = groups.get(random.nextInt(groups.size())).group();
            StoreCall call =
                random.chance(severalShare)
                    ? workload.drawSeveral(client.process(), history.next())
                    : workload.draw(client.process(), history.next(), group);
            client.begin(call, DEADLINE_UNITS);
          }
        });
  }

  private void converge() {
    running = false;
    faults.heal(List.of());
    walls.heal();
    clientNetwork.changeProfile(NetworkProfile.GOOD);
    for (int i = 0; i < CONVERGENCE_UNITS && findings.isEmpty() && anyBusy(); i++) {
      run(plan.unitNanos());
    }
    readEverything();
    for (int i = 0; i < CONVERGENCE_UNITS && findings.isEmpty() && finalReadsLeft > 0; i++) {
      run(plan.unitNanos());
    }
    if (findings.isEmpty() && finalReadsLeft > 0) {
      findings.report(Invariant.PROGRESS, finalReadsLeft + " reads after healing have no answer");
    }
    for (int i = 0; i < CONVERGENCE_UNITS && findings.isEmpty() && isAnyPending(); i++) {
      run(plan.unitNanos());
    }
    checkNothingPending();
    if (findings.isEmpty()) {
      history.check(findings);
    }
  }

  private boolean anyBusy() {
    return clients.stream().anyMatch(StoreClient::isBusy);
  }

  private void readEverything() {
    StoreClient reader =
        new StoreClient(clients.get(0).endpoint(), this, plan.unitNanos(), random.fork("reader"));
    finalReadsLeft = plan.shape().groups().size();
    clients.set(0, reader);
    readNext(reader);
  }

  private void readNext(StoreClient reader) {
    int group = plan.shape().groups().get(finalReadsLeft - 1).group();
    reader.begin(workload.readAll(1_000_000, history.next(), group), CONVERGENCE_UNITS);
  }

  private boolean isAnyPending() {
    return cluster.members().stream()
        .flatMap(member -> member.life().stream())
        .map(life -> life.machine().front())
        .anyMatch(front -> front.isLeading() && front.state().pendingCount() > 0);
  }

  private void checkNothingPending() {
    for (Member<BatchResult, StoreMachine> member : cluster.members()) {
      member
          .life()
          .filter(life -> life.machine().front().isLeading())
          .filter(life -> life.machine().front().state().pendingCount() > 0)
          .ifPresent(
              life ->
                  findings.report(
                      Invariant.NOTHING_PENDING,
                      member + " holds " + life.machine().front().state().pendingCount()));
    }
  }

  private void run(long nanos) {
    long end = simulator.nowNanos() + nanos;
    while (findings.isEmpty() && simulator.step(end)) {
      if (simulator.executedCount() > EVENTS_MAX) {
        findings.report(Invariant.BOUNDED_WORK, EVENTS_MAX + " events and no end");
      }
    }
  }

  @Override
  public void onApplied(Member<?, ?> member, LogEntry entry, Object result, long contentHash) {
    Optional<?> machine = member.life().map(Life::machine);
    if (machine.isEmpty() || !(machine.get() instanceof StoreMachine store)) {
      return;
    }
    long hash = store.memoryHash();
    Long known = memories.putIfAbsent(member.group() + "@" + entry.index(), hash);
    if (known != null && known != hash) {
      findings.report(
          Invariant.STATE_EQUALITY, member + " has other memory than others after " + entry);
    }
  }

  @Override
  public void send(StoreClient from, int node, StoreCall call, Request request) {
    clientNetwork.send(from.endpoint(), node, 0, () -> arrive(from, node, call, request));
  }

  private void arrive(StoreClient from, int node, StoreCall call, Request request) {
    if (call.group() == StoreCall.SEVERAL) {
      factory.hostOn(node).ifPresent(host -> coordinate(host, from, call, request));
    } else {
      roads.lifeOf(call.group(), node).ifPresent(life -> serve(life, from, node, call, request));
    }
  }

  private void coordinate(StoreHost host, StoreClient from, StoreCall call, Request request) {
    host.process()
        .run(
            () -> {
              long deadline = host.process().nowNanos() + 4 * plan.unitNanos();
              Consumer<TxnAnswer> listener =
                  told -> answer(host.process(), from, host.node(), request.id(), asFront(told));
              if (call.readOnly()) {
                host.coordinators().read(call.transaction(), configuration, deadline, listener);
              } else {
                host.coordinators().run(request, configuration, deadline, listener);
              }
            });
  }

  private static FrontAnswer<RequestOutcome> asFront(TxnAnswer told) {
    if (told instanceof TxnAnswer.Done done) {
      return new FrontAnswer.Done<>(done.outcome());
    } else if (told instanceof TxnAnswer.Denied denied) {
      return new FrontAnswer.Denied<>(denied.refusal());
    } else if (told instanceof TxnAnswer.Overloaded overloaded) {
      return new FrontAnswer.Overloaded<>(overloaded.retryAfterMillis());
    } else if (told instanceof TxnAnswer.DeadlineExceeded) {
      return new FrontAnswer.DeadlineExceeded<>();
    }
    return new FrontAnswer.Unknown<>(); // Done without results tells nothing that can be judged.
  }

  private void serve(
      Life<BatchResult, StoreMachine> life,
      StoreClient from,
      int node,
      StoreCall call,
      Request request) {
    life.process()
        .run(
            () -> {
              long deadline = life.process().nowNanos() + 2 * plan.unitNanos();
              if (call.readOnly()) {
                life.machine()
                    .front()
                    .read(
                        call.transaction(),
                        deadline,
                        answer -> answer(life.process(), from, node, request.id(), answer));
              } else {
                life.machine()
                    .front()
                    .execute(
                        request,
                        deadline,
                        answer -> answer(life.process(), from, node, request.id(), answer));
              }
            });
  }

  private void answer(
      SimulatedProcess process,
      StoreClient to,
      int node,
      TxnId request,
      FrontAnswer<RequestOutcome> answer) {
    if (process.isAlive()) {
      clientNetwork.send(node, to.endpoint(), 0, () -> to.onAnswer(node, request, answer));
    }
  }

  @Override
  public List<Integer> nodesOf(int group) {
    return group == StoreCall.SEVERAL
        ? IntStream.range(0, plan.shape().nodeCount()).boxed().toList()
        : roads.nodesOf(group);
  }

  @Override
  public long trueMillis() {
    return walls.trueMillis();
  }

  @Override
  public void later(long nanos, Runnable action) {
    simulator.after(nanos, action);
  }

  @Override
  public void ended(StoreClient client, StoreCall call, @Nullable RequestOutcome outcome) {
    history.add(call, outcome);
    learn(call, outcome);
    if (outcome == null) {
      unknown++;
    } else if (call.readOnly()) {
      reads++;
    } else {
      acknowledged++;
    }
    if (simulator.trace().isRead()) {
      simulator.trace().line("client " + call + " ended: " + outcome);
    }
    if (running) {
      scheduleNext(client);
    } else if (finalReadsLeft > 0 && call.process() == 1_000_000 && outcome != null) {
      finalReadsLeft--;
      if (finalReadsLeft > 0) {
        readNext(client);
      }
    }
  }

  /** What was read makes later conditions hold now and then. */
  private void learn(StoreCall call, @Nullable RequestOutcome outcome) {
    if (call.action() == null && outcome instanceof RequestOutcome.Committed committed) {
      List<Operation> operations =
          committed.branch() == Branch.THEN
              ? call.transaction().then()
              : call.transaction().otherwise();
      for (int i = 0; i < operations.size(); i++) {
        if (operations.get(i) instanceof Operation.Get get
            && committed.results().get(i) instanceof OperationResult.Present present) {
          workload.onSeen(get.key(), present.value());
        }
      }
    }
  }

  private RunReport report() {
    FaultCounts happened = faults.counts();
    RunCounts counts =
        new RunCounts(
            simulator.nowNanos(),
            simulator.executedCount(),
            happened.crashes(),
            happened.restarts(),
            happened.pauses(),
            happened.partitions(),
            happened.diskFaults(),
            happened.transfers(),
            checker.electionCount(),
            checker.snapshotsInstalledCount(),
            acknowledged,
            unknown,
            reads,
            cluster.network().sentCount() + clientNetwork.sentCount());
    return new RunReport(plan.seed(), findings.first(), simulator.trace().hash(), counts);
  }
}
