package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.GroupRoute;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.StateStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A replica at its place in a node.
 *
 * <p>Threading: any thread, except that what {@link #replica} returns is touched on {@link #owner}
 * only.
 *
 * @param <R> the state machine's result of one command
 */
public final class HostedReplica<R> {

  private final GroupRoute route;
  private final EventLoopScheduler owner;
  private final NodeLoop loop;
  private final Replica<R> replica;
  private final StateStore state;
  private final List<Runnable> ticked = new ArrayList<>();
  private final Promise<Throwable> failure = Promise.promise();
  private final CatchUp catchUp = new CatchUp();

  HostedReplica(Place place, Function<LoggingObserver.Stopped, Replica<R>> replica) {
    this.route = place.route();
    this.owner = place.loop().scheduler();
    this.loop = place.loop();
    this.state = place.storage().state();
    this.replica = replica.apply(failure::tryComplete);
    addTicked(this.replica::tick);
  }

  /** Where a replica lives and what it works with. */
  record Place(GroupRoute route, NodeLoop loop, ReplicaStorage storage) {}

  public GroupId group() {
    return route.group();
  }

  /** This replica's id in its group. */
  public ReplicaId id() {
    return route.self();
  }

  /** The event loop of the replica. */
  public EventLoopScheduler owner() {
    return owner;
  }

  /** The replica; on its owner only. */
  public Replica<R> replica() {
    if (!owner.isOwner()) {
      throw new IllegalStateException("a replica is touched on its own loop only");
    }
    return replica;
  }

  /** The state of the replica; on its owner only. */
  public StateStore state() {
    if (!owner.isOwner()) {
      throw new IllegalStateException("a replica's state is touched on its own loop only");
    }
    return state;
  }

  /** Runs a function on the replica's loop. */
  public <T> Future<T> ask(Function<Replica<R>, T> question) {
    Promise<T> answer = Promise.promise();
    owner.execute(
        () -> {
          try {
            answer.complete(question.apply(replica));
          } catch (RuntimeException e) {
            answer.fail(e);
          }
        });
    return answer.future();
  }

  public Future<RaftStatus> status() {
    return ask(Replica::status);
  }

  /** Whether the replica has applied again what its log held when it first knew a leader. */
  Future<Boolean> hasCaughtUp() {
    return ask(core -> catchUp.isDone(core.status()));
  }

  /** Ends with the reason if the replica stops itself. */
  public Future<Throwable> failure() {
    return failure.future();
  }

  /**
   * The follower that a leader had best hand over to, on the owner only.
   *
   * @param isReachable whether a node can be talked to at present
   */
  Optional<ReplicaId> successor(Predicate<NodeId> isReachable) {
    RaftStatus status = replica.status();
    if (replica.isStopped() || status.role() != Role.LEADER) {
      return Optional.empty();
    }
    return status.progress().stream()
        .filter(progress -> status.membership().isVoter(progress.peer()))
        .filter(progress -> !progress.peer().equals(status.id()))
        .filter(progress -> route.nodeOf(progress.peer()).filter(isReachable).isPresent())
        .max(Comparator.comparingLong(RaftStatus.PeerProgress::matchIndex))
        .map(RaftStatus.PeerProgress::peer);
  }

  /** From now on a task runs at every tick, after the replica's own; on the owner only. */
  void addTicked(Runnable task) {
    ticked.add(task);
    loop.addTicked(task);
  }

  /** Stops the replica for good; on the owner only. */
  void stop() {
    ticked.forEach(loop::removeTicked);
    replica.stop();
  }
}
