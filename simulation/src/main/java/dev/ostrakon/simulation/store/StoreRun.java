package dev.ostrakon.simulation.store;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.fault.FaultInjector;
import dev.ostrakon.simulation.report.RunCounts;
import dev.ostrakon.simulation.report.RunReport;
import dev.ostrakon.simulation.report.SimulationKind;
import dev.ostrakon.simulation.store.StoreCall.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * One run of the store from one seed: faults and clients; then everybody in good health, the last
 * calls end, everything is read, nothing is left pending, replicas become equal, and the history is
 * judged.
 */
public final class StoreRun implements StoreClient.World {

  private static final int CONVERGENCE_UNITS = 400;
  private static final int READER_PROCESS = 1_000_000;
  private static final long EVENTS_MAX = 5_000_000;

  private final StorePlan plan;
  private final RandomSource random;
  private final Simulator simulator;
  private final Findings findings;
  private final StoreCluster store;
  private final FaultInjector faults;
  private final StoreKeys keys;
  private final StoreWorkload workload;
  private final StoreHistory history;
  private final StoreProbes probes;
  private final RefusalChecker refusals;
  private final DoubtChecker doubts;
  private final Hostility hostility;
  private final List<StoreClient> clients = new ArrayList<>();
  private final Queue<StoreCall> finalReads = new ArrayDeque<>();
  private final Map<StoreClient, Long> begunNanos = new HashMap<>();
  private final MemoryQuestions memories;
  private boolean running = true;
  private boolean isProbing;
  private long longestWaitNanos;
  private long acknowledged;
  private long unknown;
  private long reads;

  private StoreRun(StorePlan plan, StoreRules rules, Trace trace) {
    this.plan = plan;
    this.random = new RandomSource(plan.seed()).fork("store");
    this.simulator = new Simulator(trace);
    this.findings = new Findings(simulator);
    this.history = new StoreHistory(findings);
    StoreProfile profile = plan.profile();
    this.store =
        new StoreCluster(
            simulator,
            findings,
            new StoreCluster.Setup(
                plan.shape(),
                profile.settings(),
                rules,
                profile.clients() + 1,
                profile.clockErrorMillis(),
                profile.comparesClocks(),
                profile.sending(),
                profile.bounds()),
            random.fork("cluster"));
    this.faults = new FaultInjector(store.cluster(), plan.faults(), random.fork("faults"));
    store
        .roads()
        .guard(new Mishaps(simulator, faults, plan, store.roads(), random.fork("mishaps")));
    this.keys = new StoreKeys(store.configuration(), profile.keysPerGroup());
    this.workload = new StoreWorkload(profile, keys, random.fork("workload"));
    this.refusals = new RefusalChecker(plan, findings);
    this.doubts = new DoubtChecker(plan, simulator, faults, findings);
    this.memories = new MemoryQuestions(store, findings, plan.unitNanos());
    this.hostility =
        new Hostility(store, keys, findings, plan.unitNanos(), random.fork("hostility"));
    this.probes = new StoreProbes(store, keys, findings, random.fork("probes"));
    for (int i = 0; i < profile.clients(); i++) {
      clients.add(client(i, profile.questions()));
    }
  }

  private StoreClient client(int index, double questions) {
    int endpoint = plan.shape().nodeCount() + index;
    return new StoreClient(
        endpoint,
        store,
        this,
        plan.unitNanos(),
        plan.profile().sending(),
        questions,
        random.fork("client-" + index));
  }

  /** Carries out the plan of a seed with production's rules. */
  public static RunReport of(long seed, Trace trace) {
    return of(seed, StoreRules.STANDARD, trace);
  }

  /** Carries out the plan of a seed with rules of which one may be broken. */
  public static RunReport of(long seed, StoreRules rules, Trace trace) {
    return of(StorePlan.draw(seed), rules, trace);
  }

  /** Carries out a plan. */
  static RunReport of(StorePlan plan, StoreRules rules, Trace trace) {
    StoreRun run = new StoreRun(plan, rules, trace);
    run.carryOut();
    return run.report();
  }

