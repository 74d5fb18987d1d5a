package dev.ostrakon.benchmarks.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One of the requests in flight: when one is answered, the next is sent. */
final class LoadSlot {
  /** A request that fails is not followed at once, so that errors do not become the load. */
  private static final int ERROR_PAUSE_MILLIS = 20;

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(ERROR_PAUSE_MILLIS, TimeUnit.MILLISECONDS);

  private final Supplier<CompletableFuture<?>> requests;
  private final LoadCounts counts;
  private final BooleanSupplier goOn;
  private final CountDownLatch ended;

  LoadSlot(
      Supplier<CompletableFuture<?>> requests,
      LoadCounts counts,
      BooleanSupplier goOn,
      CountDownLatch ended) {
    this.requests = requests;
    this.counts = counts;
    this.goOn = goOn;
    this.ended = ended;
  }

  /** Sends until it is to stop. */
  void run() {
    while (goOn.getAsBoolean()) {
      long startNanos = System.nanoTime();
      // Who comes second goes on: this loop if the answer was there at once, else the answer. So
      // answers that are there at once do not pile up on the stack.
      AtomicBoolean isFirst = new AtomicBoolean(true);
      var unused =
          requests.get().whenComplete((answer, failure) -> onEnd(startNanos, failure, isFirst));
      if (isFirst.getAndSet(false)) {
        return;
      }
    }
    ended.countDown();
  }

  private void onEnd(long startNanos, @Nullable Throwable failure, AtomicBoolean isFirst) {
    if (failure == null) {
      counts.succeeded(System.nanoTime() - startNanos);
      goOnUnlessFirst(isFirst);
    } else {
      counts.failed(failure);
      LATER.execute(() -> goOnUnlessFirst(isFirst));
    }
  }

  private void goOnUnlessFirst(AtomicBoolean isFirst) {
    if (!isFirst.getAndSet(false)) {
      run();
    }
  }
}
