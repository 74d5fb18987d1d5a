package dev.ostrakon.node;

/**
 * A task of an event loop ended half-way, so what it worked on can no longer be relied on: the node
 * must end. An {@link Error}, so that nothing which expects failures of requests takes it for one.
 */
public final class LoopTaskError extends Error {

  private static final long serialVersionUID = 1L;

  private LoopTaskError(RuntimeException cause) {
    super("a task of event loop " + Thread.currentThread().getName() + " failed: " + cause, cause);
  }

  /** Runs a task; turns an exception that it does not catch itself into this error. */
  static void guard(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      throw new LoopTaskError(e);
    }
  }
}
