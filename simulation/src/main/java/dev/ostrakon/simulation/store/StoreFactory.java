package dev.ostrakon.simulation.store;

import dev.ostrakon.group.ShardFront;
import dev.ostrakon.group.ShardFrontConfig;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.MachineFactory;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Makes the replicas of shard groups; those of one process share a {@link StoreHost}. */
final class StoreFactory implements MachineFactory<StoreMachine> {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** So soon a recovery looks at what is finished and not forgotten, within the time of a run. */
  private static final int UNFORGOTTEN_UNITS = 60;

  /** The first half of the names under which coordinators read; no client has it. */
  private static final long READERS = 1_000_000;

  /**
   * What all nodes have in common.
   *
   * @param groups what decides about results in each group
   * @param walls what the nodes take for wall time
   * @param peerCounts with how many others' clocks each node compares its own; 0 to believe it
   * @param unitNanos in which durations are measured
   * @param sending how coordinators send
   * @param bounds how much fronts and coordinators take at once
   */
  record Settings(
      Configuration configuration,
      GroupSettings groups,
      WallClocks walls,
      List<Integer> peerCounts,
      StoreRules rules,
      long unitNanos,
      Sending sending,
      StoreBounds bounds) {}

  private final Settings settings;
  private final RandomSource random;
  private final Map<Integer, StoreHost> hosts = new HashMap<>();
  private StoreHost.@Nullable Roads roads;
  private int lives;

  StoreFactory(Settings settings, RandomSource random) {
    this.settings = settings;
    this.random = random;
  }

  /** Tells how nodes reach each other; before any of them starts. */
  void connect(StoreHost.Roads known) {
    roads = known;
  }

  /** What runs on a node, if it is up and hosts anything. */
  Optional<StoreHost> hostOn(int node) {
    return Optional.ofNullable(hosts.get(node)).filter(host -> host.process().isAlive());
  }

  static NodeId nameOf(int node) {
    return new NodeId("n" + node);
  }

  static int nodeOf(NodeId name) {
    return Integer.parseInt(name.name().substring(1));
  }

  /** As frames between real nodes do, each message says what its sender's clocks show. */
  @Override
  public IntConsumer aside(int node) {
    Optional<StoreHost> sender = hostOn(node);
    if (sender.isEmpty()) {
      return receiver -> {};
    }
    StoreHost.Reading reading = sender.get().reading();
    return receiver -> hostOn(receiver).ifPresent(host -> host.told(reading));
  }

  @Override
  public StoreMachine create(int group, StateStore store) {
    throw new UnsupportedOperationException("a front lives on a node");
  }

  @Override
  public StoreMachine create(int group, int node, SimulatedProcess process, StateStore store) {
    StoreHost host = hostOf(node, process);
    ShardFront front =
        new ShardFront(
            new GroupId(group),
            host.clock(),
            bounds(group),
            replica ->
                replica.isNone()
                    ? Optional.empty()
                    : Optional.of(nameOf(GroupShape.nodeOf(replica))),
            settings.rules().group());
    host.add(front);
    return new StoreMachine(front, store, settings, process);
  }

  private ShardFrontConfig bounds(int group) {
    ShardFrontConfig bounds =
        settings
            .bounds()
            .front()
            .withUnforgottenMillis(UNFORGOTTEN_UNITS * settings.unitNanos() / NANOS_PER_MILLI);
    return group % 2 == 0 ? bounds : bounds.withChangesLeftMax(1);
  }

  private StoreHost hostOf(int node, SimulatedProcess process) {
    StoreHost present = hosts.get(node);
    if (present != null && present.process() == process) {
      return present;
    }
    lives++;
    StoreHost host =
        new StoreHost(
            node,
            lives,
            new ClientId(READERS, lives),
            process,
            Objects.requireNonNull(roads, "connect() comes first"),
            settings,
            random.fork("host-" + lives));
    hosts.put(node, host);
    return host;
  }

  /** The rows of the group itself, area 0, are written at checkpoints only. */
  @Override
  public boolean isReplicated(Bytes key) {
    return !key.isEmpty() && key.at(0) != 0;
  }
}
