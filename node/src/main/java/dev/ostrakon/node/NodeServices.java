package dev.ostrakon.node;

import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.admin.StatusEndpoint;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.ClusterName;
import dev.ostrakon.node.cluster.Gate;
import dev.ostrakon.node.cluster.Handovers;
import dev.ostrakon.node.cluster.LocalGroups;
import dev.ostrakon.node.kv.Admission;
import dev.ostrakon.node.kv.KvEnvironment;
import dev.ostrakon.node.metrics.RequestMetrics;
import dev.ostrakon.node.participant.ParticipantCounters;
import dev.ostrakon.node.participant.ParticipantEnvironment;
import dev.ostrakon.node.peer.Greeting;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.peer.PeerIdentity;
import dev.ostrakon.node.rpc.MessageLimits;
import dev.ostrakon.node.rpc.RpcCounters;
import dev.ostrakon.node.rpc.RpcServices;
import dev.ostrakon.node.settings.ClusterPlan;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.ServingSettings;
import dev.ostrakon.node.shards.ConfigurationSource;
import dev.ostrakon.node.shards.ConfigurationWatch;
import dev.ostrakon.node.shards.ControllerForwarding;
import dev.ostrakon.node.shards.Founding;
import dev.ostrakon.node.shards.RemoteShards;
import dev.ostrakon.node.shards.ShardsEndpoint;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.v1.KvGrpcService;
import dev.ostrakon.protocol.v1.ParticipantsGrpcService;
import dev.ostrakon.protocol.v1.ShardsGrpcService;
import dev.ostrakon.protocol.v1.StatusGrpcService;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.health.HealthService;
import io.vertx.grpc.server.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a node but its replicas: the services on its event loops, and what is done again
 * and again beside them. Any thread.
 */
final class NodeServices {
  private static final long TICK_MILLIS = 25;
  private static final long WATCH_HASTY_MILLIS = 25;
  private static final long WATCH_MILLIS = 1_000;
  private static final long RECOVERY_MILLIS = 250;
  private static final long DRAIN_POLL_MILLIS = 10;

  /** Calls between two nodes that may be unanswered, each way. */
  private static final int PARTICIPANT_CALLS_MAX = 16_384;

  /** Streams of other nodes that may be open; each node opens one for each of its event loops. */
  private static final int PARTICIPANT_SESSIONS_MAX = 4_096;

  private static final List<ServiceName> CHECKED =
      List.of(
          KvGrpcService.SERVICE_NAME,
          ShardsGrpcService.SERVICE_NAME,
          StatusGrpcService.SERVICE_NAME,
          ParticipantsGrpcService.SERVICE_NAME);

  private final Vertx vertx;
  private final NodePorts ports;
  private final NodeClock nodeClock;
  private final NodeParts parts;
  private final Admission admission;
  private final RequestMetrics requestMetrics = new RequestMetrics();
  private final ParticipantCounters participantCounters = new ParticipantCounters();
  private final RpcCounters rpcCounters = new RpcCounters();
  private final GroupHosting hosting;
  private final NodeIds ids;
  private final Map<Scheduler, LoopServices> loops = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable DurableHost> host = new AtomicReference<>();
  private final Readiness readiness;
  private volatile boolean stopped;

  NodeServices(Vertx vertx, NodeSettings settings, NodeClock nodeClock, NodePorts ports) {
    this.vertx = vertx;
    this.ports = ports;
    this.nodeClock = nodeClock;
    HybridLogicalClock clock = nodeClock.hybrid();
    this.admission =
        new Admission(settings.serving().requests().max(), settings.serving().sessions().max());
    ClusterMap map = new ClusterMap(settings.id(), addresses(settings));
    LocalGroups groups = new LocalGroups();
    this.ids = new NodeIds(clock);
    this.parts =
        new NodeParts(
            settings,
            clock,
            map,
            groups,
            new Handovers(),
            rpcCounters,
            new KvEnvironment(
                vertx,
                settings.id(),
                new ClusterName(settings.plan().clusterId()),
                clock,
                admission,
                requestMetrics,
                settings.serving().requests().perSessionMax(),
                settings.serving().frameBytesMax(),
                settings.timing().requestMillis(),
                settings.serving().sessions().helloMillis()),
            participants(vertx, settings, clock, map));
    this.hosting = new GroupHosting(settings, clock, map, groups);
    this.readiness = new Readiness(parts, admission, ports, hosting, host::get);
  }

