package dev.ostrakon.simulation.store;

import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.store.StoreCall.Kind;
import dev.ostrakon.simulation.store.StoreCall.Way;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/**
 * Calls of one client, one after the other, once everybody is in good health and nothing is
 * pending: each has to succeed soon, take the branch that it has to take, find what it has to find,
 * and be refused only for the reason for which it has to be. Room, reservations and queues that
 * earlier calls did not give back show here.
 */
final class StoreProbes {

  /** How long a call may take, in units: the client finds leaders by trying. */
  static final double LATENCY_UNITS_MAX = 20;

  private static final int DRAWN = 12;

  /** The client's name in calls. */
  private static final int PROCESS = 2_000_000;

  private final StoreCluster store;
  private final StoreKeys keys;
  private final Findings findings;
  private final ReferenceStore known = new ReferenceStore();
  private final Set<Key> learned = new TreeSet<>();
  private ProbeWorkload drawing;
  private final RandomSource random;
  private final Queue<StoreCall> edges = new ArrayDeque<>();
  private int drawnCount;
  private int acknowledged;
  private double longestUnits;

  StoreProbes(StoreCluster store, StoreKeys keys, Findings findings, RandomSource random) {
    this.store = store;
    this.keys = keys;
    this.findings = findings;
    this.random = random;
    this.drawing = new ProbeWorkload(List.of(), known, random);
  }

  /** Takes note of a read whose results hold when the probes begin. */
  void learn(StoreCall read, List<OperationResult> results) {
    for (int i = 0; i < results.size(); i++) {
      Key key = read.transaction().then().get(i).key();
      known.learn(key, results.get(i));
      learned.add(key);
    }
  }

  /** How many were acknowledged. */
  int acknowledged() {
    return acknowledged;
  }

  /** The longest that one took, in units. */
  double longestUnits() {
    return longestUnits;
  }

