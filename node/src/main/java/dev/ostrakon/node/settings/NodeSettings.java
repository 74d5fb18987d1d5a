package dev.ostrakon.node.settings;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slots;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.tls.TlsSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a node is told.
 *
 * <p>The same {@code plan} and {@code peers} on every node form a cluster at its first start; later
 * starts must bring the same plan.
 *
 * @param id this node
 * @param listen where it listens, for clients and peers alike
 * @param data its folder; made if it is missing
 * @param peers all nodes of the cluster, this one included, and where clients and nodes reach them
 * @param routes where this node reaches peers, as far as that differs from {@code peers}
 * @param plan what all nodes agree on
 * @param admin where health, metrics and status are served over HTTP; null for nowhere
 */
public record NodeSettings(
    NodeId id,
    NodeAddress listen,
    Path data,
    SortedMap<NodeId, NodeAddress> peers,
    SortedMap<NodeId, NodeAddress> routes,
    ClusterPlan plan,
    @Nullable NodeAddress admin,
    TlsSettings tls,
    MemorySettings memory,
    TimingSettings timing,
    ServingSettings serving) {

  /** The shard groups of a cluster for which nobody said how many. */
  public static final int GROUPS_DEFAULT = 3;

  /** The replicas of a group for which nobody said how many, or all nodes if those are fewer. */
  public static final int REPLICAS_DEFAULT = 3;

  /** The name of a cluster that nobody named. */
  public static final String CLUSTER_ID_DEFAULT = "ostrakon";

  /** Ten minutes. */
  public static final long WINDOW_MILLIS_DEFAULT = 600_000;

  /** One minute. */
  public static final long HORIZON_MILLIS_DEFAULT = 60_000;

  /** Transactions that may wait in a group. */
  public static final int PENDING_MAX_DEFAULT = 100_000;

  /** Copies the maps. */
  public NodeSettings {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
  }

  /** Settings in which everything that need not be said has its default. */
  public static NodeSettings of(
      NodeId id, NodeAddress listen, Path data, SortedMap<NodeId, NodeAddress> peers) {
    return new NodeSettings(
        id,
        listen,
        data,
        peers,
        new TreeMap<>(),
        defaultPlan(peers),
        null,
        TlsSettings.NONE,
        MemorySettings.DEFAULTS,
        TimingSettings.DEFAULTS,
        ServingSettings.DEFAULTS);
  }

  private static ClusterPlan defaultPlan(SortedMap<NodeId, NodeAddress> peers) {
    return new ClusterPlan(
        CLUSTER_ID_DEFAULT,
        new TreeSet<>(peers.keySet()),
        GROUPS_DEFAULT,
        Math.min(REPLICAS_DEFAULT, Math.max(1, peers.size())),
        Slots.COUNT_DEFAULT,
        Limits.DEFAULTS,
        WINDOW_MILLIS_DEFAULT,
        HORIZON_MILLIS_DEFAULT,
        PENDING_MAX_DEFAULT);
  }

  /** These settings with another plan. */
  public NodeSettings withPlan(ClusterPlan newPlan) {
    return new NodeSettings(
        id, listen, data, peers, routes, newPlan, admin, tls, memory, timing, serving);
  }

  /** These settings with other routes. */
  public NodeSettings withRoutes(SortedMap<NodeId, NodeAddress> newRoutes) {
    return new NodeSettings(
        id, listen, data, peers, newRoutes, plan, admin, tls, memory, timing, serving);
  }

  /** These settings with an admin endpoint. */
  public NodeSettings withAdmin(NodeAddress newAdmin) {
    return new NodeSettings(
        id, listen, data, peers, routes, plan, newAdmin, tls, memory, timing, serving);
  }

  /** These settings with encrypted connections. */
  public NodeSettings withTls(TlsSettings newTls) {
    return new NodeSettings(
        id, listen, data, peers, routes, plan, admin, newTls, memory, timing, serving);
  }

  /** These settings with other bounds of memory, other times and other bounds of service. */
  public NodeSettings with(
      MemorySettings newMemory, TimingSettings newTiming, ServingSettings newServing) {
    return new NodeSettings(
        id, listen, data, peers, routes, plan, admin, tls, newMemory, newTiming, newServing);
  }

  /** Where this node reaches a peer. */
  public NodeAddress routeTo(NodeId peer) {
    NodeAddress address = routes.getOrDefault(peer, peers.get(peer));
    if (address == null) {
      throw new IllegalArgumentException("node " + peer + " is not among " + peers.keySet());
    }
    return address;
  }

  /** Whether this node holds a replica of a group, the controller included. */
  public boolean isPlacedHere(GroupId group) {
    return group.equals(GroupId.CONTROLLER)
        ? plan.controllerNodes().contains(id)
        : plan.nodesOf(group).contains(id);
  }

  /**
   * Checks everything.
   *
   * @throws SettingsException with one sentence for each violation
   */
  public NodeSettings validate() {
    List<String> violations = new ArrayList<>();
    if (!peers.containsKey(id)) {
      violations.add("id is one of peers " + peers.keySet() + ", was " + id);
    }
    if (!plan.nodes().equals(peers.keySet())) {
      violations.add("the plan's nodes are the peers " + peers.keySet() + ", were " + plan.nodes());
    }
    for (NodeId routed : routes.keySet()) {
      if (!peers.containsKey(routed)) {
        violations.add("routes names peers only, was " + routed);
      }
    }
    if (peers.values().stream().distinct().count() < peers.size()) {
      violations.add("every peer has an address of its own, were " + peers.values());
    }
    if (listen.equals(admin)) {
      violations.add("admin is another address than listen, was " + admin);
    }
    violations.addAll(plan.violations());
    violations.addAll(tls.violations());
    violations.addAll(memory.violations());
    violations.addAll(timing.violations());
    violations.addAll(serving.violations(plan));
    if (!violations.isEmpty()) {
      throw new SettingsException(violations);
    }
    return this;
  }
}
