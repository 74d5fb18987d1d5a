package dev.ostrakon.node.peer;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Scheduler;
import java.util.Map;
import java.util.Optional;

/**
 * Where the messages of one group go to and may come from.
 *
 * @param self the replica on this node
 * @param nodes the node of every replica of the group
 * @param owner the event loop of the replica on this node
 * @param receiver takes what arrives for it; called on {@code owner}
 */
public record GroupRoute(
    GroupId group,
    ReplicaId self,
    Map<ReplicaId, NodeId> nodes,
    Scheduler owner,
    RouteReceiver receiver) {

  public GroupRoute {
    nodes = Map.copyOf(nodes);
    if (!nodes.containsKey(self)) {
      throw new IllegalArgumentException("replica " + self + " of this node must be placed");
    }
  }

  /** The node that holds a replica, if it is known. */
  public Optional<NodeId> nodeOf(ReplicaId replica) {
    return Optional.ofNullable(nodes.get(replica));
  }

  /** Tells the replica that the connection to a node broke, if the group has a replica there. */
  void disconnected(NodeId node) {
    nodes.forEach(
        (replica, place) -> {
          if (place.equals(node) && !replica.equals(self)) {
            owner.execute(() -> receiver.onDisconnected(replica));
          }
        });
  }

  /** Whether a replica lives on a node: messages from elsewhere in its name are not believed. */
  boolean isPlacedOn(ReplicaId replica, NodeId node) {
    return node.equals(nodes.get(replica));
  }
}
