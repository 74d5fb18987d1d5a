package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.codec.RoutedMessage;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.PeerTransport;
import java.util.Map;

/**
 * Sends the messages of one replica over the links of its node. Confined to the replica's event
 * loop.
 */
final class GrpcPeerTransport implements PeerTransport {

  private final GroupRoute route;
  private final Map<NodeId, PeerOutbox> outboxes;
  private final PeerCounters counters;

  /**
   * @param outboxes the ways out of the replica's event loop
   */
  GrpcPeerTransport(GroupRoute route, Map<NodeId, PeerOutbox> outboxes, PeerCounters counters) {
    this.route = route;
    this.outboxes = outboxes;
    this.counters = counters;
  }

  @Override
  public void send(ReplicaId to, RaftMessage message) {
    PeerOutbox outbox = route.nodeOf(to).map(outboxes::get).orElse(null);
    if (outbox == null) {
      counters.messagesDropped.increment();
    } else {
      outbox.offer(new RoutedMessage(route.group(), route.self(), to, message));
    }
  }
}
