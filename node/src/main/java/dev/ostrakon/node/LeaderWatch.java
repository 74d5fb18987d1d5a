package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.replica.ReplicaObserver;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells the cluster map who leads a group. Confined to the replica's loop. */
final class LeaderWatch implements ReplicaObserver {
  private final ReplicaPlan plan;
  private final ClusterMap map;
  private final Consumer<Throwable> onStopped;

  /**
   * Watches a replica.
   *
   * @param onStopped told if the replica stopped itself
   */
  LeaderWatch(ReplicaPlan plan, ClusterMap map, Consumer<Throwable> onStopped) {
    this.plan = plan;
    this.map = map;
    this.onStopped = onStopped;
  }

  @Override
  public void onEvent(ReplicaEvent event) {
    GroupId group = plan.group();
    if (event instanceof ReplicaEvent.BecameLeader) {
      map.learnLeader(group, Optional.of(map.self()));
    } else if (event instanceof ReplicaEvent.BecameFollower follower) {
      map.learnLeader(group, plan.nodeOf(follower.leader()));
    } else if (event instanceof ReplicaEvent.BecamePreCandidate
        || event instanceof ReplicaEvent.BecameCandidate) {
      map.learnLeader(group, Optional.empty());
    }
  }

  @Override
  public void onStopped(Throwable cause) {
    map.learnLeader(plan.group(), Optional.empty());
    onStopped.accept(cause);
  }
}
