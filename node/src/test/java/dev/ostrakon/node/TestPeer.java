package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.GroupRoute;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerClock;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.peer.PeerCounters;
import dev.ostrakon.node.peer.PeerDisks;
import dev.ostrakon.node.peer.PeerIdentity;
import dev.ostrakon.node.peer.PeerNetwork;
import dev.ostrakon.node.peer.RouteReceiver;
import dev.ostrakon.node.rpc.RpcCounters;
import dev.ostrakon.node.rpc.RpcServices;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.PeerTransport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A node that has a network and, instead of replicas, a list of what arrived. */
final class TestPeer {

  /** The nodes n1, n2, ... hold the replicas 1, 2, ... of every group. */
  static final Map<ReplicaId, NodeId> PLACEMENT =
      Map.of(replica(1), node(1), replica(2), node(2), replica(3), node(3));

  final PeerIdentity identity;
  final AtomicLong clock = new AtomicLong();
  final Queue<String> received = new ConcurrentLinkedQueue<>();
  final Map<NodeId, String> disks = new ConcurrentHashMap<>();
  private final NodeLoops loops;
  private final PeerNetwork network;
  private final int number;

  /** What a peer is made of; number 1 is node n1 on the first port. */
  record Setup(
      int number, List<Integer> ports, PeerIdentity identity, PeerConfig config, int loopCount) {

    static Setup of(int number, List<Integer> ports) {
      return new Setup(
          number,
          ports,
          new PeerIdentity("cluster", node(number), "disk" + number),
          PeerConfig.DEFAULTS,
          1);
    }

    Setup identity(PeerIdentity changed) {
      return new Setup(number, ports, changed, config, loopCount);
    }

    Setup config(PeerConfig changed) {
      return new Setup(number, ports, identity, changed, loopCount);
    }

    Setup loopCount(int changed) {
      return new Setup(number, ports, identity, config, changed);
    }
  }

  TestPeer(Vertx vertx, Setup setup) {
    this.number = setup.number();
    this.identity = setup.identity();
    this.loops = Awaits.await(NodeLoops.start(vertx, setup.loopCount(), 1_000_000_000));
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (int other = 1; other <= setup.ports().size(); other++) {
      if (other != number) {
        peers.put(node(other), address(setup.ports().get(other - 1)));
      }
    }
    this.network =
        new PeerNetwork(
            vertx,
            new PeerNetwork.Setup(
                identity,
                peers,
                setup.config(),
                TlsSettings.NONE,
                loops.schedulers(),
                rememberingDisks(),
                testClock(),
                new RandomSource(number)));
    Awaits.await(
        loops.listen(
            NodeLoops.serverOptions(address(setup.ports().get(number - 1))),
            RaftHost.limits(setup.config(), RpcServices.none(), setup.loopCount()),
            new RpcCounters(),
            List.of(network::service)));
    network.start();
  }

  Future<Void> welcomedByAll() {
    return network.welcomedByAll();
  }

  PeerCounters.Snapshot counters() {
    return network.counters();
  }

  /** A group on the next loop; what arrives for it is added to {@link #received}. */
  GroupPort group(long group) {
    NodeLoop loop = loops.next();
    GroupRoute route =
        new GroupRoute(
            new GroupId(group),
            replica(number),
            PLACEMENT,
            loop.scheduler(),
            new RouteReceiver() {
              @Override
              public void deliver(ReplicaId from, RaftMessage message) {
                receive("g" + group + " " + from + " " + message);
              }

              @Override
              public void onDisconnected(ReplicaId peer) {
                receive("g" + group + " " + peer + " disconnected");
              }

              private void receive(String what) {
                if (!loop.scheduler().isOwner()) {
                  throw new IllegalStateException("delivered on the wrong thread");
                }
                received.add(what);
              }
            });
    network.addRoute(route);
    return new GroupPort(loop, network.transport(route));
  }

  /** The way out of one group's replica. */
  record GroupPort(NodeLoop loop, PeerTransport transport) {
    void send(int to, RaftMessage message) {
      loop.scheduler().execute(() -> transport.send(replica(to), message));
    }

    /** Sends many in one turn. */
    void sendAll(int to, List<? extends RaftMessage> messages) {
      loop.scheduler()
          .execute(() -> messages.forEach(message -> transport.send(replica(to), message)));
    }
  }

  void stop() {
    Awaits.await(network.stop().eventually(loops::stop));
  }

  static NodeId node(int number) {
    return new NodeId("n" + number);
  }

  static ReplicaId replica(int number) {
    return new ReplicaId(number);
  }

  private PeerDisks rememberingDisks() {
    return (node, disk) -> {
      String earlier = disks.putIfAbsent(node, disk);
      return Future.succeededFuture(earlier == null || earlier.equals(disk));
    };
  }

  private PeerClock testClock() {
    return new PeerClock() {
      @Override
      public long now() {
        return clock.get();
      }

      @Override
      public boolean observe(long timestamp) {
        return clock.accumulateAndGet(timestamp, Math::max) >= timestamp;
      }

      @Override
      public Reading reading() {
        return new Reading(clock.get(), 0, 0);
      }

      @Override
      public Listener follow(NodeId peer) {
        return reading -> reading.wallMillis() - clock.get();
      }
    };
  }

  private static NodeAddress address(int port) {
    return new NodeAddress("127.0.0.1", port);
  }
}
