package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.replica.ReplicaObserver;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A group and this node's part in it.
 *
 * @param group its id, unique in the cluster
 * @param self the replica on this node
 * @param nodes the node of every replica
 * @param bootstrap the membership with which the group was made
 * @param machine makes the state machine over the replica's state; called on the replica's loop
 * @param observer told what happens to the replica, beside the log
 * @param <R> the state machine's result of one command
 */
public record GroupSpec<R>(
    GroupId group,
    ReplicaId self,
    SortedMap<ReplicaId, NodeId> nodes,
    Membership bootstrap,
    ReplicaConfig config,
    Function<StateStore, StateMachine<R>> machine,
    ReplicaObserver observer) {

  public GroupSpec {
    nodes = new TreeMap<>(nodes);
  }

  private static final ReplicaObserver NOBODY =
      new ReplicaObserver() {
        @Override
        public void onEvent(ReplicaEvent event) {}

        @Override
        public void onStopped(Throwable cause) {}
      };

  /** This group, with somebody who is told what happens to the replica. */
  public GroupSpec<R> observedBy(ReplicaObserver newObserver) {
    return new GroupSpec<>(group, self, nodes, bootstrap, config, machine, newObserver);
  }

  /** A group in which each of these replicas votes from the beginning. */
  public static <R> GroupSpec<R> ofVoters(
      GroupId group,
      ReplicaId self,
      Map<ReplicaId, NodeId> voters,
      ReplicaConfig config,
      Function<StateStore, StateMachine<R>> machine) {
    return new GroupSpec<>(
        group,
        self,
        new TreeMap<>(voters),
        Membership.ofVoters(voters.keySet()),
        config,
        machine,
        NOBODY);
  }
}