  /** Whether and since when the node serves. */
  Readiness readiness() {
    return readiness;
  }

  /** How the clocks of this node differ. */
  NodeStatus.Clock clockStatus() {
    return new NodeStatus.Clock(
        nodeClock.hybrid().driftMillis(), nodeClock.errorMillis(), nodeClock.leadMillis());
  }

  private static SortedMap<NodeId, String> addresses(NodeSettings settings) {
    SortedMap<NodeId, String> addresses = new TreeMap<>();
    settings.peers().forEach((node, address) -> addresses.put(node, address.toString()));
    return addresses;
  }

  private ParticipantEnvironment participants(
      Vertx vertx, NodeSettings settings, HybridLogicalClock clock, ClusterMap map) {
    // Participants are asked by nodes of the same plan only; their disks do not matter here.
    PeerIdentity self = new PeerIdentity(agreement(settings), settings.id(), "any");
    return new ParticipantEnvironment(
        vertx,
        PeerConfig.DEFAULTS,
        settings.tls(),
        new Greeting(self, settings.peers().keySet()),
        clock,
        map,
        participantCounters,
        this::isConnected,
        PARTICIPANT_CALLS_MAX,
        new Gate(PARTICIPANT_SESSIONS_MAX));
  }

  /** What nodes must agree on to talk to each other, in words. */
  static String agreement(NodeSettings settings) {
    return settings.plan().describe()
        + " election-millis="
        + settings.timing().electionTicks() * settings.timing().tickMillis()
        + " stickiness-millis="
        + settings.timing().stickinessTicks() * settings.timing().tickMillis()
        + " leases="
        + settings.timing().leases();
  }

  private boolean isConnected(NodeId peer) {
    DurableHost present = host.get();
    return present != null && present.raft().isConnected(peer);
  }

  NodeParts parts() {
    return parts;
  }

  Admission admission() {
    return admission;
  }

  RequestMetrics requestMetrics() {
    return requestMetrics;
  }

  ParticipantCounters participantCounters() {
    return participantCounters;
  }

  NodePorts ports() {
    return ports;
  }

  /** What the gRPC server holds and has refused. */
  RpcCounters rpcCounters() {
    return rpcCounters;
  }

  GroupHosting hosting() {
    return hosting;
  }

  /** What the coordinators of all loops have done, by name. */
  SortedMap<String, Long> coordinatorFigures() {
    SortedMap<String, Long> figures = new TreeMap<>();
    loops
        .values()
        .forEach(
            services ->
                services
                    .transactions()
                    .figures()
                    .forEach((name, value) -> figures.merge(name, value, Long::sum)));
    return figures;
  }

  /** The services for the node's port. */
  RpcServices services(Supplier<Future<NodeStatus>> status) {
    ServingSettings serving = parts.settings().serving();
    MessageLimits limits =
        new MessageLimits(
            serving.frameBytesMax(),
            serving.elementsMax(parts.settings().plan().limits()),
            "frame-bytes-max");
    return new RpcServices(
        makers(status),
        Map.of(
            KvGrpcService.SERVICE_NAME.fullyQualifiedName(), limits,
            ParticipantsGrpcService.SERVICE_NAME.fullyQualifiedName(), limits),
        rpcCounters);
  }

  private List<Function<Scheduler, Service>> makers(Supplier<Future<NodeStatus>> status) {
    return List.of(
        loop -> onLoop(loop).kv(),
        loop -> onLoop(loop).participants(),
        loop ->
            ShardsGrpcService.of(
                new ShardsEndpoint(
                    hosting::controller,
                    parts.kv().cluster(),
                    parts.map(),
                    parts.clock(),
                    ids,
                    parts.settings().timing().requestMillis(),
                    new ControllerForwarding(remoteShards(), controllerHolders(), loop))),
        loop ->
            StatusGrpcService.of(new StatusEndpoint(parts.kv().cluster(), status, parts.clock())),
        loop -> health(),
        loop -> new ReflectionServices());
  }

  private LoopServices onLoop(Scheduler loop) {
    return loops.computeIfAbsent(loop, added -> new LoopServices(parts, added));
  }

