package dev.ostrakon.node;

import dev.ostrakon.controller.ControllerAnswer;
import dev.ostrakon.controller.ControllerStateMachine;
import dev.ostrakon.group.BatchResult;
import dev.ostrakon.group.ShardFront;
import dev.ostrakon.group.ShardFrontConfig;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.LocalGroup;
import dev.ostrakon.node.cluster.LocalGroups;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.shards.LocalController;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts the replicas that the plan places on this node, and ties each to its state machine. Any
 * thread; what is tied together lives on the replica's loop.
 */
final class GroupHosting {
  private final NodeSettings settings;
  private final HybridLogicalClock clock;
  private final ClusterMap map;
  private final LocalGroups groups;
  private final Promise<Throwable> failure = Promise.promise();
  private final AtomicReference<@Nullable LocalController> controller = new AtomicReference<>();
  private final List<HostedReplica<?>> hosted = new ArrayList<>();

  GroupHosting(
      NodeSettings settings, HybridLogicalClock clock, ClusterMap map, LocalGroups groups) {
    this.settings = settings;
    this.clock = clock;
    this.map = map;
    this.groups = groups;
  }

  /** The replica of the controller on this node, once it runs. */
  Optional<LocalController> controller() {
    return Optional.ofNullable(controller.get());
  }

  /** Ends with the reason if a replica stops itself. */
  Future<Throwable> failure() {
    return failure.future();
  }

  /** Something that the node cannot do without has failed. */
  void fail(Throwable cause) {
    failure.tryComplete(cause);
  }

  /** The replicas that run, ascending by group. */
  List<HostedReplica<?>> hosted() {
    synchronized (hosted) {
      return List.copyOf(hosted);
    }
  }

  /** Starts all replicas, one after the other. */
  Future<Void> hostAll(RaftHost host) {
    Future<Void> started = Future.succeededFuture();
    if (settings.isPlacedHere(GroupId.CONTROLLER)) {
      started = started.compose(before -> hostController(host));
    }
    for (GroupId group : settings.plan().shardGroups().keySet()) {
      if (settings.isPlacedHere(group)) {
        started = started.compose(before -> hostShard(host, group));
      }
    }
    return started;
  }

  private Future<Void> hostController(RaftHost host) {
    ReplicaPlan plan = ReplicaPlan.of(GroupId.CONTROLLER, settings);
    FailureRelay<ControllerAnswer> relay = new FailureRelay<>();
    List<ControllerStateMachine> machines = new ArrayList<>(1);
    return host.host(
            GroupSpec.<ControllerAnswer>ofVoters(
                    GroupId.CONTROLLER,
                    plan.self(),
                    plan.nodes(),
                    plan.config(),
                    state -> {
                      ControllerStateMachine machine = new ControllerStateMachine(state, relay);
                      machines.add(machine);
                      return machine;
                    })
                .observedBy(new LeaderWatch(plan, map, failure::tryComplete)))
        .compose(
            replica ->
                replica.ask(
                    core -> {
                      relay.setReplica(core);
                      controller.set(
                          new LocalController(
                              replica.owner(), core, machines.get(0), clock, plan::nodeOf));
                      add(replica);
                      return core.isStopped();
                    }))
        .mapEmpty();
  }

  private Future<Void> hostShard(RaftHost host, GroupId group) {
    ReplicaPlan plan = ReplicaPlan.of(group, settings);
    long requestBytes = settings.memory().requestBytes();
    ShardFrontConfig bounds = ShardFrontConfig.DEFAULTS.withMemory(requestBytes, requestBytes);
    ShardFront front = new ShardFront(group, clock, bounds, plan::nodeOf);
    return host.host(
            GroupSpec.<BatchResult>ofVoters(
                    group, plan.self(), plan.nodes(), plan.config(), front::machine)
                .observedBy(new LeaderWatch(plan, map, failure::tryComplete)))
        .compose(
            replica ->
                replica.ask(
                    core -> {
                      front.attach(core, replica.owner());
                      LeaderPlacement placement =
                          new LeaderPlacement(plan, map, host::isConnected, front::counters);
                      replica.addTicked(front::tick);
                      replica.addTicked(() -> placement.tick(core));
                      groups.add(new LocalGroup(group, replica.owner(), front));
                      add(replica);
                      return core.isStopped();
                    }))
        .mapEmpty();
  }

  private void add(HostedReplica<?> replica) {
    synchronized (hosted) {
      hosted.add(replica);
    }
  }

  /**
   * Stops a replica whose state machine cannot go on; the machine is made before its replica.
   * Confined to the replica's loop.
   */
  private static final class FailureRelay<R> implements Consumer<StorageException> {
    private @Nullable Replica<R> replica;
    private @Nullable StorageException early;

    void setReplica(Replica<R> replica) {
      this.replica = replica;
      StorageException cause = early;
      if (cause != null) {
        replica.fail(cause);
      }
    }

    @Override
    public void accept(StorageException cause) {
      Replica<R> present = replica;
      if (present == null) {
        early = cause;
      } else {
        present.fail(cause);
      }
    }
  }
}
