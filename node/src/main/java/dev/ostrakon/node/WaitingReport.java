package dev.ostrakon.node;

import dev.ostrakon.model.NodeId;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what a node waits for: after two seconds, then every ten. Any thread. */
final class WaitingReport {
  private static final Logger log = LoggerFactory.getLogger(WaitingReport.class);

  private static final long FIRST_MILLIS = 2_000;
  private static final long PERIOD_MILLIS = 10_000;

  private final Vertx vertx;
  private final long timer;

  private WaitingReport(Vertx vertx, long timer) {
    this.vertx = vertx;
    this.timer = timer;
  }

  /**
   * Begins to report, until {@link #stop}.
   *
   * @param what what the node waits for
   * @param missing what is missing for it, one sentence each; nothing is said while it is empty
   */
  static WaitingReport start(
      Vertx vertx, NodeId node, String what, Supplier<List<String>> missing) {
    long timer =
        vertx.setPeriodic(
            FIRST_MILLIS,
            PERIOD_MILLIS,
            tick -> {
              List<String> present = missing.get();
              if (!present.isEmpty()) {
                log.info("waiting node={} for={} missing={}", node, what, present);
              }
            });
    return new WaitingReport(vertx, timer);
  }

  void stop() {
    vertx.cancelTimer(timer);
  }
}
