package dev.ostrakon.node;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.peer.PeerIdentity;
import dev.ostrakon.node.peer.PeerNetwork;
import dev.ostrakon.node.rpc.RpcServices;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.MemoryLogStorage;
import dev.ostrakon.replica.MemoryStateStore;
import dev.ostrakon.replica.ProposalOutcome;
import dev.ostrakon.replica.ReadResult;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A node of a test cluster in this JVM, with real event loops and connections and no disk. */
final class InProcessNode {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * What a node is made of.
   *
   * @param listen where it listens
   * @param peers where it reaches the others
   */
  record Setup(
      int number,
      NodeAddress listen,
      SortedMap<NodeId, NodeAddress> peers,
      int groupCount,
      int loopCount,
      ReplicaConfig config) {}

  private final Vertx vertx;
  private final Setup setup;
  private final Map<GroupId, ReplicaStorage> disks = new ConcurrentHashMap<>();
  private final Map<GroupId, HostedReplica<Long>> replicas = new ConcurrentHashMap<>();
  private @Nullable RaftHost host;

  InProcessNode(Vertx vertx, Setup setup) {
    this.vertx = vertx;
    this.setup = setup;
  }

  /** Starts the node, with what it had when it was stopped. */
  void start() {
    RaftHost started =
        Awaits.await(
            RaftHost.start(
                vertx,
                new RaftHost.Setup(
                    this::network,
                    setup.listen(),
                    setup.loopCount(),
                    setup.config().raft().tickNanos(),
                    2_000,
                    this::open,
                    TlsSettings.NONE,
                    RpcServices.none())));
    host = started;
    for (int group = 1; group <= setup.groupCount(); group++) {
      GroupId id = new GroupId(group);
      replicas.put(
          id,
          Awaits.await(
              started.host(
                  GroupSpec.ofVoters(
                      id,
                      new ReplicaId(setup.number()),
                      TestPeer.PLACEMENT,
                      setup.config(),
                      CountingMachine::new))));
    }
  }

  void stop() {
    if (host != null) {
      Awaits.await(host.stop());
      host = null;
    }
  }

  boolean isRunning() {
    return host != null;
  }

  HostedReplica<Long> replica(long group) {
    HostedReplica<Long> replica = replicas.get(new GroupId(group));
    if (replica == null) {
      throw new IllegalArgumentException("group " + group + " is not on this node");
    }
    return replica;
  }

  RaftStatus status(long group) {
    return Awaits.await(replica(group).status());
  }

  Future<ProposalOutcome<Long>> propose(long group, String command) {
    Promise<ProposalOutcome<Long>> outcome = Promise.promise();
    HostedReplica<Long> replica = replica(group);
    replica
        .owner()
        .execute(
            () ->
                replica
                    .replica()
                    .propose(Bytes.utf8(command), deadline(replica.owner()), outcome::complete));
    return outcome.future();
  }

  /** How often a command was applied, as a linearizable read says; or why it cannot be read. */
  Future<String> read(long group, String command) {
    Promise<String> answer = Promise.promise();
    HostedReplica<Long> replica = replica(group);
    replica
        .owner()
        .execute(
            () ->
                replica
                    .replica()
                    .read(
                        deadline(replica.owner()),
                        result -> {
                          if (result == ReadResult.READY) {
                            StateReader.count(replica.state(), command, answer);
                          } else {
                            answer.complete(result.toString());
                          }
                        }));
    return answer.future();
  }

  /** How often a command was applied here, whatever the others say. */
  Future<String> count(long group, String command) {
    HostedReplica<Long> replica = replica(group);
    return StateReader.count(replica, command);
  }

  private static long deadline(Scheduler owner) {
    return owner.nowNanos() + PATIENCE.toNanos();
  }

  private PeerNetwork.Setup network(List<EventLoopScheduler> loops) {
    NodeId self = TestPeer.node(setup.number());
    return new PeerNetwork.Setup(
        new PeerIdentity("cluster", self, "disk of " + self),
        setup.peers(),
        PeerConfig.DEFAULTS,
        TlsSettings.NONE,
        loops,
        (node, disk) -> Future.succeededFuture(true),
        new NodeClock(
            System::currentTimeMillis,
            setup.peers().size(),
            setup.peers().size() + 1,
            ClockConfig.DEFAULTS),
        new RandomSource(System.nanoTime()));
  }

  private ReplicaStorage open(GroupId group, Scheduler owner) {
    ReplicaStorage opened =
        disks.containsKey(group)
            ? reopen(disks.get(group), owner)
            : new ReplicaStorage(new MemoryLogStorage(owner), new MemoryStateStore(owner));
    disks.put(group, opened);
    return opened;
  }

  private static ReplicaStorage reopen(@Nullable ReplicaStorage old, Scheduler owner) {
    if (old != null
        && old.log() instanceof MemoryLogStorage log
        && old.state() instanceof MemoryStateStore state) {
      return new ReplicaStorage(log.reopen(owner), state.reopen(owner));
    }
    throw new IllegalStateException("expected storage in memory, was " + old);
  }
}