  /** To be called once everything is learned. */
  void prepare() {
    List<Key> some = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (int group : keys.groups()) {
        keys.of(kind, group).stream().filter(learned::contains).limit(2).forEach(some::add);
      }
    }
    drawing = new ProbeWorkload(some, known, random);
    for (int group : keys.groups()) {
      List<Key> counters = keys.of(Kind.COUNTERS, group);
      edges.add(call(PROCESS, Way.REQUEST, adds(counters, ReferenceStore.MAX)));
    }
    prepareEdges(true);
    prepareEdges(false);
  }

  /** A register of some group is led to both edges and beyond, by adds of both kinds. */
  private void prepareEdges(boolean wantsValue) {
    List<Integer> groups = keys.groups();
    int group = groups.get(random.nextInt(groups.size()));
    Key key = keys.of(Kind.REGISTERS, group).get(0);
    for (long sign : new long[] {-1, 1}) {
      long edge = sign < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
      edges.add(edgeCall(new Operation.Put(key, Value.number(sign))));
      edges.add(edgeCall(new Operation.Add(key, edge, wantsValue)));
      edges.add(edgeCall(new Operation.Add(key, edge - sign, wantsValue)));
      edges.add(edgeCall(new Operation.Add(key, sign, wantsValue)));
    }
  }

  private StoreCall edgeCall(Operation operation) {
    return call(PROCESS, Way.REQUEST, Transaction.of(List.of(operation)));
  }

  private Transaction adds(List<Key> counters, BigInteger to) {
    List<Operation> operations = new ArrayList<>();
    for (Key key : counters) {
      BigInteger delta = to.subtract(known.numberOf(key).orElse(BigInteger.ZERO));
      if (ReferenceStore.fits(delta)) {
        operations.add(new Operation.Add(key, delta.longValueExact(), false));
      }
    }
    operations.add(new Operation.Get(keys.of(Kind.REGISTERS, ownerOf(counters.get(0))).get(0)));
    return Transaction.of(operations);
  }

  private int ownerOf(Key key) {
    return store.ownersOf(List.of(key)).get(0);
  }

  /** The next call; none if that was all. */
  Optional<StoreCall> next() {
    StoreCall edge = edges.poll();
    if (edge != null) {
      return Optional.of(edge);
    }
    if (drawnCount == DRAWN) {
      return Optional.empty();
    }
    drawnCount++;
    Transaction wanted = drawing.draw();
    boolean isRead =
        wanted.then().stream().allMatch(Operation.Get.class::isInstance)
            && wanted.otherwise().stream().allMatch(Operation.Get.class::isInstance);
    return Optional.of(
        call(PROCESS, isRead && random.chance(0.7) ? Way.READ : Way.REQUEST, wanted));
  }

  private StoreCall call(int process, Way way, Transaction wanted) {
    List<Integer> owners = store.ownersOf(wanted.keys());
    int group = owners.size() == 1 ? owners.get(0) : StoreCall.SEVERAL;
    return new StoreCall(process, 0, way, group, Kind.REGISTERS, wanted);
  }

  /** Judges what came of a call, and how soon. */
  void onEnding(StoreCall call, StoreEnding ending, double units) {
    ReferenceStore.Expected expected = known.execute(call.transaction());
    longestUnits = Math.max(longestUnits, units);
    if (units > LATENCY_UNITS_MAX) {
      findings.report(
          Invariant.PROGRESS, call + " took " + Math.round(units) + " units, ended: " + ending);
    }
    if (ending instanceof StoreEnding.Unknown || ending instanceof StoreEnding.Unread) {
      findings.report(Invariant.DOUBT, call + " ended " + ending + " though all are healthy");
    } else if (ending instanceof StoreEnding.Committed committed) {
      acknowledged++;
      checkCommitted(call, committed, expected);
    } else {
      acknowledged++;
      checkRefused(call, ending, expected.refusals());
    }
  }

  private void checkRefused(StoreCall call, StoreEnding ending, Set<Refusal.Reason> expected) {
    boolean isExpected =
        ending instanceof StoreEnding.Refused refused && expected.contains(refused.reason());
    if (!isExpected) {
      findings.report(
          Invariant.REFUSAL,
          call + " ended " + ending + ", expected " + (expected.isEmpty() ? "success" : expected));
    }
  }

  private void checkCommitted(
      StoreCall call, StoreEnding.Committed committed, ReferenceStore.Expected expected) {
    if (!expected.refusals().isEmpty()) {
      findings.report(
          Invariant.REFUSAL, call + " was carried out, expected " + expected.refusals());
    } else if (committed.outcome().branch() != expected.branch()) {
      findings.report(
          Invariant.BRANCH,
          call + " took " + committed.outcome().branch() + ", expected " + expected.branch());
    } else {
      checkResults(call, committed, expected);
    }
  }

  private void checkResults(
      StoreCall call, StoreEnding.Committed committed, ReferenceStore.Expected expected) {
    List<Operation> operations = StoreHistory.carriedOut(call, expected.branch());
    List<OperationResult> results = committed.outcome().results();
    List<Optional<String>> found = new ArrayList<>();
    Set<Key> changed = new TreeSet<>();
    operations.stream()
        .filter(operation -> !(operation instanceof Operation.Get))
        .forEach(operation -> changed.add(operation.key()));
    for (int i = 0; i < operations.size() && i < results.size(); i++) {
      Operation operation = operations.get(i);
      if (ReferenceStore.wantsValue(operation)) {
        found.add(text(results.get(i)));
      }
      if (operation instanceof Operation.Get && !changed.contains(operation.key())) {
        known.learnVersion(operation.key(), results.get(i));
      }
    }
    if (results.size() != operations.size() || !found.equals(expected.values())) {
      findings.report(
          Invariant.RESULT, call + " found " + found + ", expected " + expected.values());
    }
  }

  private static Optional<String> text(OperationResult result) {
    return result instanceof OperationResult.Present present
        ? Optional.of(ReferenceStore.text(present.value()))
        : Optional.empty();
  }
}
