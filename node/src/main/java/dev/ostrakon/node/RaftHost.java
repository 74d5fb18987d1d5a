package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.GroupRoute;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.peer.PeerCounters;
import dev.ostrakon.node.peer.PeerNetwork;
import dev.ostrakon.node.rpc.MessageLimits;
import dev.ostrakon.node.rpc.RpcLimits;
import dev.ostrakon.node.rpc.RpcServices;
import dev.ostrakon.node.tls.TlsOptions;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.protocol.v1.PeersGrpcService;
import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.ReplicaPorts;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas of one node: their event loops, their storage, their network.
 *
 * <p>Threading: any thread. Lifecycle: {@link #start}, {@link #host} for each group, {@link #stop}.
 * What the host was given (Vert.x, storage, clock) belongs to the caller and outlives it.
 */
public final class RaftHost {

  private static final Logger log = LoggerFactory.getLogger(RaftHost.class);

  /** Between two looks at whether leadership has moved away from a node that stops. */
  private static final long HANDOVER_POLL_MILLIS = 10;

  /** Objects that a frame of a peer may become. */
  private static final int PEER_ELEMENTS_MAX = 1 << 18; // 262,144

  /**
   * What a host is made of.
   *
   * @param network everything of the peers, given the event loops
   * @param listen where this node listens
   * @param loopCount event loops to use, at least 1
   * @param tickNanos the least time between two ticks of a replica
   * @param handoverMillis the longest that stopping waits for leaderships to move away
   * @param storage gives every group its storage
   * @param tls how connections are encrypted
   * @param services further gRPC services for the node's port
   */
  public record Setup(
      Function<List<EventLoopScheduler>, PeerNetwork.Setup> network,
      NodeAddress listen,
      int loopCount,
      long tickNanos,
      long handoverMillis,
      ReplicaStorage.Provider storage,
      TlsSettings tls,
      RpcServices services) {

    public Setup {
      if (loopCount < 1 || tickNanos < 1 || handoverMillis < 0) {
        throw new IllegalArgumentException(
            "expected at least one loop, a positive tick and no negative handover, were "
                + loopCount
                + ", "
                + tickNanos
                + " and "
                + handoverMillis);
      }
    }
  }

  private final Vertx vertx;
  private final Setup setup;
  private final NodeLoops loops;
  private final PeerNetwork.Setup networkSetup;
  private final PeerNetwork network;
  private final Map<GroupId, HostedReplica<?>> hosted = new ConcurrentHashMap<>();

  private RaftHost(Vertx vertx, Setup setup, NodeLoops loops) {
    this.vertx = vertx;
    this.setup = setup;
    this.loops = loops;
    this.networkSetup = setup.network().apply(loops.schedulers());
    this.network = new PeerNetwork(vertx, networkSetup);
  }

  /** Starts event loops, server and links; fails if the address is taken. */
  public static Future<RaftHost> start(Vertx vertx, Setup setup) {
    return NodeLoops.start(vertx, setup.loopCount(), setup.tickNanos())
        .map(loops -> new RaftHost(vertx, setup, loops))
        .compose(RaftHost::open);
  }

  /** What each event loop of a node takes in. */
  static RpcLimits limits(PeerConfig peers, RpcServices services, int loopCount) {
    Map<String, MessageLimits> limits = new LinkedHashMap<>(services.limits());
    limits.put(
        PeersGrpcService.SERVICE_NAME.fullyQualifiedName(),
        new MessageLimits(
            (int) peers.frameBytesCeiling(), PEER_ELEMENTS_MAX, "messageBytesMax of peers"));
    return RpcLimits.forHeap(Runtime.getRuntime().maxMemory(), loopCount, limits);
  }

  private Future<RaftHost> open() {
    List<Function<Scheduler, Service>> services = new ArrayList<>();
    services.add(network::service);
    services.addAll(setup.services().makers());
    return loops
        .listen(
            TlsOptions.apply(setup.tls(), NodeLoops.serverOptions(setup.listen())),
            limits(networkSetup.config(), setup.services(), setup.loopCount()),
            setup.services().counters(),
            services)
        .map(
            opened -> {
              network.start();
              log.info(
                  "host started node={} listen={} loops={}",
                  networkSetup.self().nodeId(),
                  setup.listen(),
                  setup.loopCount());
              return this;
            })
        .recover(cause -> stop().transform(stopped -> Future.failedFuture(cause)));
  }

  /**
   * Ends well once every peer has welcomed this node at least once. A node with a new disk must
   * wait for this before it hosts its first replica: if it is an old node that lost its disk,
   * somebody knows, and refuses it with {@link dev.ostrakon.node.peer.PeerRefusedException}.
   */
  public Future<Void> welcomedByAll() {
    return network.welcomedByAll();
  }

  /**
   * Recovers the replica of a group and lets it take part. Fails with {@link
   * dev.ostrakon.replica.StorageException} if its storage cannot be read or trusted.
   */
  public <R> Future<HostedReplica<R>> host(GroupSpec<R> spec) {
    NodeLoop loop = loops.next();
    return vertx
        .executeBlocking(() -> recover(spec, loop), false)
        .compose(recovered -> NodeLoops.run(loop, () -> join(spec, loop, recovered)));
  }

  private record Recovered(ReplicaStorage storage, RecoveredLog log, SnapshotMetadata checkpoint) {}

  private Recovered recover(GroupSpec<?> spec, NodeLoop loop) {
    ReplicaStorage storage = setup.storage().open(spec.group(), loop.scheduler());
    return new Recovered(storage, storage.log().recover(), storage.state().recover());
  }

  private <R> HostedReplica<R> join(GroupSpec<R> spec, NodeLoop loop, Recovered recovered) {
    // The route needs a receiver and the replica needs the route: the receiver ties the knot.
    ReplicaReceiver<R> receiver = new ReplicaReceiver<>();
    GroupRoute route =
        new GroupRoute(spec.group(), spec.self(), spec.nodes(), loop.scheduler(), receiver);
    HostedReplica<R> replica =
        new HostedReplica<>(
            new HostedReplica.Place(route, loop, recovered.storage()),
            observer -> replica(spec, route, recovered, observer));
    receiver.setReplica(replica.replica());
    hosted.put(spec.group(), replica);
    network.addRoute(route);
    return replica;
  }

  private <R> Replica<R> replica(
      GroupSpec<R> spec, GroupRoute route, Recovered recovered, LoggingObserver.Stopped stopped) {
    RandomSource random =
        networkSetup.random().fork("group " + spec.group() + " replica " + spec.self());
    Replica.Start start =
        new Replica.Start(
            spec.self(),
            spec.config(),
            RaftRules.STANDARD,
            random,
            spec.bootstrap(),
            recovered.log(),
            recovered.checkpoint());
    ReplicaPorts ports =
        new ReplicaPorts(
            recovered.storage().log(),
            recovered.storage().state(),
            network.transport(route),
            route.owner());
    try {
      return new Replica<>(
          start,
          ports,
          spec.machine().apply(recovered.storage().state()),
          new LoggingObserver(networkSetup.self().nodeId(), spec, stopped));
    } catch (IllegalArgumentException e) {
      throw StorageException.corrupt(
          "log and state of group " + spec.group() + " do not fit each other: " + e.getMessage(),
          e);
    }
  }

  /** What the connections of this node have done so far. */
  public PeerCounters.Snapshot peerCounters() {
    return network.counters();
  }

  /** Stops within the time that the setup allows for handing leaderships over. */
  public Future<Void> stop() {
    return stop(setup.handoverMillis());
  }

  /**
   * Hands leaderships over as far as that goes in time, then stops replicas, links and server.
   *
   * @param handoverMillis the longest that it waits for leaderships to move away
   */
  public Future<Void> stop(long handoverMillis) {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(handoverMillis);
    List<Future<?>> quiet = new ArrayList<>();
    for (HostedReplica<?> replica : hosted.values()) {
      quiet.add(handOver(replica, deadlineNanos).compose(ignored -> stop(replica)));
    }
    return Future.join(quiet)
        .eventually(network::stop)
        .eventually(loops::stop)
        .onComplete(
            stopped -> log.info("host stopped node={}", networkSetup.self().nodeId()),
            cause ->
                log.warn(
                    "host stopped badly node={} cause={}",
                    networkSetup.self().nodeId(),
                    cause.toString()))
        .mapEmpty();
  }

  /** Stops at once: connections break, and nobody is told anything. */
  public Future<Void> kill() {
    return loops
        .closeServers()
        .eventually(network::kill)
        .eventually(
            () -> Future.join(List.copyOf(hosted.values()).stream().map(this::stop).toList()))
        .eventually(loops::stop)
        .mapEmpty();
  }

  /** Whether a peer can be reached at present. */
  public boolean isConnected(NodeId peer) {
    return network.isConnected(peer);
  }

  /** The peers to whom no link is open at present, each with its address and why, for people. */
  public List<String> peerProblems() {
    return network.problems();
  }

  /** How far a peer's clock was ahead when it was last heard of, in milliseconds. */
  public long clockOffsetMillis(NodeId peer) {
    return network.clockOffsetMillis(peer);
  }

  /** Asks for a successor, again and again, until this replica does not lead or time is up. */
  private Future<Void> handOver(HostedReplica<?> replica, long deadlineNanos) {
    return replica
        .ask(
            core -> {
              Optional<ReplicaId> successor = replica.successor(network::isConnected);
              successor.ifPresent(core::transferLeadership);
              return successor.isPresent() && System.nanoTime() < deadlineNanos;
            })
        .compose(
            waiting ->
                waiting
                    ? vertx
                        .timer(HANDOVER_POLL_MILLIS)
                        .compose(later -> handOver(replica, deadlineNanos))
                    : Future.succeededFuture());
  }

  private Future<Boolean> stop(HostedReplica<?> replica) {
    network.removeRoute(replica.group());
    hosted.remove(replica.group());
    return replica.ask(
        core -> {
          replica.stop();
          return core.isStopped();
        });
  }
}
