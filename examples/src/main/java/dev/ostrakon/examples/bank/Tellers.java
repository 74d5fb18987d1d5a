package dev.ostrakon.examples.bank;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that serve customers at the same time. The first failure, or a stop, ends them. */
final class Tellers {
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean isStopped;

  /** What one thread does; it looks at {@link #goOn} between two transfers. */
  interface Work {
    void run(int teller) throws InterruptedException;
  }

  /** Whether nobody has failed, and nobody has stopped it. */
  boolean goOn() {
    return !isStopped && failure.get() == null;
  }

  /** Ends each thread after what it does at present; any thread. */
  void stop() {
    isStopped = true;
  }

  /** Runs so many threads and waits for all of them; throws what the first failure was. */
  void run(int count, Work work) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int teller = 0; teller < count; teller++) {
      int number = teller;
      Thread thread = new Thread(() -> runOne(number, work), "teller-" + teller);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable first = failure.get();
    if (first != null) {
      throw first instanceof RuntimeException unchecked
          ? unchecked
          : new IllegalStateException(first);
    }
  }

  private void runOne(int teller, Work work) {
    try {
      work.run(teller);
    } catch (InterruptedException | RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }
}