  private HealthService health() {
    HealthService health = HealthService.create(vertx);
    Supplier<Future<Boolean>> check = () -> Future.succeededFuture(admission.isOpen());
    health.register("", check);
    CHECKED.forEach(name -> health.register(name, check));
    return health;
  }

  /** Hosts the groups, and begins what is done again and again. */
  Future<Void> start(DurableHost started) {
    host.set(started);
    WaitingReport report =
        WaitingReport.start(vertx, parts.settings().id(), "readiness", readiness::missing);
    readiness.ready().onComplete(ended -> report.stop());
    hosting.failure().onSuccess(readiness::fail);
    return hosting
        .hostAll(started.raft())
        .onSuccess(
            hosted -> {
              loops.forEach((loop, services) -> loop.execute(() -> begin(services)));
              ClockWatch clocks = new ClockWatch(parts.settings().id(), nodeClock);
              vertx.setPeriodic(ClockWatch.PERIOD_MILLIS, timer -> clocks.look());
              Scheduler first = loops.keySet().iterator().next();
              ConfigurationWatch watch = watch();
              first.execute(() -> watch(watch));
            });
  }

  private void begin(LoopServices services) {
    vertx.setPeriodic(TICK_MILLIS, timer -> LoopTaskError.guard(services::tick));
    vertx.setPeriodic(RECOVERY_MILLIS, timer -> LoopTaskError.guard(services::recoverOverdue));
  }

  private ConfigurationWatch watch() {
    NodeSettings settings = parts.settings();
    return new ConfigurationWatch(
        new ConfigurationSource(
            remoteShards(), hosting::controller, List.copyOf(controllerHolders().values())),
        () ->
            hosting.controller().map(controller -> new Founding(controller, settings.plan(), ids)),
        parts.map(),
        parts.groups(),
        groupSettings(settings.plan()));
  }

  private RemoteShards remoteShards() {
    return new RemoteShards(vertx, PeerConfig.DEFAULTS, parts.settings().tls());
  }

  /** The other nodes that hold a replica of the controller, and where they are. */
  private SortedMap<NodeId, NodeAddress> controllerHolders() {
    NodeSettings settings = parts.settings();
    SortedMap<NodeId, NodeAddress> holders = new TreeMap<>();
    for (NodeId node : settings.plan().controllerNodes()) {
      if (!node.equals(settings.id())) {
        holders.put(node, settings.routeTo(node));
      }
    }
    return holders;
  }

  private static GroupSettings groupSettings(ClusterPlan plan) {
    return new GroupSettings(
        plan.limits(), plan.windowMillis(), plan.horizonMillis(), plan.pendingMax());
  }

  private void watch(ConfigurationWatch watch) {
    if (stopped) {
      return;
    }
    watch
        .advance()
        .compose(advanced -> readiness.check())
        .onFailure(this::failOnError)
        .onComplete(
            checked ->
                vertx.setTimer(
                    readiness.hasCaughtUp() ? WATCH_MILLIS : WATCH_HASTY_MILLIS,
                    timer -> watch(watch)));
  }

  /** What goes wrong in a step is tried again with the next, but for errors of the program. */
  private void failOnError(Throwable cause) {
    if (cause instanceof Error) {
      hosting.fail(cause);
    }
  }

  /** Whether this node leads a group, as far as it knows. */
  boolean isLeaderOf(GroupId group) {
    return parts.map().leaderOf(group).filter(parts.settings().id()::equals).isPresent();
  }

  /**
   * Turns new calls away, and waits for those inside.
   *
   * @param deadlineNanos waits no longer than until then
   */
  Future<Void> drain(long deadlineNanos) {
    admission.close();
    if (admission.count() == 0 || System.nanoTime() - deadlineNanos > 0) {
      return Future.succeededFuture();
    }
    return vertx.timer(DRAIN_POLL_MILLIS).compose(later -> drain(deadlineNanos));
  }

  /** Ends coordinating. */
  Future<Void> stop() {
    stopped = true;
    admission.close();
    readiness.fail(new IllegalStateException("the node was stopped"));
    List<Future<Void>> all = new ArrayList<>();
    loops.forEach(
        (loop, services) -> {
          Promise<Void> done = Promise.promise();
          loop.execute(
              () -> {
                try {
                  services.stop();
                } finally {
                  done.complete();
                }
              });
          all.add(done.future());
        });
    return Future.join(all).mapEmpty();
  }
}
