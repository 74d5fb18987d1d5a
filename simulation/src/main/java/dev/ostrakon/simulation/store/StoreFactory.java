package dev.ostrakon.simulation.store;

import dev.ostrakon.group.GroupRules;
import dev.ostrakon.group.ShardFront;
import dev.ostrakon.group.ShardFrontConfig;
import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.MachineFactory;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/** Makes the replicas of shard groups; those of one process share a hybrid clock. */
final class StoreFactory implements MachineFactory<StoreMachine> {

  private final Configuration configuration;
  private final WallClocks walls;
  private final GroupRules rules;
  private final Map<SimulatedProcess, HybridLogicalClock> clocks = new WeakHashMap<>();

  StoreFactory(Configuration configuration, WallClocks walls, GroupRules rules) {
    this.configuration = configuration;
    this.walls = walls;
    this.rules = rules;
  }

  static NodeId nameOf(int node) {
    return new NodeId("n" + node);
  }

  static int nodeOf(NodeId name) {
    return Integer.parseInt(name.name().substring(1));
  }

  @Override
  public StoreMachine create(int group, StateStore store) {
    throw new UnsupportedOperationException("a front lives on a node");
  }

  @Override
  public StoreMachine create(int group, int node, SimulatedProcess process, StateStore store) {
    HybridLogicalClock clock =
        clocks.computeIfAbsent(
            process,
            ignored -> new HybridLogicalClock(() -> walls.wallMillis(node), ClockConfig.DEFAULTS));
    ShardFront front =
        new ShardFront(
            new GroupId(group),
            clock,
            ShardFrontConfig.DEFAULTS,
            replica ->
                replica.isNone()
                    ? Optional.empty()
                    : Optional.of(nameOf(GroupShape.nodeOf(replica))),
            rules);
    return new StoreMachine(front, store, configuration, process);
  }

  /** The rows of the group itself, area 0, are written at checkpoints only. */
  @Override
  public boolean isReplicated(Bytes key) {
    return !key.isEmpty() && key.at(0) != 0;
  }
}
