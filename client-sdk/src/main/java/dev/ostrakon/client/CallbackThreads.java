package dev.ostrakon.client;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Daemon threads for what hangs on a client's futures, so that it may block. One thread does it all
 * while nobody blocks. A thread that waits for a future of the client is replaced at once if there
 * is something to do; one that blocks in another way is replaced when it is noticed. Threads that
 * have nothing to do end after a while.
 *
 * <p>Bound: {@link #THREADS_MAX} threads. The last one may not wait for a future of the client.
 *
 * <p>Any thread, lock-free.
 */
final class CallbackThreads implements Executor {
  /** So many threads at most. */
  static final int THREADS_MAX = 2_048;

  private static final Logger log = LoggerFactory.getLogger(CallbackThreads.class);
  private static final long IDLE_SECONDS_MAX = 5;
  private static final long STALL_NANOS = 10_000_000; // 10 ms
  private static final int GROWTH_MAX = 16;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Threads that take tasks: neither idle nor known to be blocked. */
  private final AtomicInteger runningCount = new AtomicInteger();

  private final AtomicInteger threadCount = new AtomicInteger();
  private final AtomicInteger idleCount = new AtomicInteger();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private final AtomicInteger names = new AtomicInteger();

  /** One for each idle thread that is to take tasks again, and counts as running already. */
  private final Semaphore wakeUps = new Semaphore(0);

  /** Only to see whether it changes. */
  private final AtomicLong takenCount = new AtomicLong();

  private volatile long seenTakenCount;
  private volatile long seenNanos;

  private final class Worker extends Thread {
    Worker() {
      super("ostrakon-callback-" + names.incrementAndGet());
      setDaemon(true);
    }

    @Override
    public void run() {
      takeTasks();
    }

    CallbackThreads owner() {
      return CallbackThreads.this;
    }
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    ensureRunning();
  }

  /** As {@link #execute} for each, with one thread to wake at most. */
  void executeAll(List<? extends Runnable> all) {
    tasks.addAll(all);
    ensureRunning();
  }

  private void ensureRunning() {
    if (runningCount.get() == 0 && runningCount.compareAndSet(0, 1)) {
      startRunning();
    }
  }

  /** Wakes or makes a thread, which is counted as running already. */
  private void startRunning() {
    int idle = idleCount.get();
    while (idle > 0) {
      if (idleCount.compareAndSet(idle, idle - 1)) {
        wakeUps.release();
        return;
      }
      idle = idleCount.get();
    }
    if (threadCount.incrementAndGet() > THREADS_MAX) {
      threadCount.decrementAndGet();
      runningCount.decrementAndGet();
      return;
    }
    try {
      new Worker().start();
    } catch (OutOfMemoryError e) { // The system has no thread to give: those that run do it all.
      threadCount.decrementAndGet();
      runningCount.decrementAndGet();
      log.warn("no thread for callbacks threads={} cause={}", threadCount.get(), e.toString());
    }
  }

  private void takeTasks() {
    do {
      Runnable task = tasks.poll();
      while (task != null) {
        takenCount.incrementAndGet();
        run(task);
        task = tasks.poll();
      }
      runningCount.decrementAndGet();
    } while (mayRunOn());
    threadCount.decrementAndGet();
    ensureRunningIfNeeded();
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) { // Of a user's code.
      log.warn("a callback failed cause={}", e.toString(), e);
    }
  }

  /** Whether this thread, which counts as idle from now on, is to take tasks again. */
  private boolean mayRunOn() {
    if (!tasks.isEmpty() && runningCount.compareAndSet(0, 1)) {
      return true;
    }
    idleCount.incrementAndGet();
    ensureRunningIfNeeded();
    try {
      if (wakeUps.tryAcquire(IDLE_SECONDS_MAX, TimeUnit.SECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      // A user's code interrupted the thread that it ran on, which concerns nobody else.
    }
    int idle = idleCount.get();
    while (idle > 0) {
      if (idleCount.compareAndSet(idle, idle - 1)) {
        return false;
      }
      idle = idleCount.get();
    }
    wakeUps.acquireUninterruptibly(); // Somebody has taken this thread for idle just now.
    return true;
  }

  private void ensureRunningIfNeeded() {
    if (!tasks.isEmpty()) {
      ensureRunning();
    }
  }

  /** Whether the caller is one of these threads. */
  boolean isWorker() {
    return Thread.currentThread() instanceof Worker worker && worker.owner() == this;
  }

  /**
   * One of these threads is about to wait for a future of the client; {@link #afterWait} ends it.
   *
   * @throws IllegalStateException if all the others wait too: nobody would be left to end that
   */
  void beforeWait() {
    if (waitingCount.incrementAndGet() >= THREADS_MAX) {
      waitingCount.decrementAndGet();
      throw new IllegalStateException(
          (THREADS_MAX - 1)
              + " callbacks wait for other futures of this client, which is the limit: compose"
              + " futures (thenCompose) instead of waiting in callbacks");
    }
    runningCount.decrementAndGet();
    ensureRunningIfNeeded();
  }

  void afterWait() {
    waitingCount.decrementAndGet();
    runningCount.incrementAndGet();
  }

  /** To be called now and then: replaces threads that block without a word. */
  void watch(long nowNanos) {
    long taken = takenCount.get();
    if (tasks.isEmpty() || taken != seenTakenCount) {
      seenTakenCount = taken;
      seenNanos = nowNanos;
    } else if (nowNanos - seenNanos > STALL_NANOS) {
      seenNanos = nowNanos;
      int more = Math.min(GROWTH_MAX, Math.max(1, runningCount.get()));
      for (int i = 0; i < more; i++) {
        oneMore();
      }
    }
  }

  /** One thread more takes tasks, for those that run may never come back. */
  void oneMore() {
    runningCount.incrementAndGet();
    startRunning();
  }

  /** For tests. */
  int threadCount() {
    return threadCount.get();
  }
}