  /** Carries out a plan, which must find nothing, and tells how long the slowest call took. */
  static long longestWaitNanos(StorePlan plan) {
    StoreRun run = new StoreRun(plan, StoreRules.STANDARD, Trace.silent());
    run.carryOut();
    if (!run.findings.isEmpty()) {
      throw new IllegalStateException(run.report().failureLine());
    }
    return run.longestWaitNanos;
  }

  private void carryOut() {
    simulator.trace().line("plan " + plan);
    try {
      store.cluster().startAll();
      clients.forEach(this::scheduleNext);
      store.walls().start(10 * plan.unitNanos());
      faults.start();
      hostility.start(() -> running);
      await(plan.faultUnits(), () -> false);
      end();
    } catch (RuntimeException | Error failure) {
      StackTraceElement[] stack = failure.getStackTrace();
      findings.report(
          Invariant.NO_EXCEPTION, failure + (stack.length == 0 ? "" : " at " + stack[0]));
    }
  }

  private void scheduleNext(StoreClient client) {
    double gap = 0.01 - Math.log1p(-random.nextDouble()) * plan.profile().gapUnits();
    store.later(
        (long) (gap * plan.unitNanos()),
        () -> {
          if (running) {
            begunNanos.put(client, simulator.nowNanos());
            client.begin(
                workload.draw(client.process(), history.next()), plan.profile().deadlineUnits());
          }
        });
  }

  private void end() {
    running = false;
    faults.heal(List.of());
    store.walls().heal();
    store.clientNetwork().changeProfile(NetworkProfile.GOOD);
    demand(() -> clients.stream().noneMatch(StoreClient::isBusy), "calls have not ended");
    awaitQuiet();
    drawFinalReads();
    StoreClient reader = client(plan.profile().clients(), 0);
    readNext(reader);
    demand(finalReads::isEmpty, "reads after healing have no answer");
    probe(reader);
    askForMemories();
    if (!await(CONVERGENCE_UNITS, () -> store.unfinishedCount() == 0)) {
      findings.report(Invariant.NOTHING_PENDING, store.unfinishedCount() + " are left");
    }
    if (!await(CONVERGENCE_UNITS, () -> store.superfluousRecords().isEmpty())) {
      findings.report(Invariant.NOTHING_SUPERFLUOUS, store.superfluousRecords().toString());
    }
    if (!await(CONVERGENCE_UNITS, store::hasConverged)) {
      findings.report(Invariant.CONVERGENCE, "replicas are not level");
    }
    if (findings.isEmpty()) {
      history.check();
    }
  }

  /** Nothing is pending, nobody drives a transaction, and no call is on its way for long. */
  private void awaitQuiet() {
    if (plan.profile().lateCalls() > 0) {
      await(Mishaps.LATE_UNITS_MAX, () -> false);
    }
    if (!await(CONVERGENCE_UNITS, () -> store.unfinishedCount() == 0)) {
      findings.report(Invariant.NOTHING_PENDING, store.unfinishedCount() + " are left");
    }
  }

  /** Everybody is in good health and nothing is pending: now every answer is known beforehand. */
  private void probe(StoreClient reader) {
    if (findings.isEmpty() && plan.areClocksHarmless()) {
      isProbing = true;
      probes.prepare();
      probeNext(reader);
      demand(() -> !isProbing, "calls after healing have no answer");
    }
  }

  /** Nobody has acknowledged what clients asked for last. */
  private void askForMemories() {
    if (findings.isEmpty() && plan.areClocksHarmless() && plan.isWindowLong()) {
      memories.ask();
      demand(memories::areAnswered, "questions about outcomes have no answer");
    }
  }

  private void probeNext(StoreClient reader) {
    Optional<StoreCall> next = probes.next();
    isProbing = next.isPresent();
    next.ifPresent(
        call -> {
          begunNanos.put(reader, simulator.nowNanos());
          reader.begin(call, 2 * CONVERGENCE_UNITS);
        });
  }

  private void onProbed(StoreClient reader, StoreCall call, StoreEnding ending) {
    long begun = begunNanos.getOrDefault(reader, simulator.nowNanos());
    probes.onEnding(call, ending, (double) (simulator.nowNanos() - begun) / plan.unitNanos());
    probeNext(reader);
  }

  private void demand(BooleanSupplier done, String otherwise) {
    if (!await(CONVERGENCE_UNITS, done)) {
      findings.report(Invariant.PROGRESS, otherwise);
    }
  }

