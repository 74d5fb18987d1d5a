package dev.ostrakon.node;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.admin.AdminServer;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.settings.MemorySettings;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.SettingsException;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.storage.StorageConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server node: replicas of groups on a data folder, and the services of clients, peers and
 * operators.
 *
 * <p>Threading: any thread. Lifecycle: {@link #start}, then {@link #stop} or {@link #kill}, once.
 */
public final class OstrakonNode {

  private static final Logger log = LoggerFactory.getLogger(OstrakonNode.class);

  /** How long stopping waits for calls that are not answered yet. */
  private static final long DRAIN_MILLIS = 1_000;

  private final Vertx vertx;
  private final NodeSettings settings;
  private final NodeServices services;
  private final DurableHost host;
  private final NodeReport report;
  private @Nullable AdminServer admin;

  private OstrakonNode(
      Vertx vertx,
      NodeSettings settings,
      NodeServices services,
      DurableHost host,
      NodeReport report) {
    this.vertx = vertx;
    this.settings = settings;
    this.services = services;
    this.host = host;
    this.report = report;
  }

  /**
   * Starts a node; the future ends once it listens and its replicas run. The first start of a
   * cluster needs all of its nodes.
   *
   * <p>Fails with {@link SettingsException} if the settings cannot be used or differ from those of
   * the first start, with {@link dev.ostrakon.replica.StorageException} if the folder cannot be
   * used or trusted, and with {@link dev.ostrakon.node.peer.PeerRefusedException} if peers refuse
   * this node.
   */
  public static Future<OstrakonNode> start(NodeSettings settings) {
    try {
      settings.validate();
    } catch (SettingsException e) {
      return Future.failedFuture(e);
    }
    warnOfSmallHeap(settings);
    NodeClock clock =
        new NodeClock(
            WallClock.fromEnvironment(),
            settings.peers().size() - 1,
            new ClockConfig(settings.timing().clockSkewMillisMax()));
    Vertx vertx = NodeVertx.create(settings.serving().eventLoops());
    NodeServices services = new NodeServices(vertx, settings, clock);
    NodeReport report = new NodeReport(services);
    // A promise that belongs to no event loop: those of this node may have ended when it fails.
    Promise<OstrakonNode> started = Promise.promise();
    DurableHost.start(vertx, config(settings), clock, services.services(report::status))
        .compose(host -> open(new OstrakonNode(vertx, settings, services, host, report)))
        .onComplete(
            started::complete, cause -> vertx.close().onComplete(closed -> started.fail(cause)));
    return started.future();
  }

  private static void warnOfSmallHeap(NodeSettings settings) {
    long most = settings.memory().heapBytesMost(settings.plan().groupsOfNode());
    long heap = Runtime.getRuntime().maxMemory();
    if (most > heap) {
      log.warn("options allow more memory than the heap has bytes={} heap={}", most, heap);
    }
  }

  private static Future<OstrakonNode> open(OstrakonNode node) {
    node.report.setHost(node.host);
    return node.services
        .start(node.host)
        .compose(started -> node.openAdmin())
        .map(
            opened -> {
              log.info("node started node={}", node.settings.id());
              return node;
            })
        .recover(cause -> node.end().transform(ended -> Future.failedFuture(cause)));
  }

  private Future<Void> openAdmin() {
    NodeAddress address = settings.admin();
    if (address == null) {
      return Future.succeededFuture();
    }
    AdminServer.Sources sources =
        new AdminServer.Sources(
            () -> !failure().isComplete(), services::isCaughtUp, report::metrics, report::status);
    return AdminServer.start(vertx, address, sources)
        .map(
            opened -> {
              admin = opened;
              return null;
            });
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
        settings.plan().describe(),
        NodeServices.agreement(settings),
        settings.id(),
        settings.listen(),
        others,
        settings.data(),
        settings.tls(),
        new NodeConfig.Limits(
            settings.serving().eventLoops(),
            TimeUnit.MILLISECONDS.toNanos(settings.timing().tickMillis()),
            settings.timing().handoverMillis(),
            PeerConfig.DEFAULTS,
            storage(settings.memory()),
            new ClockConfig(settings.timing().clockSkewMillisMax())));
  }

  private static StorageConfig storage(MemorySettings memory) {
    StorageConfig defaults = StorageConfig.DEFAULTS;
    return new StorageConfig(
        defaults.logBatchBytes(),
        defaults.logBlockBytes(),
        memory.logCacheBytes(),
        defaults.lazyWriteMillis(),
        defaults.stateBlockBytes(),
        memory.stateCacheBytes(),
        memory.valueCacheBytes(),
        defaults.workers(),
        defaults.checkpointers());
  }

  /** What the node was told. */
  public NodeSettings settings() {
    return settings;
  }

  /** Ends once the node is ready: it knows the configuration, and its groups have leaders. */
  public Future<Void> ready() {
    return services.ready();
  }

  /** Whether this node leads a group at this moment, as far as it knows. */
  public boolean isLeaderOf(GroupId group) {
    return services.isLeaderOf(group);
  }

  /** What the node says of itself. */
  public Future<NodeStatus> status() {
    return report.status();
  }

  /** Ends with the reason if the node can no longer do its part: its process should end then. */
  public Future<Throwable> failure() {
    return services.hosting().failure();
  }

  /** Stops in good order: hands leaderships over, makes everything durable, closes the folder. */
  public Future<Void> stop() {
    log.info("node stopping node={}", settings.id());
    return services
        .drain(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS))
        .eventually(this::closeAdmin)
        .eventually(services::stop)
        .eventually(host::stop)
        .eventually(vertx::close);
  }

  /**
   * Ends as abruptly as one JVM permits: connections break, nothing is handed over, and what waits
   * is not answered. The folder is released when the future ends.
   */
  public Future<Void> kill() {
    return end().eventually(vertx::close);
  }

  private Future<Void> end() {
    return host.kill().eventually(services::stop).eventually(this::closeAdmin);
  }

  private Future<Void> closeAdmin() {
    AdminServer open = admin;
    return open == null ? Future.succeededFuture() : open.stop();
  }
}
