package dev.ostrakon.node.peer;

import io.vertx.core.Vertx;

/** What all links and sessions of a node share. */
record PeerEnvironment(
    Vertx vertx,
    PeerConfig config,
    NodeIdentity self,
    Greeting greeting,
    PeerDisks disks,
    PeerClock clock,
    PeerCounters counters,
    GroupRoutes routes) {

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
