package dev.ostrakon.node;

import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** The turns and the monotonic clock of one Vert.x event loop. */
public final class EventLoopScheduler implements Scheduler {

  private final Context context;
  private final Thread thread;

  private EventLoopScheduler(Context context, Thread thread) {
    this.context = context;
    this.thread = thread;
  }

  /**
   * The scheduler of the event loop that calls.
   *
   * @throws IllegalStateException if the caller is not an event loop
   */
  public static EventLoopScheduler ofCurrentLoop() {
    Context context = Vertx.currentContext();
    if (context == null || !Context.isOnEventLoopThread()) {
      throw new IllegalStateException("expected an event loop, was " + Thread.currentThread());
    }
    return new EventLoopScheduler(context, Thread.currentThread());
  }

  @Override
  public void execute(Runnable task) {
    context.runOnContext(ignored -> LoopTaskError.guard(task));
  }

  @Override
  public long nowNanos() {
    return System.nanoTime();
  }

  /** By thread and not by context: handlers of requests run on contexts derived from this one. */
  @Override
  public boolean isOwner() {
    return Thread.currentThread() == thread;
  }

  @Override
  public String toString() {
    return thread.getName();
  }
}
