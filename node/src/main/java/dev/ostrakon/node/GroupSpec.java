package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.ReplicaConfig;
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
 * @param <R> the state machine's result of one command
 */
public record GroupSpec<R>(
    GroupId group,
    ReplicaId self,
    SortedMap<ReplicaId, NodeId> nodes,
    Membership bootstrap,
    ReplicaConfig config,
    Function<StateStore, StateMachine<R>> machine) {

  public GroupSpec {
    nodes = new TreeMap<>(nodes);
  }

  /** A group in which each of these replicas votes from the beginning. */
  public static <R> GroupSpec<R> ofVoters(
      GroupId group,
      ReplicaId self,
      Map<ReplicaId, NodeId> voters,
      ReplicaConfig config,
      Function<StateStore, StateMachine<R>> machine) {
    return new GroupSpec<>(
        group, self, new TreeMap<>(voters), Membership.ofVoters(voters.keySet()), config, machine);
  }
}
