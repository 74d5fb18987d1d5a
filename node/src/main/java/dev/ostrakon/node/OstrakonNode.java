package dev.ostrakon.node;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.admin.AdminServer;
import dev.ostrakon.node.admin.TransactionsEndpoint;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.settings.EntryCapacity;
import dev.ostrakon.node.settings.MemorySettings;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.SettingsException;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.storage.StorageConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
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

  /** How long stopping waits at most for calls that are not answered yet. */
  private static final long DRAIN_MILLIS_MAX = 1_000;

  /** The parts of the time to stop that are for calls inside, and for what follows the handover. */
  private static final int STOP_PARTS = 5;

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
            settings.plan().replicas(),
            new ClockConfig(settings.timing().clockSkewMillisMax()));
    NodePorts ports = NodePorts.of(settings);
    Vertx vertx = NodeVertx.create(settings.serving().eventLoops(), ports.transport());
    NodeServices services = new NodeServices(vertx, settings, clock, ports);
    vertx.exceptionHandler(cause -> onUncaught(services.hosting(), cause));
    NodeReport report = new NodeReport(services);
    // A promise that belongs to no event loop: those of this node may have ended when it fails.
    Promise<OstrakonNode> started = Promise.promise();
    DurableHost.start(vertx, config(settings), clock, services.services(report::status))
        .compose(host -> open(new OstrakonNode(vertx, settings, services, host, report)))
        .onComplete(
            started::complete,
            cause -> NodeVertx.close(vertx).onComplete(closed -> started.fail(cause)));
    return started.future();
  }

  /** Nobody has caught this: an error stops the node, an exception has ended what caused it. */
  private static void onUncaught(GroupHosting hosting, Throwable cause) {
    log.error("uncaught thread={} cause={}", Thread.currentThread().getName(), cause, cause);
    if (cause instanceof Error) {
      hosting.fail(cause);
    }
    ProcessEnd.ifOutOfMemory(cause);
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
            () -> !failure().isComplete(),
            services.readiness()::unreadiness,
            report::metrics,
            report::status,
            new TransactionsEndpoint(services.parts().groups()));
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
            storage(settings.memory())
                .withRowsOf(EntryCapacity.rowBytesMost(settings.plan().limits())),
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

  /**
   * Ends once the node is ready: it knows the configuration, and its groups have leaders that it
   * reaches. Fails if the node, or one of its replicas, stops before.
   */
  public Future<Void> ready() {
    return services.readiness().ready();
  }

  /** What keeps this node from being ready, one sentence each for people; empty once it is. */
  public List<String> missing() {
    return services.readiness().missing();
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

  GroupHosting hosting() {
    return services.hosting();
  }

  /** Stops in good order, within the time that its settings allow for handing over. */
  public Future<Void> stop() {
    return stop(settings.timing().handoverMillis());
  }

  /**
   * Stops in good order: turns new calls away, waits a little for those inside, hands leaderships
   * over, makes everything durable, closes the folder.
   *
   * @param withinMillis how long it may take; a disk that does not answer can make it longer
   */
  public Future<Void> stop(long withinMillis) {
    log.info("node stopping node={}", settings.id());
    long part = withinMillis / STOP_PARTS;
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis - part);
    long drainMillis = Math.min(DRAIN_MILLIS_MAX, part);
    return closedAfter(
        services
            .drain(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(drainMillis))
            .eventually(this::closeAdmin)
            .eventually(services::stop)
            .eventually(() -> host.stop(millisUntil(deadlineNanos))));
  }

  private static long millisUntil(long deadlineNanos) {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
  }

  /**
   * Ends as abruptly as one JVM permits: connections break, nothing is handed over, and what waits
   * is not answered. The folder is released when the future ends.
   */
  public Future<Void> kill() {
    return closedAfter(end());
  }

  /** Closes Vert.x at the end; the future that is returned belongs to none of its event loops. */
  private Future<Void> closedAfter(Future<Void> ended) {
    Promise<Void> closed = Promise.promise();
    ended.onComplete(
        result ->
            NodeVertx.close(vertx)
                .onComplete(done -> closed.complete(result.result(), result.cause())));
    return closed.future();
  }

  private Future<Void> end() {
    return host.kill().eventually(services::stop).eventually(this::closeAdmin);
  }

  private Future<Void> closeAdmin() {
    AdminServer open = admin;
    return open == null ? Future.succeededFuture() : open.stop();
  }
}
