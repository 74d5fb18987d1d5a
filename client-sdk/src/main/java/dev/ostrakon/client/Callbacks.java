package dev.ostrakon.client;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where a client runs what belongs to its user: the completion of futures with all that hangs on
 * them, and the functions of transactions. Never on an event loop, unless the user has asked for
 * it. Any thread.
 */
final class Callbacks {
  private final CallbackThreads threads = new CallbackThreads();
  private final Set<Thread> loops = ConcurrentHashMap.newKeySet();
  private final Place place;
  private final @Nullable Executor executor;

  /** Where a user wants it. */
  enum Place {
    THREADS,
    EXECUTOR,
    EVENT_LOOP
  }

  private Callbacks(Place place, @Nullable Executor executor) {
    this.place = place;
    this.executor = executor;
  }

  /** On threads of the client's own. */
  static Callbacks onThreads() {
    return new Callbacks(Place.THREADS, null);
  }

  /** As tasks of the user's executor; on threads of the client's own what it does not take. */
  static Callbacks on(Executor executor) {
    return new Callbacks(Place.EXECUTOR, executor);
  }

  /** On the event loops. */
  static Callbacks onEventLoop() {
    return new Callbacks(Place.EVENT_LOOP, null);
  }

  /** One completion of a future. */
  static final class Completion<T> implements Runnable {
    private final CompletableFuture<T> future;
    private final @Nullable T value;
    private final @Nullable Throwable cause;

    Completion(CompletableFuture<T> future, @Nullable T value, @Nullable Throwable cause) {
      this.future = future;
      this.value = value;
      this.cause = cause;
    }

    @Override
    public void run() {
      if (cause == null) {
        future.complete(value);
      } else {
        future.completeExceptionally(cause);
      }
    }
  }

  /** Completes a future that nobody has completed yet; other tasks are none of its concern. */
  static void completeIfOpen(Runnable task) {
    if (task instanceof Completion<?> completion && !completion.future.isDone()) {
      completion.run();
    }
  }

  /** This thread is an event loop of the client. */
  void addLoop(Thread loop) {
    loops.add(loop);
  }

  void removeLoop(Thread loop) {
    loops.remove(loop);
  }

  <T> CompletableFuture<T> newFuture() {
    return new ClientFuture<>(this);
  }

  /** Whether user code runs on the loop itself, so that there is nothing to gather. */
  boolean isOnEventLoop() {
    return place == Place.EVENT_LOOP;
  }

  /** Runs a task where the user wants it. */
  void execute(Runnable task) {
    Executor own = executor;
    if (place == Place.EVENT_LOOP) {
      task.run();
    } else if (own == null) {
      threads.execute(task);
    } else {
      hand(own, task);
    }
  }

  /** As {@link #execute} for each. */
  void executeAll(List<? extends Runnable> tasks) {
    if (place == Place.THREADS) {
      threads.executeAll(tasks);
    } else {
      tasks.forEach(this::execute);
    }
  }

  private void hand(Executor own, Runnable task) {
    try {
      own.execute(task);
    } catch (Throwable e) { // Of a user's code: whatever it is, the task is run.
      threads.execute(task);
    }
  }

  /** Runs a task of the client's on its own threads, even if all those that run are blocked. */
  void executeInside(Runnable task) {
    threads.oneMore();
    threads.execute(task);
  }

  /** To be called now and then by an event loop. */
  void watch(long nowNanos) {
    threads.watch(nowNanos);
  }

  /**
   * The caller is about to wait for a future of the client; returns whether {@link #afterWait} must
   * follow.
   *
   * @throws IllegalStateException if nobody would complete the future then
   */
  boolean beforeWait() {
    Thread caller = Thread.currentThread();
    if (loops.contains(caller)) {
      throw new IllegalStateException(
          "waiting on the client's event loop "
              + caller.getName()
              + " would stop the client: compose futures (thenCompose), or build the client without"
              + " callbacksOnEventLoop");
    }
    if (!threads.isWorker()) {
      return false;
    }
    threads.beforeWait();
    return true;
  }

  void afterWait() {
    threads.afterWait();
  }
}
