package dev.ostrakon.node.participant;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.Gate;
import dev.ostrakon.node.peer.Greeting;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.tls.TlsSettings;
import io.vertx.core.Vertx;
import java.util.function.Predicate;

/**
 * What the links and sessions of all event loops share.
 *
 * @param connected whether the stream of Raft messages to a peer is open, which notices a peer that
 *     has fallen silent
 * @param callsMax calls that may be unanswered on one stream: so many that settle something, and as
 *     many others
 * @param sessions lets streams of other nodes in
 */
public record ParticipantEnvironment(
    Vertx vertx,
    PeerConfig peers,
    TlsSettings tls,
    Greeting greeting,
    HybridLogicalClock clock,
    ClusterMap map,
    ParticipantCounters counters,
    Predicate<NodeId> connected,
    int callsMax,
    Gate sessions) {

  /** What a caller is told to wait that met a full stream. */
  static final int RETRY_AFTER_MILLIS = 20;

  /** Learns of a peer's time; false if it is too far ahead. */
  boolean observe(long timestamp) {
    boolean merged =
        clock.observe(HybridTimestamp.fromPacked(timestamp)) instanceof Observation.Observed;
    if (!merged) {
      counters.skewed.increment();
    }
    return merged;
  }

  long timestamp() {
    return clock.now().packed();
  }
}
