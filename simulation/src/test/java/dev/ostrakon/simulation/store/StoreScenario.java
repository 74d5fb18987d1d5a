package dev.ostrakon.simulation.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.Role;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.cluster.ClusterShape;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.engine.DiskProfile;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.engine.SimulatedNetwork;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.engine.StateStoreProfile;
import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.scenario.ScenarioConfig;
import dev.ostrakon.simulation.store.StoreCall.Kind;
import dev.ostrakon.simulation.store.StoreCall.Way;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Groups on virtual time and the vocabulary of the scenarios. Group g lives on nodes of its own, or
 * all groups on the same ones. Raft's invariants and the replicas' memory are checked all the time;
 * a violation fails the scenario at once.
 */
final class StoreScenario implements StoreClient.World {
  static final long MILLISECOND = 1_000_000;

  /** Up to 26 ms on the way, and each tenth message is lost. */
  static final NetworkProfile UNRELIABLE =
      new NetworkProfile(0, 26 * MILLISECOND, 0, 1, 0.1, 0.05, 0, false);

  /** The same, and each fifth message is lost. */
  static final NetworkProfile FIFTH_LOST =
      new NetworkProfile(0, 26 * MILLISECOND, 0, 1, 0.2, 0.05, 0, false);

  private static final long UNIT_NANOS = RaftConfig.DEFAULTS.electionTimeoutNanos();
  private static final double DEADLINE_UNITS = 1_000;
  private static final long BOUND_MILLIS = 30_000;

  /** A call that was begun. */
  static final class Pending {
    private @Nullable StoreEnding ending;
    private long endedNanos;

    boolean isDone() {
      return ending != null;
    }

    long endedNanos() {
      return endedNanos;
    }

    StoreEnding ending() {
      StoreEnding known = ending;
      if (known == null) {
        throw new AssertionError("expected an answer, has none");
      }
      return known;
    }
  }

  private final Simulator simulator = new Simulator(Trace.silent());
  private final Findings findings = new Findings(simulator);
  private final ClusterShape shape;
  private final RandomSource random;
  private final StoreCluster store;
  private final List<StoreClient> clients = new ArrayList<>();
  private final List<@Nullable Pending> underway = new ArrayList<>();
  private long calls;

  /** So many groups of so many replicas each, all groups on nodes of their own. */
  static StoreScenario apart(int groups, int replicas, long seed) {
    return apart(groups, replicas, seed, StoreRules.STANDARD);
  }

  /** The same under rules of which one may be broken. */
  static StoreScenario apart(int groups, int replicas, long seed, StoreRules rules) {
    List<GroupShape> shapes = new ArrayList<>();
    for (int group = 1; group <= groups; group++) {
      int first = (group - 1) * replicas;
      shapes.add(
          GroupShape.founded(group, IntStream.range(first, first + replicas).boxed().toList()));
    }
    return new StoreScenario(
        shape(groups * replicas, shapes, ReplicaConfig.DEFAULTS), rules, false, seed);
  }

  /** Two groups on the same three nodes, which compare their clocks, or do not. */
  static StoreScenario together(boolean comparesClocks, long seed) {
    List<Integer> nodes = List.of(0, 1, 2);
    List<GroupShape> shapes = List.of(GroupShape.founded(1, nodes), GroupShape.founded(2, nodes));
    return new StoreScenario(
        shape(nodes.size(), shapes, ReplicaConfig.DEFAULTS),
        StoreRules.STANDARD,
        comparesClocks,
        seed);
  }

  /** One group. */
  static StoreScenario of(int replicas, ReplicaConfig config, long seed) {
    List<Integer> nodes = IntStream.range(0, replicas).boxed().toList();
    return new StoreScenario(
        shape(replicas, List.of(GroupShape.founded(1, nodes)), config),
        StoreRules.STANDARD,
        false,
        seed);
  }

  private static ClusterShape shape(int nodes, List<GroupShape> groups, ReplicaConfig config) {
    return new ClusterShape(
        nodes, groups, config, NetworkProfile.GOOD, DiskProfile.GOOD, StateStoreProfile.GOOD, 0);
  }

  private StoreScenario(ClusterShape shape, StoreRules rules, boolean comparesClocks, long seed) {
    this.random = new RandomSource(seed);
    this.shape = shape;
    int nodes = shape.nodeCount();
    int clientCount = 20;
    this.store =
        new StoreCluster(
            simulator,
            findings,
            new StoreCluster.Setup(
                shape,
                GroupSettings.DEFAULTS,
                rules,
                clientCount,
                0,
                comparesClocks,
                Sending.STANDARD,
                StoreBounds.DEFAULTS),
            random.fork("cluster"));
    for (int i = 0; i < clientCount; i++) {
      clients.add(
          new StoreClient(
              nodes + i, store, this, UNIT_NANOS, Sending.STANDARD, 0, random.fork("client-" + i)));
      underway.add(null);
    }
    store.cluster().startAll();
    awaitServing();
  }

