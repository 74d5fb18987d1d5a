package dev.ostrakon.node;

import dev.ostrakon.group.FrontCounters;
import dev.ostrakon.group.ShardFront;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.LocalGroup;
import dev.ostrakon.node.metrics.PrometheusText;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.Role;
import dev.ostrakon.replica.Replica;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a node says of itself: as a status, and as metrics. Any thread. */
final class NodeReport {
  private final NodeServices services;
  private final long startedNanos = System.nanoTime();
  private volatile @Nullable DurableHost host;

  NodeReport(NodeServices services) {
    this.services = services;
  }

  /** From now on there is something to report of the host. */
  void setHost(DurableHost host) {
    this.host = host;
  }

  /** One replica, and what its front says if it has one. */
  record ReplicaReport(
      NodeStatus.Replica status,
      RaftStatus raft,
      @Nullable FrontCounters front,
      int replicas,
      long malformed) {}

  Future<NodeStatus> status() {
    return replicas().map(this::status);
  }

  private NodeStatus status(List<ReplicaReport> reports) {
    NodeParts parts = services.parts();
    List<NodeStatus.Peer> peers = new ArrayList<>();
    DurableHost present = host;
    parts
        .settings()
        .peers()
        .forEach(
            (node, address) -> {
              if (!node.equals(parts.settings().id())) {
                boolean connected = present != null && present.raft().isConnected(node);
                long offset = present == null ? 0 : present.raft().clockOffsetMillis(node);
                peers.add(new NodeStatus.Peer(node, address.toString(), connected, offset));
              }
            });
    return new NodeStatus(
        parts.settings().plan().clusterId(),
        parts.settings().id(),
        parts.settings().peers().get(parts.settings().id()) + "",
        version(),
        (System.nanoTime() - startedNanos) / 1_000_000,
        services.clockStatus(),
        parts.map().configurationNumber(),
        reports.stream().map(ReplicaReport::status).toList(),
        peers,
        List.of(),
        figures(reports));
  }

  private SortedMap<String, Long> figures(List<ReplicaReport> reports) {
    SortedMap<String, Long> figures = services.coordinatorFigures();
    for (ReplicaReport report : reports) {
      FrontCounters front = report.front();
      if (front != null
          && front.unfinished() > 0
          && report.status().role() == NodeStatus.Role.LEADER) {
        String name = NodeStatus.TXN_UNFINISHED_IN_GROUP + report.status().group();
        figures.put(name, (long) front.unfinished());
      }
    }
    return figures;
  }

  private static String version() {
    String version = NodeReport.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private Future<List<ReplicaReport>> replicas() {
    List<Future<ReplicaReport>> asked = new ArrayList<>();
    for (HostedReplica<?> replica : services.hosting().hosted()) {
      Optional<ShardFront> front =
          services.parts().groups().find(replica.group()).map(LocalGroup::front);
      asked.add(replica.ask(core -> report(replica, core, front.orElse(null))));
    }
    return Future.all(asked).map(all -> asked.stream().map(Future::result).toList());
  }

  private ReplicaReport report(
      HostedReplica<?> replica, Replica<?> core, @Nullable ShardFront front) {
    RaftStatus raft = core.status();
    GroupId group = replica.group();
    NodeId leader =
        raft.leader().isNone()
            ? null
            : ReplicaPlan.of(group, services.parts().settings()).nodeOf(raft.leader()).orElse(null);
    FrontCounters counters = front == null ? null : front.counters();
    return new ReplicaReport(
        new NodeStatus.Replica(
            group,
            roleOf(raft.role()),
            raft.term(),
            leader,
            new NodeStatus.LogPosition(
                raft.firstIndex(),
                raft.lastIndex(),
                raft.commitIndex(),
                raft.appliedIndex(),
                core.checkpointIndex()),
            slotCount(group),
            counters == null ? 0 : counters.keys(),
            front == null
                ? services.parts().map().configurationNumber()
                : front.configurationNumber(),
            core.isStopped() ? "stopped" : "",
            core.problem()),
        raft,
        counters,
        raft.membership().voters().size(),
        core.malformedCount());
  }

  private int slotCount(GroupId group) {
    return services
        .parts()
        .map()
        .routes()
        .map(routes -> routes.configuration().slotsOf(group).size())
        .orElse(0);
  }

  private static NodeStatus.Role roleOf(Role role) {
    return switch (role) {
      case FOLLOWER -> NodeStatus.Role.FOLLOWER;
      case PRE_CANDIDATE -> NodeStatus.Role.PRE_CANDIDATE;
      case CANDIDATE -> NodeStatus.Role.CANDIDATE;
      case LEADER -> NodeStatus.Role.LEADER;
      case LEARNER -> NodeStatus.Role.LEARNER;
    };
  }

  Future<String> metrics() {
    return replicas()
        .map(
            reports -> {
              PrometheusText text = new PrometheusText();
              NodeMetrics.write(text, services, host);
              reports.forEach(report -> NodeMetrics.write(text, report));
              return text.toString();
            });
  }
}
