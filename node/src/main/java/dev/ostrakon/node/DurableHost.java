package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.FilePeerDisks;
import dev.ostrakon.node.peer.PeerIdentity;
import dev.ostrakon.node.peer.PeerNetwork;
import dev.ostrakon.node.rpc.RpcServices;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.storage.LogStats;
import dev.ostrakon.storage.NodeStorage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link RaftHost} on a data folder: what a server process runs.
 *
 * <p>Threading: any thread. Lifecycle: {@link #start}, then groups are hosted, then {@link #stop},
 * which closes the folder.
 */
public final class DurableHost {

  private static final Logger log = LoggerFactory.getLogger(DurableHost.class);

  private static final String PEERS_FILE = "peers";

  private final Vertx vertx;
  private final NodeId nodeId;
  private final NodeStorage storage;
  private final FilePeerDisks disks;
  private final RaftHost host;

  private DurableHost(Vertx vertx, NodeId nodeId, Folder folder, RaftHost host) {
    this.vertx = vertx;
    this.nodeId = nodeId;
    this.storage = folder.storage();
    this.disks = folder.disks();
    this.host = host;
  }

  private record Folder(NodeStorage storage, FilePeerDisks disks) {}

  /**
   * Opens the folder, starts server and links, and, on a new disk, waits until every peer has
   * welcomed this node: the first start of a cluster needs all of its nodes.
   *
   * <p>Fails with {@link dev.ostrakon.replica.StorageException} if the folder cannot be used or
   * trusted, with {@link dev.ostrakon.node.settings.SettingsException} if it was set up by another
   * plan, and with {@link dev.ostrakon.node.peer.PeerRefusedException} if the node lost its disk.
   *
   * @param clock the node's; it is advanced by what peers tell
   * @param services further gRPC services for the node's port
   */
  public static Future<DurableHost> start(
      Vertx vertx, NodeConfig config, NodeClock clock, RpcServices services) {
    return vertx
        .executeBlocking(() -> open(vertx, config))
        .compose(
            folder ->
                RaftHost.start(vertx, setup(config, services, clock, folder))
                    .map(host -> new DurableHost(vertx, config.nodeId(), folder, host))
                    .recover(
                        cause -> close(vertx, folder).transform(e -> Future.failedFuture(cause))))
        .compose(DurableHost::awaitWelcome);
  }

  private static Folder open(Vertx vertx, NodeConfig config) {
    NodeStorage storage =
        NodeStorage.open(
            config.dataFolder(),
            config.clusterId(),
            config.nodeId().name(),
            config.limits().storage());
    try {
      PlanFile.requireSame(config.dataFolder(), config.plan());
      return new Folder(
          storage, FilePeerDisks.open(vertx, config.dataFolder().resolve(PEERS_FILE)));
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  private static RaftHost.Setup setup(
      NodeConfig config, RpcServices services, NodeClock clock, Folder folder) {
    PeerIdentity self =
        new PeerIdentity(
            config.agreement(),
            config.nodeId(),
            Long.toHexString(folder.storage().identity().diskId()));
    return new RaftHost.Setup(
        loops ->
            new PeerNetwork.Setup(
                self,
                config.peers(),
                config.limits().peers(),
                config.tls(),
                loops,
                folder.disks(),
                clock,
                new RandomSource(new SecureRandom().nextLong())),
        config.listen(),
        config.limits().loopCount(),
        config.limits().tickNanos(),
        config.limits().handoverMillis(),
        (group, owner) -> open(folder.storage(), group, owner),
        config.tls(),
        services);
  }

  private static ReplicaStorage open(NodeStorage storage, GroupId group, Scheduler owner) {
    return new ReplicaStorage(
        storage.log(group.number(), owner), storage.state(group.number(), owner));
  }

  private Future<DurableHost> awaitWelcome() {
    if (disks.isWelcomedByAll()) {
      return Future.succeededFuture(this);
    }
    log.info("new disk, waiting for the welcome of all peers node={}", nodeId);
    WaitingReport report =
        WaitingReport.start(
            vertx, nodeId, "the welcome of all peers at the first start", host::peerProblems);
    return host.welcomedByAll()
        .onComplete(ended -> report.stop())
        .compose(welcomed -> disks.setWelcomedByAll())
        .map(this)
        .recover(cause -> stop().transform(stopped -> Future.failedFuture(cause)));
  }

  /** The groups and their network. */
  public RaftHost raft() {
    return host;
  }

  /** What the log of this node has done since it was opened. */
  public LogStats logStats() {
    return storage.logStats();
  }

  /** Stops within the time that the configuration allows for handing leaderships over. */
  public Future<Void> stop() {
    return closeAfter(host.stop());
  }

  /**
   * Hands leaderships over, stops, makes durable what was handed to the storage, and closes it.
   *
   * @param handoverMillis the longest that it waits for leaderships to move away
   */
  public Future<Void> stop(long handoverMillis) {
    return closeAfter(host.stop(handoverMillis));
  }

  private Future<Void> closeAfter(Future<Void> stopped) {
    return stopped.eventually(() -> close(vertx, new Folder(storage, disks)));
  }

  /** Stops at once: connections break, and nobody is told anything; then releases the folder. */
  public Future<Void> kill() {
    return closeAfter(host.kill());
  }

  /** Bytes of log entries that are not durable yet. */
  public long logBacklogBytes() {
    return storage.logBacklogBytes();
  }

  private static Future<Void> close(Vertx vertx, Folder folder) {
    return vertx
        .<Void>executeBlocking(
            () -> {
              folder.storage().close();
              return null;
            })
        .eventually(folder.disks()::close);
  }
}
