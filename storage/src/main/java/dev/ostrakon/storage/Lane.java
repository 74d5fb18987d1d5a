package dev.ostrakon.storage;

import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StorageException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Runs the disk work of one owner in order, on threads that it shares with others.
 *
 * <p>What waits in it is bounded by its users: each waits for its answer before it goes on.
 */
final class Lane {

  private final Executor executor;
  private final Scheduler scheduler;
  private final Path path;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  /** The path only serves messages. */
  Lane(Executor executor, Scheduler scheduler, Path path) {
    this.executor = executor;
    this.scheduler = scheduler;
    this.path = path;
  }

  /** Runs the work after all that was submitted before, then calls back on the owner. */
  <T> void submit(Supplier<T> work, Callback<T> callback) {
    enqueue(
        () -> {
          T result;
          try {
            result = work.get();
          } catch (Throwable e) { // Whoever waits must be told, whatever it was.
            StorageException cause = Failures.of(path, e);
            post(scheduler, () -> callback.failed(cause));
            Failures.escalate(e);
            return;
          }
          post(scheduler, () -> callback.succeeded(result));
        });
  }

  /** Runs the work after all that was submitted before. */
  void enqueue(Runnable work) {
    synchronized (waiting) {
      waiting.add(work);
      if (running) {
        return;
      }
      running = true;
    }
    start();
  }

  /** Runs a task on an owner; an owner that is gone needs no answer any more. */
  static void post(Scheduler scheduler, Runnable task) {
    try {
      scheduler.execute(task);
    } catch (RejectedExecutionException e) {
      // Its event loop has ended, and with it everybody who could care.
    }
  }

  private void start() {
    try {
      executor.execute(this::runNext);
    } catch (RejectedExecutionException e) {
      // The node storage was closed: run what waits here, where it fails as closed.
      runNext();
    }
  }

  private void runNext() {
    Runnable work;
    synchronized (waiting) {
      work = waiting.remove();
    }
    try {
      work.run();
    } finally {
      boolean more;
      synchronized (waiting) {
        more = !waiting.isEmpty();
        running = more;
      }
      if (more) {
        start();
      }
    }
  }
}