  private void drawFinalReads() {
    for (int group : keys.groups()) {
      finalReads.add(workload.readAll(READER_PROCESS, 0, group, Kind.LISTS));
      finalReads.add(workload.readAll(READER_PROCESS, 0, group, Kind.COUNTERS));
      finalReads.add(workload.readAll(READER_PROCESS, 0, group, Kind.REGISTERS));
    }
    if (workload.isFunded()) {
      finalReads.add(workload.readBank(READER_PROCESS, 0, StoreCall.Way.READ));
    }
    if (plan.areClocksHarmless()) {
      finalReads.add(workload.readMirrors(READER_PROCESS, 0));
    }
  }

  private void readNext(StoreClient reader) {
    StoreCall next = finalReads.peek();
    if (next != null) {
      StoreCall now =
          new StoreCall(
              next.process(),
              history.next(),
              next.way(),
              next.group(),
              next.kind(),
              next.transaction());
      reader.begin(now, 2 * CONVERGENCE_UNITS);
    }
  }

  /** Runs until {@code done}, for so many units at most; whether it is done, or nothing matters. */
  private boolean await(double units, BooleanSupplier done) {
    for (double passed = 0; passed < units && findings.isEmpty(); passed++) {
      if (done.getAsBoolean()) {
        return true;
      }
      run((long) (Math.min(1, units - passed) * plan.unitNanos()));
    }
    return !findings.isEmpty() || done.getAsBoolean();
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
  public long clientMillis() {
    return store.toldMillis() + store.walls().clientErrorMillis();
  }

  @Override
  public boolean isHealed() {
    return !running;
  }

  @Override
  public boolean mayBeAheadOfTime() {
    return isHealed() && !plan.areClocksHarmless();
  }

  @Override
  public void forgotten(StoreCall call, HybridTimestamp issuedAt) {
    refusals.onForgotten(call, store.walls().trueMillis() - issuedAt.wallMillis());
  }

  @Override
  public void ended(StoreClient client, StoreCall call, StoreEnding ending) {
    if (simulator.trace().isRead()) {
      simulator.trace().line("client " + call + " ended: " + ending);
    }
    if (isProbing) {
      onProbed(client, call, ending);
      return;
    }
    history.add(call, ending);
    memories.onEnding(client, call, ending);
    if (ending instanceof StoreEnding.Committed) {
      client.lastRequest().ifPresent(request -> hostility.onCommitted(call, request));
    }
    refusals.onEnding(call, ending);
    count(call, ending);
    long begun = begunNanos.getOrDefault(client, simulator.nowNanos());
    doubts.onEnding(call, ending, begun);
    longestWaitNanos = Math.max(longestWaitNanos, simulator.nowNanos() - begun);
    if (ending instanceof StoreEnding.Committed committed) {
      workload.onRead(call, committed.outcome());
    }
    boolean ok = ending instanceof StoreEnding.Committed || ending instanceof StoreEnding.Unread;
    if (ok && call.kind() == Kind.BANK) {
      workload.onFunded();
    }
    if (running) {
      scheduleNext(client);
    } else if (call.process() >= READER_PROCESS) {
      onFinalRead(client, call, ending);
    }
  }

  private void count(StoreCall call, StoreEnding ending) {
    if (ending instanceof StoreEnding.Unknown) {
      unknown++;
    } else if (call.isRequest()) {
      acknowledged++;
    } else {
      reads++;
    }
  }

  private void onFinalRead(StoreClient reader, StoreCall call, StoreEnding ending) {
    if (ending instanceof StoreEnding.Committed committed) {
      history.onFinalRead(call, committed.outcome());
      probes.learn(call, committed.outcome().results());
      finalReads.remove();
      readNext(reader);
    }
  }

  private RunReport report() {
    RunCounts counts =
        RunCounts.of(
            simulator,
            faults.counts(),
            store.checker(),
            new RunCounts.Answers(acknowledged, unknown, reads),
            store.cluster().network().sentCount() + store.clientNetwork().sentCount());
    return new RunReport(
        SimulationKind.STORE, plan.seed(), findings.first(), simulator.trace().hash(), counts);
  }
}
