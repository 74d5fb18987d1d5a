package dev.ostrakon.simulation.plan;

import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.simulation.cluster.ClusterShape;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.engine.DiskProfile;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.engine.SimulatedClock;
import dev.ostrakon.simulation.engine.StateStoreProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Draws a cluster: its size, its constants, and how good its parts are. */
final class ShapeDraw {

  private static final long MILLISECOND = 1_000_000;

  /** Members of all groups together; more would only make runs slower. */
  private static final int MEMBERS_MAX = 12;

  private final RandomSource random;

  ShapeDraw(RandomSource random) {
    this.random = random;
  }

  ClusterShape draw() {
    int nodeCount = drawNodeCount();
    RaftConfig raft = drawRaftConfig();
    long unit = raft.electionTimeoutNanos();
    return new ClusterShape(
        nodeCount,
        drawGroups(nodeCount),
        drawConfig(raft),
        drawNetwork(random, unit),
        drawDisk(unit),
        drawStateStore(unit),
        drawDrift(raft));
  }

  private int drawNodeCount() {
    int draw = random.nextInt(100);
    if (draw < 55) {
      return 3;
    } else if (draw < 80) {
      return 5;
    } else if (draw < 86) {
      return 4;
    } else if (draw < 91) {
      return 7;
    } else if (draw < 94) {
      return 6;
    }
    return draw < 97 ? 2 : 1;
  }

  private List<GroupShape> drawGroups(int nodeCount) {
    int wanted = Draw.anyOf(random, 1, 1, 1, 2, 2, 3, 4);
    List<GroupShape> groups = new ArrayList<>();
    int members = 0;
    for (int group = 1; group <= wanted; group++) {
      List<Integer> nodes = drawNodes(nodeCount);
      members += nodes.size();
      if (group == 1 || members <= MEMBERS_MAX) {
        Optional<Integer> newcomer =
            nodes.size() >= 3 && random.chance(0.15)
                ? Optional.of(nodes.get(random.nextInt(nodes.size())))
                : Optional.empty();
        groups.add(new GroupShape(group, nodes, newcomer));
      }
    }
    return groups;
  }

  /** All nodes, or in larger clusters some of them. */
  private List<Integer> drawNodes(int nodeCount) {
    List<Integer> nodes = new ArrayList<>();
    for (int node = 0; node < nodeCount; node++) {
      nodes.add(node);
    }
    int size = nodeCount > 3 && random.chance(0.5) ? 3 : nodeCount;
    while (nodes.size() > size) {
      nodes.remove(random.nextInt(nodes.size()));
    }
    return nodes;
  }

  private RaftConfig drawRaftConfig() {
    long tick = Draw.anyOf(random, 10, 20, 50) * MILLISECOND;
    int heartbeat = 1 + random.nextInt(2);
    int election = 2 * heartbeat + 2 + random.nextInt(8);
    int electionMax = election + 3 + random.nextInt(election);
    int stickiness = heartbeat + 1 + random.fork("stickiness").nextInt(election - heartbeat);
    long margin = (long) (tick * stickiness * Draw.logUniform(random, 0.05, 0.5));
    boolean narrow = random.chance(0.3); // One entry at a time, so that logs differ in many ways.
    return new RaftConfig(
        tick,
        heartbeat,
        election,
        electionMax,
        stickiness,
        random.chance(0.65),
        margin,
        narrow ? 64 : Draw.anyOf(random, 64, 200, 4096, 1 << 20),
        narrow ? 1 : Draw.anyOf(random, 1, 2, 8, 256),
        Draw.anyOf(random, 100, 4096, 8 << 20),
        Draw.anyOf(random, 600, 10_000, 64 << 20),
        Draw.anyOf(random, 64, 1000, 4 << 20),
        Draw.anyOf(random, 0, 200, 32 << 20),
        Draw.anyOf(random, 0, 0, 3, 50, 10_000),
        Draw.anyOf(random, 2, 1000, 1000));
  }

  private ReplicaConfig drawConfig(RaftConfig raft) {
    long unit = raft.electionTimeoutNanos();
    int checkpointBytes = Draw.anyOf(random, 500, 10_000, 1 << 20);
    return new ReplicaConfig(
        raft,
        checkpointBytes,
        2L * checkpointBytes,
        (long) (unit * Draw.logUniform(random, 0.5, 100)),
        Draw.anyOf(random, 1, 5, 20, 100, 1_000_000),
        Draw.anyOf(random, 16, 100, 4096),
        Draw.anyOf(random, 1, 2, 8),
        raft.electionTimeoutTicks() * (2 + random.nextInt(6)),
        Draw.anyOf(random, 4, 1000, 1000));
  }

  /** A network whose delays fit the unit: a message mostly arrives well within it. */
  static NetworkProfile drawNetwork(RandomSource random, long unit) {
    long delayMin = (long) (unit * Draw.logUniform(random, 0.0002, 0.02));
    long delayMax = delayMin + 1 + (long) (unit * Draw.logUniform(random, 0.0005, 0.1));
    boolean lossy = random.chance(0.5);
    boolean late = random.chance(0.3);
    return new NetworkProfile(
        delayMin,
        delayMax,
        late ? random.nextDouble() * 0.2 : 0,
        1 + (long) (unit * Draw.logUniform(random, 0.1, 2)),
        lossy ? Draw.logUniform(random, 0.001, 0.2) : 0,
        random.chance(0.4) ? Draw.logUniform(random, 0.001, 0.2) : 0,
        random.chance(0.1) ? Draw.logUniform(random, 0.01, 0.66) : 0,
        random.chance(0.4));
  }

  private DiskProfile drawDisk(long unit) {
    long syncMin = (long) (unit * Draw.logUniform(random, 0.0002, 0.01));
    return new DiskProfile(
        syncMin,
        syncMin + 1 + (long) (unit * Draw.logUniform(random, 0.0005, 0.2)),
        random.chance(0.2) ? Draw.logUniform(random, 0.0001, 0.005) : 0,
        random.chance(0.5) ? random.nextDouble() : 0,
        random.chance(0.5));
  }

  private StateStoreProfile drawStateStore(long unit) {
    long readMin = (long) (unit * Draw.logUniform(random, 0.0001, 0.005));
    long checkpointMin = (long) (unit * Draw.logUniform(random, 0.001, 0.1));
    return new StateStoreProfile(
        readMin,
        readMin + 1 + (long) (unit * Draw.logUniform(random, 0.0002, 0.05)),
        checkpointMin,
        checkpointMin + 1 + (long) (unit * Draw.logUniform(random, 0.01, 1)),
        random.chance(0.5) ? random.nextDouble() : 0);
  }

  /**
   * Up to what the leases survive; without leases drift only matters for how soon things happen.
   */
  private long drawDrift(RaftConfig raft) {
    long covered =
        raft.leaseEnabled()
            ? SimulatedClock.driftCoveredBy(raft.leaseMarginNanos(), raft.stickinessNanos())
            : 100_000;
    return random.chance(0.7) ? covered * 98 / 100 : (long) (covered * random.nextDouble());
  }
}
