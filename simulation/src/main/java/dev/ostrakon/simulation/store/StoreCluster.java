package dev.ostrakon.simulation.store;

import dev.ostrakon.group.BatchResult;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.GroupHistory;
import dev.ostrakon.simulation.check.RaftChecker;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.ClusterShape;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.engine.SimulatedNetwork;
import dev.ostrakon.simulation.engine.Simulator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Nodes that host shard groups and coordinate transactions, and how clients reach them. */
final class StoreCluster {

  private static final int SLOTS = 16;

  /**
   * What a store is made of.
   *
   * @param clients how many endpoints besides the nodes
   * @param clockErrorMillis how wrong the wall clock of a node is at most
   * @param comparesClocks whether nodes compare their clocks, as real ones do
   */
  record Setup(
      ClusterShape shape,
      GroupSettings settings,
      StoreRules rules,
      int clients,
      int clockErrorMillis,
      boolean comparesClocks,
      Sending sending,
      StoreBounds bounds) {}

  private final Cluster<BatchResult, StoreMachine> cluster;
  private final Configuration configuration;
  private final WallClocks walls;
  private final StoreFactory factory;
  private final StoreRoads roads;
  private final SimulatedNetwork clientNetwork;
  private final StoreDoor door;
  private final RaftChecker checker;
  private final MemoryChecker memories;

  /** A store whose nodes are all down, and whose invariants are watched. */
  StoreCluster(Simulator simulator, Findings findings, Setup setup, RandomSource random) {
    ClusterShape shape = setup.shape();
    long unitNanos = shape.config().raft().electionTimeoutNanos();
    int nodes = shape.nodeCount();
    this.configuration = configuration(shape.groups());
    this.walls = new WallClocks(simulator, nodes, setup.clockErrorMillis(), random.fork("walls"));
    this.factory =
        new StoreFactory(
            new StoreFactory.Settings(
                configuration,
                setup.settings(),
                walls,
                peerCounts(setup),
                setup.rules(),
                unitNanos,
                setup.sending(),
                setup.bounds()),
            random.fork("hosts"));
    this.cluster =
        new Cluster<>(simulator, shape, factory, setup.rules().replicas(), random.fork("cluster"));
    this.roads = new StoreRoads(cluster, factory);
    factory.connect(roads);
    this.clientNetwork =
        new SimulatedNetwork(
            simulator, nodes + setup.clients(), shape.network(), random.fork("network"));
    this.door =
        new StoreDoor(
            this,
            clientNetwork,
            new AnswerChecker(simulator, findings, unitNanos),
            setup.sending(),
            unitNanos);
    this.checker = RaftChecker.watch(cluster, findings, (group, entry) -> {});
    this.memories = new MemoryChecker(findings);
    cluster.observe(memories);
  }

  /** Nodes hear each other if they have a group in common. */
  private static List<Integer> peerCounts(Setup setup) {
    List<Integer> counts = new ArrayList<>();
    for (int node = 0; node < setup.shape().nodeCount(); node++) {
      int self = node;
      long others =
          setup.shape().groups().stream()
              .map(GroupShape::nodes)
              .filter(nodes -> nodes.contains(self))
              .flatMap(List::stream)
              .distinct()
              .count();
      counts.add(setup.comparesClocks() ? (int) Math.max(0, others - 1) : 0);
    }
    return counts;
  }

  private static Configuration configuration(List<GroupShape> shapes) {
    TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    List<GroupId> owners = new ArrayList<>();
    for (GroupShape shape : shapes) {
      groups.put(
          new GroupId(shape.group()), shape.nodes().stream().map(StoreFactory::nameOf).toList());
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      owners.add(new GroupId(shapes.get(slot % shapes.size()).group()));
    }
    return new Configuration(1, owners, groups);
  }

  Cluster<BatchResult, StoreMachine> cluster() {
    return cluster;
  }

  Configuration configuration() {
    return configuration;
  }

  WallClocks walls() {
    return walls;
  }

  StoreRoads roads() {
    return roads;
  }

  SimulatedNetwork clientNetwork() {
    return clientNetwork;
  }

  StoreDoor door() {
    return door;
  }

  RaftChecker checker() {
    return checker;
  }

  /** What runs on a node, if it is up and hosts anything. */
  Optional<StoreHost> hostOn(int node) {
    return factory.hostOn(node);
  }

  /**
   * What the nodes that are up take for the time: the lower median, as a client hears it; the true
   * time while none knows it.
   */
  long toldMillis() {
    long[] told =
        IntStream.range(0, cluster.shape().nodeCount())
            .mapToObj(this::hostOn)
            .flatMap(Optional::stream)
            .filter(host -> host.clock().knowsTime())
            .mapToLong(StoreHost::timeMillis)
            .sorted()
            .toArray();
    return told.length == 0 ? walls.trueMillis() : told[(told.length - 1) / 2];
  }

  /** The groups that own any of these keys, ascending. */
  List<Integer> ownersOf(Collection<Key> keys) {
    return keys.stream()
        .map(key -> (int) configuration.ownerOf(configuration.slots().of(key)).number())
        .distinct()
        .sorted()
        .toList();
  }

  /** Who may be asked for a group, or to coordinate. */
  List<Integer> nodesOf(int group) {
    return group == StoreCall.SEVERAL
        ? IntStream.range(0, cluster.shape().nodeCount()).boxed().toList()
        : roads.nodesOf(group);
  }

  void later(long nanos, Runnable action) {
    cluster.simulator().after(nanos, action);
  }

  /** Transactions that the leaders of groups hold pending. */
  int pendingCount() {
    return cluster.members().stream()
        .flatMap(member -> member.life().stream())
        .map(life -> life.machine().front())
        .filter(front -> front.isLeading())
        .mapToInt(front -> front.state().pendingCount())
        .sum();
  }

  /** Records that leaders hold although nobody can ask for them any more. */
  List<String> superfluousRecords() {
    return cluster.members().stream()
        .flatMap(member -> member.life().stream())
        .map(life -> life.machine().front())
        .filter(front -> front.isLeading())
        .flatMap(front -> front.state().superfluousRecords().stream())
        .toList();
  }

  /** Transactions that leaders hold pending, and those that coordinators still drive. */
  int unfinishedCount() {
    int driven = 0;
    for (int node = 0; node < cluster.shape().nodeCount(); node++) {
      driven += hostOn(node).map(host -> host.coordinators().statistics().active()).orElse(0);
    }
    return pendingCount() + driven;
  }

  /** Whether all replicas have applied all that was committed; compares their memory, too. */
  boolean hasConverged() {
    for (GroupHistory history : checker.histories().values()) {
      for (Member<BatchResult, StoreMachine> member : cluster.membersOf(history.shape().group())) {
        if (!cluster.node(member.node()).hasOtherDisk()
            && member.life().filter(life -> isUpToDate(life, history)).isEmpty()) {
          return false;
        }
      }
    }
    for (Member<BatchResult, StoreMachine> member : cluster.members()) {
      member
          .life()
          .ifPresent(life -> memories.check(member, life.replica().status().appliedIndex()));
    }
    return true;
  }

  private static boolean isUpToDate(Life<BatchResult, StoreMachine> life, GroupHistory history) {
    Replica<BatchResult> replica = life.replica();
    return !replica.isStopped()
        && life.machine().front().state().isLoaded()
        && replica.status().appliedIndex() == history.committedIndex()
        && replica.status().lastIndex() == history.committedIndex();
  }
}
