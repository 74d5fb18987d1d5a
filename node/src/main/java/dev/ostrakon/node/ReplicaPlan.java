package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.settings.MemorySettings;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.ServingSettings;
import dev.ostrakon.node.settings.TimingSettings;
import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.ReplicaConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the replicas of one group live, by the plan. A replica has the number of its node among all
 * nodes, from 1. Immutable; any thread.
 */
final class ReplicaPlan {
  /** A leader's lease is this part of an election timeout shorter, for clocks that drift. */
  private static final int LEASE_MARGIN_PART = 5;

  private final GroupId group;
  private final SortedMap<ReplicaId, NodeId> nodes = new TreeMap<>();
  private final NodeId spreadLeader;
  private final List<GroupId> shardGroups;
  private final boolean mayGather;
  private final NodeSettings settings;

  private ReplicaPlan(GroupId group, List<NodeId> members, NodeSettings settings) {
    this.group = group;
    this.settings = settings;
    this.spreadLeader = members.get(0);
    this.shardGroups = List.copyOf(settings.plan().shardGroups().keySet());
    this.mayGather =
        settings.serving().leaders() == ServingSettings.Leaders.ADAPTIVE
            && settings.plan().replicas() == settings.plan().nodes().size();
    List<NodeId> all = List.copyOf(settings.plan().nodes());
    for (NodeId member : members) {
      nodes.put(new ReplicaId(1 + all.indexOf(member)), member);
    }
  }

  /** The replicas of a group, the controller included. */
  static ReplicaPlan of(GroupId group, NodeSettings settings) {
    return new ReplicaPlan(
        group,
        group.equals(GroupId.CONTROLLER)
            ? settings.plan().controllerNodes()
            : settings.plan().nodesOf(group),
        settings);
  }

  GroupId group() {
    return group;
  }

  /** The node of each replica. */
  SortedMap<ReplicaId, NodeId> nodes() {
    return nodes;
  }

  /** The node of a replica, if it is known. */
  Optional<NodeId> nodeOf(ReplicaId replica) {
    return Optional.ofNullable(nodes.get(replica));
  }

  /** The replica on this node. */
  ReplicaId self() {
    return replicaOn(settings.id());
  }

  /** The node that had best lead the group, so that leaders are spread over the nodes. */
  NodeId spreadLeader() {
    return spreadLeader;
  }

  /**
   * The node that had best lead the group, so that leaders are together: the one that leads the
   * most groups, the first of several. The same as if they are spread where they may not gather.
   */
  NodeId gatheringLeader(ClusterMap map) {
    if (!mayGather) {
      return spreadLeader;
    }
    SortedMap<NodeId, Integer> led = new TreeMap<>();
    for (GroupId other : shardGroups) {
      map.leaderOf(other).ifPresent(leader -> led.merge(leader, 1, Integer::sum));
    }
    NodeId best = spreadLeader;
    int most = 0;
    for (Map.Entry<NodeId, Integer> node : led.entrySet()) {
      if (node.getValue() > most) {
        most = node.getValue();
        best = node.getKey();
      }
    }
    return best;
  }

  /** The least time between two ticks of the group's replicas. */
  int tickMillis() {
    return settings.timing().tickMillis();
  }

  private ReplicaId replicaOn(NodeId node) {
    return nodes.entrySet().stream()
        .filter(entry -> entry.getValue().equals(node))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("group " + group + " has no replica on " + node));
  }

  /** The constants of the replica on this node. */
  ReplicaConfig config() {
    TimingSettings timing = settings.timing();
    MemorySettings memory = settings.memory();
    RaftConfig raft = RaftConfig.DEFAULTS;
    ReplicaConfig replica = ReplicaConfig.DEFAULTS;
    long tickNanos = timing.tickMillis() * 1_000_000L;
    return new ReplicaConfig(
        new RaftConfig(
            tickNanos,
            timing.heartbeatTicks(),
            timing.electionTicks(),
            timing.electionTicksMax(),
            timing.stickinessTicks(),
            timing.leases(),
            timing.stickinessTicks() * tickNanos / LEASE_MARGIN_PART,
            raft.maxAppendBytes(),
            raft.maxInflightAppends(),
            raft.maxInflightBytes(),
            Math.min(raft.maxUncommittedBytes(), 2 * memory.entryCacheBytes()),
            raft.maxApplyBytes(),
            memory.entryCacheBytes(),
            raft.retainedEntries(),
            raft.maxPendingReads()),
        memory.checkpointBytes(),
        memory.overlayBytesMax(),
        replica.checkpointIntervalNanos(),
        replica.checkpointEntries(),
        replica.snapshotChunkBytes(),
        replica.snapshotWindowChunks(),
        replica.snapshotTimeoutTicks(),
        replica.maxPendingProposals());
  }
}
