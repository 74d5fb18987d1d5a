package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;

/**
 * What all links and sessions of a node share.
 *
 * @param clockOffsets how far the clocks of peers were ahead when they were last heard of, in
 *     milliseconds; any thread
 * @param connected the peers to whom a link is open; changed by the links, read by any thread
 * @param problems why links to the other peers are not open, for people; changed by the links, read
 *     by any thread
 */
record PeerEnvironment(
    Vertx vertx,
    PeerConfig config,
    PeerIdentity self,
    Greeting greeting,
    PeerDisks disks,
    PeerClock clock,
    PeerCounters counters,
    GroupRoutes routes,
    Map<NodeId, Long> clockOffsets,
    Set<NodeId> connected,
    Map<NodeId, String> problems) {

  /** The timestamp for what leaves now. */
  long timestamp() {
    return clock.now();
  }

  /** Learns of a peer's timestamp; one that is too far ahead is counted and otherwise ignored. */
  void observe(long timestamp) {
    if (!clock.observe(timestamp)) {
      counters.timestampsRefused.increment();
    }
  }
}