  /** Checkpoints every so many entries, and keeps no entries behind them. */
  static ReplicaConfig checkpointing(long entries) {
    return ScenarioConfig.of(entries, 0);
  }

  StoreCluster store() {
    return store;
  }

  RandomSource random() {
    return random;
  }

  long nowNanos() {
    return simulator.nowNanos();
  }

  /** A key that a group owns. */
  Key key(int group, String name) {
    for (int i = 0; ; i++) {
      Key key = Key.utf8(name + i);
      if (store.configuration().ownerOf(store.configuration().slots().of(key)).number() == group) {
        return key;
      }
    }
  }

  /** Every group has a leader that serves. */
  void awaitServing() {
    await(
        "leaders",
        () ->
            shape.groups().stream()
                .allMatch(
                    group ->
                        store.cluster().membersOf(group.group()).stream()
                            .flatMap(member -> member.life().stream())
                            .map(life -> life.machine().front())
                            .anyMatch(front -> front.isLeading() && front.hasConfiguration())));
  }

  /** The node of the leader of a group; the one of the newest term, if several think they are. */
  int leaderOf(int group) {
    int leader = findLeader(group);
    if (leader < 0) {
      throw new AssertionError("group " + group + " has no leader");
    }
    return leader;
  }

  /** Another node than this one has come to lead the group. */
  void awaitLeaderBut(int group, int node) {
    await("another leader", () -> findLeader(group) >= 0 && findLeader(group) != node);
  }

  private int findLeader(int group) {
    long term = -1;
    int leader = -1;
    for (Member<?, ?> member : store.cluster().membersOf(group)) {
      if (member.life().isPresent()
          && member.life().get().replica().status().role() == Role.LEADER
          && member.life().get().replica().status().term() > term) {
        term = member.life().get().replica().status().term();
        leader = member.node();
      }
    }
    return leader;
  }

  /** Lets time pass. */
  void sleepMillis(long millis) {
    long end = simulator.nowNanos() + millis * MILLISECOND;
    while (findings.isEmpty() && simulator.step(end)) {
      // Goes on.
    }
    assertThat(findings.first()).isEmpty();
  }

  /** Lets time pass until the condition holds; fails if it does not within a generous bound. */
  void await(String what, BooleanSupplier condition) {
    await(what, BOUND_MILLIS, condition);
  }

  void await(String what, long boundMillis, BooleanSupplier condition) {
    long end = simulator.nowNanos() + boundMillis * MILLISECOND;
    while (findings.isEmpty() && !condition.getAsBoolean()) {
      if (!simulator.step(end)) {
        throw new AssertionError("expected " + what + " within " + boundMillis + " ms");
      }
    }
    assertThat(findings.first()).isEmpty();
  }

  /** Begins a request of a client that has nothing underway. */
  Pending begin(int client, Transaction transaction) {
    return begin(client, Way.REQUEST, transaction);
  }

  private Pending begin(int client, Way way, Transaction transaction) {
    Pending pending = new Pending();
    underway.set(client, pending);
    calls++;
    List<Integer> owners = store.ownersOf(transaction.keys());
    int group = owners.size() == 1 ? owners.get(0) : StoreCall.SEVERAL;
    clients
        .get(client)
        .begin(
            new StoreCall(client, calls, way, group, Kind.REGISTERS, transaction), DEADLINE_UNITS);
    return pending;
  }

  /** Begins a read. */
  Pending beginRead(int client, Key... keys) {
    return begin(client, Way.READ, gets(keys));
  }

  private static Transaction gets(Key... keys) {
    List<Operation> operations = new ArrayList<>();
    for (Key key : keys) {
      operations.add(new Operation.Get(key));
    }
    return Transaction.of(operations);
  }

  /** Runs a request to its end and expects that it takes effect. */
  StoreEnding.Committed run(int client, Operation... operations) {
    return committed(await(begin(client, Transaction.of(List.of(operations)))));
  }

  /** Awaits an answer. */
  StoreEnding await(Pending pending) {
    await("an answer", pending::isDone);
    return pending.ending();
  }

