package dev.ostrakon.node.kv;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.ClusterName;
import dev.ostrakon.node.metrics.RequestMetrics;
import dev.ostrakon.protocol.KvAnswer;
import io.vertx.core.Vertx;

/**
 * What the sessions and calls of all event loops share.
 *
 * @param vertx whose timers are used
 * @param node who answers
 * @param sessionWindow calls that may be unanswered on one session
 * @param frameBytesMax the largest frame that is taken
 * @param requestMillis how long a call waits that does not say
 * @param helloMillis how long a session may take to introduce itself
 */
public record KvEnvironment(
    Vertx vertx,
    NodeId node,
    ClusterName cluster,
    HybridLogicalClock clock,
    Admission admission,
    RequestMetrics metrics,
    int sessionWindow,
    int frameBytesMax,
    int requestMillis,
    int helloMillis) {

  /** The longest that a call may wait, whatever it says. */
  private static final int WAIT_MILLIS_MAX = 600_000; // 10 min

  /** When a call must be answered that arrives now. */
  long deadlineNanos(long nowNanos, int timeoutMillis) {
    int millis = timeoutMillis <= 0 ? requestMillis : Math.min(timeoutMillis, WAIT_MILLIS_MAX);
    return nowNanos + millis * 1_000_000L;
  }

  /** Counts an answer. */
  void count(RequestMetrics.Kind kind, KvAnswer answer, long nanos) {
    if (answer instanceof KvAnswer.Failed failed) {
      metrics.failed(kind, failed.error().code(), nanos);
    } else {
      metrics.succeeded(kind, nanos);
    }
  }
}
