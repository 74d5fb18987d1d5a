package dev.ostrakon.node.peer;

import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;

/** Takes what arrives for one replica. Called on the replica's event loop. */
public interface RouteReceiver {

  /** A message of another replica of the group. */
  void deliver(ReplicaId from, RaftMessage message);

  /** The connection to the node of another replica of the group broke. */
  void onDisconnected(ReplicaId peer);
}
