package dev.ostrakon.node;

import dev.ostrakon.node.peer.RouteReceiver;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Replica;
import org.jspecify.annotations.Nullable;

/** Hands messages to a replica that is made after it. Confined to the replica's loop. */
final class ReplicaReceiver<R> implements RouteReceiver {

  private @Nullable Replica<R> replica;

  void setReplica(Replica<R> replica) {
    this.replica = replica;
  }

  @Override
  public void deliver(ReplicaId from, RaftMessage message) {
    Replica<R> receiver = replica;
    if (receiver != null && !receiver.isStopped()) {
      receiver.deliver(from, message);
    }
  }

  @Override
  public void onDisconnected(ReplicaId peer) {
    Replica<R> receiver = replica;
    if (receiver != null && !receiver.isStopped()) {
      receiver.onDisconnected(peer);
    }
  }
}