  static StoreEnding.Committed committed(StoreEnding ending) {
    if (ending instanceof StoreEnding.Committed committed) {
      return committed;
    }
    throw new AssertionError("expected that it takes effect, was " + ending);
  }

  /** What a key holds; empty for nothing. */
  String get(int client, Key key) {
    return read(client, key).get(0);
  }

  /** What keys hold, read at once. */
  List<String> read(int client, Key... keys) {
    return texts(await(beginRead(client, keys)));
  }

  static List<String> texts(StoreEnding ending) {
    return committed(ending).outcome().results().stream()
        .map(
            result ->
                result instanceof OperationResult.Present present
                    ? present.value().bytes().toUtf8()
                    : "")
        .toList();
  }

  static boolean isThen(StoreEnding ending) {
    return committed(ending).outcome().branch() == Branch.THEN;
  }

  static Operation put(Key key, String value) {
    return new Operation.Put(key, Value.utf8(value));
  }

  static Operation append(Key key, String value) {
    return new Operation.Append(key, Value.utf8(value));
  }

  /** Cuts nodes off from the others, both ways, and not from clients. */
  void cut(Collection<Integer> some) {
    forEachLink(some, store.cluster().network()::cut);
  }

  /** Takes a {@link #cut} back. */
  void mend(Collection<Integer> some) {
    forEachLink(some, store.cluster().network()::mend);
  }

  private void forEachLink(Collection<Integer> some, LinkAction action) {
    for (int one : some) {
      for (int other = 0; other < shape.nodeCount(); other++) {
        if (!some.contains(other)) {
          action.on(one, other);
          action.on(other, one);
        }
      }
    }
  }

  private interface LinkAction {
    void on(int from, int to);
  }

  /** This node is to coordinate what a client wants. */
  void coordinateOn(int client, int node) {
    clients.get(client).takeForLeader(StoreCall.SEVERAL, node);
  }

  /** A client reaches these nodes only. */
  void confine(int client, Collection<Integer> reachable) {
    SimulatedNetwork network = store.clientNetwork();
    int endpoint = shape.nodeCount() + client;
    for (int node = 0; node < shape.nodeCount(); node++) {
      if (!reachable.contains(node) && !network.isCut(endpoint, node)) {
        network.cut(endpoint, node);
        network.cut(node, endpoint);
      }
    }
  }

  /** The client reaches all nodes and hears them. */
  void release(int client) {
    SimulatedNetwork network = store.clientNetwork();
    int endpoint = shape.nodeCount() + client;
    for (int node = 0; node < shape.nodeCount(); node++) {
      if (network.isCut(endpoint, node)) {
        network.mend(endpoint, node);
      }
      if (network.isCut(node, endpoint)) {
        network.mend(node, endpoint);
      }
    }
  }

  void changeNetwork(NetworkProfile profile) {
    store.cluster().network().changeProfile(profile);
    store.clientNetwork().changeProfile(profile);
  }

  void crash(int node) {
    store.cluster().crash(node);
  }

  void restart(int node) {
    store.cluster().start(node);
  }

  void restartAll() {
    for (int node = 0; node < shape.nodeCount(); node++) {
      if (store.cluster().node(node).isUp()) {
        crash(node);
      }
    }
    store.cluster().startAll();
  }

  List<Integer> nodesOfGroup(int group) {
    return store.roads().nodesOf(group);
  }

  /** Holds every call of a kind back; those held are added to the list. */
  List<Runnable> hold(ParticipantCall.Kind kind, int group) {
    List<Runnable> held = new ArrayList<>();
    store
        .roads()
        .guard(
            (from, node, ask) -> {
              boolean isHeld = ask.call().kind() == kind && ask.group() == group;
              if (isHeld) {
                held.add(() -> store.roads().carry(from, node, ask));
              }
              return !isHeld;
            });
    return held;
  }

  /** Lets everything pass again. */
  void release(List<Runnable> held) {
    store.roads().guard(StoreRoads.Gate.OPEN);
    held.forEach(Runnable::run);
  }

  /** All replicas become equal, and nothing is left pending. */
  void awaitQuiet() {
    await("nothing pending", () -> store.pendingCount() == 0);
    await("level replicas", store::hasConverged);
  }

  @Override
  public long clientMillis() {
    return store.toldMillis();
  }

  @Override
  public boolean isHealed() {
    return false; // Scenarios count on it that a client ends.
  }

  @Override
  public void ended(StoreClient client, StoreCall call, StoreEnding ending) {
    Pending pending = underway.get(call.process());
    if (pending != null) {
      pending.ending = ending;
      pending.endedNanos = simulator.nowNanos();
    }
  }
}
