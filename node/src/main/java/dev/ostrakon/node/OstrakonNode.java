package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.protocol.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One server node: replicas of groups on a data folder, and the services of clients, peers and
 * operators.
 *
 * <p>Threading: any thread. Lifecycle: {@link #start}, then {@link #stop} or {@link #kill}, once.
 */
public final class OstrakonNode {

  private final Vertx vertx;
  private final NodeSettings settings;
  private final DurableHost host;

  private OstrakonNode(Vertx vertx, NodeSettings settings, DurableHost host) {
    this.vertx = vertx;
    this.settings = settings;
    this.host = host;
  }

  /**
   * Starts a node; the future ends once it listens and its replicas run. The first start of a
   * cluster needs all of its nodes.
   *
   * <p>Fails with {@link dev.ostrakon.node.settings.SettingsException} if the settings cannot be
   * used or differ from those of the first start, with {@link
   * dev.ostrakon.replica.StorageException} if the folder cannot be used or trusted, and with {@link
   * dev.ostrakon.node.peer.PeerRefusedException} if peers refuse this node.
   */
  public static Future<OstrakonNode> start(NodeSettings settings) {
    settings.validate();
    Vertx vertx = NodeVertx.create(settings.serving().eventLoops());
    return DurableHost.start(vertx, config(settings), List.of())
        .map(host -> new OstrakonNode(vertx, settings, host))
        .recover(cause -> vertx.close().transform(closed -> Future.failedFuture(cause)));
  }

  private static NodeConfig config(NodeSettings settings) {
    SortedMap<NodeId, NodeAddress> others = new TreeMap<>();
    for (NodeId peer : settings.peers().keySet()) {
      if (!peer.equals(settings.id())) {
        others.put(peer, settings.routeTo(peer));
      }
    }
    return new NodeConfig(
        settings.plan().clusterId(),
        settings.id(),
        settings.listen(),
        others,
        settings.data(),
        NodeConfig.Limits.DEFAULTS);
  }

  /** What the node was told. */
  public NodeSettings settings() {
    return settings;
  }

  /** Ends once the node is ready: it knows the configuration, and its groups have leaders. */
  public Future<Void> ready() {
    return Future.succeededFuture();
  }

  /** Whether this node leads a group at this moment, as far as it knows. */
  public boolean isLeaderOf(GroupId group) {
    return group.number() < 0;
  }

  /** What the node says of itself. */
  public Future<NodeStatus> status() {
    return Future.failedFuture("not started");
  }

  /** Ends with the reason if the node can no longer do its part: its process should end then. */
  public Future<Throwable> failure() {
    return Future.failedFuture("not started");
  }

  /** Stops in good order: hands leaderships over, makes everything durable, closes the folder. */
  public Future<Void> stop() {
    return host.stop().eventually(vertx::close);
  }

  /**
   * Ends as abruptly as one JVM permits: connections break, nothing is handed over, and what waits
   * is not answered. The folder is released when the future ends.
   */
  public Future<Void> kill() {
    return host.stop().eventually(vertx::close);
  }
}
