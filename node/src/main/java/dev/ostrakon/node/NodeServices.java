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
import dev.ostrakon.node.cluster.LocalGroup;
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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of a node but its replicas: the services on its event loops, and what is done again
 * and again beside them. Any thread.
 */
final class NodeServices {
  private static final Logger log = LoggerFactory.getLogger(NodeServices.class);

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
  private final Promise<Void> ready = Promise.promise();
  private volatile boolean caughtUp;
  private volatile boolean stopped;

  /** What keeps this node from being ready, for people; empty once it is. */
  private volatile List<String> missing = List.of("replicas are being recovered");

  NodeServices(Vertx vertx, NodeSettings settings, NodeClock nodeClock, NodePorts ports) {
    this.vertx = vertx;
    this.ports = ports;
    this.nodeClock = nodeClock;
    HybridLogicalClock clock = nodeClock.hybrid();
    this.admission =
        new Admission(settings.serving().requestsMax(), settings.serving().sessionsMax());
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
                settings.serving().sessionWindow(),
                settings.serving().frameBytesMax(),
                settings.timing().requestMillis(),
                settings.serving().helloMillis()),
            participants(vertx, settings, clock, map));
    this.hosting = new GroupHosting(settings, clock, map, groups);
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

  /** Ends once the node serves; fails if it stops, or a replica does, before. */
  Future<Void> ready() {
    return ready.future();
  }

  /** What keeps this node from being ready, for people; empty once it is. */
  List<String> missing() {
    return missing;
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
        WaitingReport.start(vertx, parts.settings().id(), "readiness", () -> missing);
    ready.future().onComplete(ended -> report.stop());
    hosting
        .failure()
        .onSuccess(cause -> ready.tryFail(new IllegalStateException(cause.getMessage(), cause)));
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
        .compose(advanced -> checkReady())
        .compose(checked -> checkCaughtUp())
        .onFailure(this::failOnError)
        .onComplete(
            checked ->
                vertx.setTimer(
                    caughtUp ? WATCH_MILLIS : WATCH_HASTY_MILLIS, timer -> watch(watch)));
  }

  /** What goes wrong in a step is tried again with the next, but for errors of the program. */
  private void failOnError(Throwable cause) {
    if (cause instanceof Error) {
      hosting.fail(cause);
    }
  }

  /** Once the node has been ready it stays so until it stops. */
  private Future<Void> checkReady() {
    if (ready.future().isComplete()) {
      return Future.succeededFuture();
    }
    if (parts.map().routes().isEmpty()) {
      missing = withPeers(List.of("the configuration of the cluster is not known yet"));
      return Future.succeededFuture();
    }
    List<Future<Optional<String>>> asked =
        parts.groups().all().stream().map(this::missingOf).toList();
    return Future.all(asked)
        .map(
            answered -> {
              onMissing(asked.stream().flatMap(answer -> answer.result().stream()).toList());
              return null;
            });
  }

  private void onMissing(List<String> found) {
    if (found.isEmpty()) {
      log.info("ready node={}", parts.settings().id());
      missing = found;
      admission.open();
      ready.tryComplete();
    } else {
      missing = withPeers(found);
    }
  }

  private List<String> withPeers(List<String> found) {
    List<String> all = new ArrayList<>(found);
    DurableHost present = host.get();
    if (present != null) {
      all.addAll(present.raft().peerProblems());
    }
    return all;
  }

  /** Once the replicas have caught up after a start it does not matter any more. */
  private Future<Void> checkCaughtUp() {
    if (caughtUp || !ready.future().isComplete()) {
      return Future.succeededFuture();
    }
    return all(hosting.hosted().stream().map(HostedReplica::hasCaughtUp).toList())
        .map(
            done -> {
              caughtUp = done;
              return null;
            });
  }

  /** Whether all of these are true. */
  private static Future<Boolean> all(List<Future<Boolean>> answers) {
    return Future.all(answers).map(known -> answers.stream().allMatch(Future::result));
  }

  /** Whether this node serves, and has applied again what its logs held when it started. */
  boolean isCaughtUp() {
    return caughtUp && admission.isOpen();
  }

  /** Why new clients are best sent to other nodes; empty if there is no reason. */
  Optional<String> unreadiness() {
    if (!isCaughtUp()) {
      return Optional.of("the node does not serve, or has not caught up");
    } else if (admission.isFullOfSessions()) {
      return Optional.of(
          admission.sessionsMax() + " sessions are open, no more are let in (sessions-max)");
    } else if (ports.server().isFull()) {
      return Optional.of(
          ports.server().max() + " connections are open, no more are let in (connections-max)");
    }
    return Optional.empty();
  }

  /**
   * What keeps a group from being served through this node, if anything does: it has no leader, has
   * adopted no configuration, or nothing that this node says reaches its leader.
   */
  private Future<Optional<String>> missingOf(LocalGroup group) {
    Promise<Optional<String>> missingHere = Promise.promise();
    Optional<NodeId> leader = parts.map().leaderOf(group.group());
    group
        .owner()
        .execute(
            () -> missingHere.complete(missingOf(group, leader, group.front().hasConfiguration())));
    return missingHere.future();
  }

  private Optional<String> missingOf(
      LocalGroup group, Optional<NodeId> leader, boolean hasConfiguration) {
    if (leader.isEmpty()) {
      return Optional.of("group " + group.group() + " has no leader");
    }
    NodeId leading = leader.get();
    if (!leading.equals(parts.settings().id()) && !isConnected(leading)) {
      return Optional.of(
          "group " + group.group() + " is led by " + leading + ", which this node cannot reach");
    }
    return hasConfiguration
        ? Optional.empty()
        : Optional.of("group " + group.group() + " has adopted no configuration");
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
    ready.tryFail("the node was stopped");
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
