package dev.ostrakon.node;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Waits for real time things to happen, with limits that bear a machine that stands still. */
final class Awaits {

  /** Nothing that a test waits for takes this long unless it is broken. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private Awaits() {}

  static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within " + LIMIT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the future ends, well or badly. */
  static void awaitEnd(Future<?> future) {
    await(future.transform(ended -> Future.succeededFuture()));
  }

  static void untilAsserted(ThrowingRunnable assertion) {
    Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).untilAsserted(assertion);
  }
}
