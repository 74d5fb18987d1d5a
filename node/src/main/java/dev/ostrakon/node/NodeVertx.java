package dev.ostrakon.node;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;

/** The Vert.x instance of a server process. */
public final class NodeVertx {

  /** A turn that takes longer holds up heartbeats of every group on the loop. */
  private static final long LOOP_WARN_MILLIS = 500;

  private static final long LOOP_STACK_TRACE_MILLIS = 2_000;
  private static final long CHECK_MILLIS = 250;

  private NodeVertx() {}

  /**
   * Makes an instance whose event loops are watched: one that is held up is reported, with a stack
   * trace if it lasts.
   *
   * @param loopCount event loops
   */
  public static Vertx create(int loopCount) {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(loopCount)
            .setBlockedThreadCheckInterval(CHECK_MILLIS)
            .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
            .setMaxEventLoopExecuteTime(LOOP_WARN_MILLIS)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
            .setWarningExceptionTime(LOOP_STACK_TRACE_MILLIS)
            .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS));
  }
}
