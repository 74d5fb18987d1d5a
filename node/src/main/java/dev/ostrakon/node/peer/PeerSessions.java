package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams that peers have open to this node, at most one a peer: a peer that comes again has
 * lost its old stream, whether this end has noticed or not. Any event loop.
 */
final class PeerSessions {

  private final Map<NodeId, PeerSession> open = new ConcurrentHashMap<>();

  void opened(NodeId peer, PeerSession session) {
    PeerSession older = open.put(peer, session);
    if (older != null && older != session) {
      older
          .loop()
          .execute(
              () ->
                  older.refuse(
                      new PeerRefusal(
                          PeerRefusal.Reason.STOPPING, "the peer opened a new stream")));
    }
  }

  void ended(NodeId peer, PeerSession session) {
    open.remove(peer, session);
  }

  /** Ends all streams because this node is about to stop. */
  void stop() {
    for (PeerSession session : open.values()) {
      session
          .loop()
          .execute(
              () ->
                  session.refuse(
                      new PeerRefusal(PeerRefusal.Reason.STOPPING, "the node is about to stop")));
    }
  }
}
