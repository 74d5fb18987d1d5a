package dev.ostrakon.node.peer;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.protocol.v1.PeersGrpcService;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.PeerTransport;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The connections of one node to its peers: links out, sessions in, and the groups between.
 *
 * <p>Threading: any thread unless a method says otherwise. Lifecycle: {@link #start}, then groups
 * are added and removed, then {@link #stop}.
 */
public final class PeerNetwork {

  /**
   * What a network is made of.
   *
   * @param self this node
   * @param peers the other nodes of the cluster and where they listen
   * @param tls how connections are encrypted
   * @param loops the node's event loops, at least one; links are spread over them
   * @param random for the spread of reconnections
   */
  public record Setup(
      PeerIdentity self,
      SortedMap<NodeId, NodeAddress> peers,
      PeerConfig config,
      TlsSettings tls,
      List<? extends Scheduler> loops,
      PeerDisks disks,
      PeerClock clock,
      RandomSource random) {

    public Setup {
      peers = new TreeMap<>(peers);
      loops = List.copyOf(loops);
      if (peers.containsKey(self.nodeId())) {
        throw new IllegalArgumentException("node " + self.nodeId() + " is not a peer of itself");
      }
    }
  }

  private final PeerEnvironment environment;
  private final GroupRoutes routes = new GroupRoutes();
  private final PeerSessions sessions = new PeerSessions();
  private final List<PeerLink> links = new ArrayList<>();
  private final Map<Scheduler, Map<NodeId, PeerOutbox>> outboxes = new LinkedHashMap<>();

  public PeerNetwork(Vertx vertx, Setup setup) {
    SortedMap<NodeId, NodeAddress> peers = setup.peers();
    this.environment =
        new PeerEnvironment(
            vertx,
            setup.config(),
            setup.self(),
            new Greeting(setup.self(), peers.keySet()),
            setup.disks(),
            setup.clock(),
            new PeerCounters(),
            routes,
            new ConcurrentHashMap<>(),
            ConcurrentHashMap.newKeySet(),
            new ConcurrentHashMap<>());
    peers.forEach((node, address) -> addLink(setup, new PeerTarget(node, address)));
  }

  private void addLink(Setup setup, PeerTarget target) {
    Scheduler home = setup.loops().get(links.size() % setup.loops().size());
    PeerLink link =
        new PeerLink(
            environment,
            target,
            home,
            () -> PeerClients.create(environment.vertx(), environment.config(), setup.tls()),
            setup.random().fork(target.node().name()));
    links.add(link);
    for (Scheduler loop : setup.loops()) {
      outboxes
          .computeIfAbsent(loop, ignored -> new LinkedHashMap<>())
          .put(target.node(), new PeerOutbox(environment, loop, link));
    }
  }

  /** Begins to connect to the peers, and goes on until stopped. */
  public void start() {
    links.forEach(link -> link.loop().execute(link::start));
  }

  /**
   * Ends well once every peer has accepted this node at least once; fails with {@link
   * PeerRefusedException} as soon as one refuses it for a reason that does not pass.
   */
  public Future<Void> welcomedByAll() {
    return Future.all(links.stream().map(PeerLink::firstWelcome).toList()).mapEmpty();
  }

  /** The service to mount on the server of this event loop, which must be one of the network's. */
  public Service service(Scheduler loop) {
    return PeersGrpcService.of(new PeerService(environment, sessions, loop));
  }

  /** The way out for the replica that a route describes; to be used on the route's owner. */
  public PeerTransport transport(GroupRoute route) {
    Map<NodeId, PeerOutbox> ways = outboxes.getOrDefault(route.owner(), Map.of());
    return new GrpcPeerTransport(route, ways, environment.counters());
  }

  /** From now on messages of this group are delivered. */
  public void addRoute(GroupRoute route) {
    routes.put(route);
  }

  /** From now on messages of this group are dropped. */
  public void removeRoute(GroupId group) {
    routes.remove(group);
  }

  /** Whether messages to this peer have a way to go at present. */
  public boolean isConnected(NodeId peer) {
    return environment.connected().contains(peer);
  }

  /** The peers to whom no link is open at present, each with its address and why, for people. */
  public List<String> problems() {
    return environment.problems().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(problem -> "peer " + problem.getKey() + " at " + problem.getValue())
        .toList();
  }

  /** How far a peer's clock was ahead when it was last heard of, in milliseconds. */
  public long clockOffsetMillis(NodeId peer) {
    return environment.clockOffsets().getOrDefault(peer, 0L);
  }

  public PeerCounters.Snapshot counters() {
    return environment.counters().snapshot();
  }

  /** Breaks all streams; what waits is lost. */
  public Future<Void> kill() {
    return onAll(PeerLink::kill);
  }

  /** Sends what waits, then closes all streams both ways. */
  public Future<Void> stop() {
    sessions.stop();
    return onAll(PeerLink::stop);
  }

  private Future<Void> onAll(Consumer<PeerLink> task) {
    List<Future<Void>> all = new ArrayList<>();
    for (PeerLink link : links) {
      Promise<Void> done = Promise.promise();
      link.loop()
          .execute(
              () -> {
                task.accept(link);
                done.complete();
              });
      all.add(done.future());
    }
    return Future.join(all).mapEmpty();
  }
}
