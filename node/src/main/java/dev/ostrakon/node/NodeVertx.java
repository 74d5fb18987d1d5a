package dev.ostrakon.node;

import dev.ostrakon.node.connection.GuardedTransport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
    return create(loopCount, new GuardedTransport());
  }

  /**
   * The same, with gates at the ports where it listens.
   *
   * @param transport knows the gates
   */
  static Vertx create(int loopCount, GuardedTransport transport) {
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(loopCount)
            .setBlockedThreadCheckInterval(CHECK_MILLIS)
            .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
            .setMaxEventLoopExecuteTime(LOOP_WARN_MILLIS)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
            .setWarningExceptionTime(LOOP_STACK_TRACE_MILLIS)
            .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS);
    return Vertx.builder().with(options).withTransport(transport).build();
  }

  /**
   * Closes an instance. The future belongs to none of its event loops: those end before it does,
   * and a future of theirs would never be told.
   */
  static Future<Void> close(Vertx vertx) {
    Promise<Void> closed = Promise.promise();
    vertx.close().onComplete(ignored -> closed.complete(), closed::fail);
    return closed.future();
  }
}
