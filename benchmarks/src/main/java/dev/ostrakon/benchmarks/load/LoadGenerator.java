package dev.ostrakon.benchmarks.load;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.TxnCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Makes load and measures. Blocks its thread; lifecycle: made, {@link #run}, once. */
public final class LoadGenerator {
  private static final int PROGRESS_MILLIS = 500;
  private static final int DRAIN_SECONDS = 60;
  private static final int LOAD_BATCH_KEYS = 100;
  private static final int LOAD_BATCH_BYTES = 1 << 20; // 1 MiB
  private static final int LOAD_IN_FLIGHT = 16;

  private final LoadSettings settings;
  private final List<OstrakonClient> clients;
  private final Consumer<String> progress;
  private final LoadCounts counts = new LoadCounts();
  private final CountDownLatch stop = new CountDownLatch(1);

  /**
   * @param clients connected, as many as the settings say
   * @param progress takes a text twice a second that says how far it is
   */
  public LoadGenerator(
      LoadSettings settings, List<OstrakonClient> clients, Consumer<String> progress) {
    this.settings = settings;
    this.clients = List.copyOf(clients);
    this.progress = progress;
  }

  /** Ends the run early, any thread; what was measured so far is then the report. */
  public void stop() {
    stop.countDown();
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  /** Loads the keys, warms up, measures. */
  public LoadReport run() throws ExecutionException, InterruptedException {
    Requests requests =
        new Requests(settings, answerOf(clients.get(0).shards().query()).configuration());
    load(requests);
    if (isStopped()) {
      return report(0, txnCounts());
    }
    CountDownLatch ended = new CountDownLatch(settings.inFlight());
    for (int slot = 0; slot < settings.inFlight(); slot++) {
      OstrakonClient client = clients.get(slot % clients.size());
      SplittableRandom random = new SplittableRandom(System.nanoTime() + slot);
      new LoadSlot(() -> requests.next(client, random), counts, () -> !isStopped(), ended).run();
    }
    TxnCounts before = txnCounts();
    long startNanos = System.nanoTime();
    await("warm-up", settings.warmupSeconds());
    if (!isStopped()) { // Else the warm-up is all there is.
      before = txnCounts();
      counts.restart();
      startNanos = System.nanoTime();
    }
    await(settings.workload().name().toLowerCase(Locale.ROOT), settings.seconds());
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    LoadReport report = report(seconds, before);
    stop();
    drain(ended);
    return report;
  }

  private void drain(CountDownLatch ended) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
    while (!ended.await(PROGRESS_MILLIS, TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new IllegalStateException(
            ended.getCount() + " requests were not answered within " + DRAIN_SECONDS + " s");
      }
      progress.accept("bench: waiting for the last " + ended.getCount() + " answers");
    }
  }

  private LoadReport report(double seconds, TxnCounts before)
      throws ExecutionException, InterruptedException {
    Histogram nanos = counts.takeLatencies();
    LoadReport.Latency latency =
        new LoadReport.Latency(
            nanos.getMean() / 1e6,
            nanos.getValueAtPercentile(50) / 1e6,
            nanos.getValueAtPercentile(90) / 1e6,
            nanos.getValueAtPercentile(99) / 1e6,
            nanos.getValueAtPercentile(99.9) / 1e6,
            nanos.getMaxValue() / 1e6);
    return new LoadReport(
        nanos.getTotalCount(),
        seconds,
        latency,
        counts.errors(),
        txnCounts().fastShareSince(before).orElse(Double.NaN));
  }

  private TxnCounts txnCounts() throws ExecutionException, InterruptedException {
    List<NodeStatus> answers =
        answerOf(clients.get(0).status()).stream()
            .flatMap(report -> report.status().stream())
            .toList();
    return TxnCounts.of(answers);
  }

  /** Shows how far it is until so many seconds have passed. */
  private void await(String what, int seconds) throws InterruptedException {
    long startNanos = System.nanoTime();
    long endNanos = startNanos + TimeUnit.SECONDS.toNanos(seconds);
    long doneBefore = counts.done();
    for (long left = endNanos - startNanos; left > 0; left = endNanos - System.nanoTime()) {
      long nanos = Math.min(left, TimeUnit.MILLISECONDS.toNanos(PROGRESS_MILLIS));
      if (stop.await(nanos, TimeUnit.NANOSECONDS)) {
        return;
      }
      double elapsed = (System.nanoTime() - startNanos) / 1e9;
      progress.accept(
          String.format(
              Locale.ROOT,
              "bench: %s, %.0f of %d s, %.0f/s, %d errors",
              what,
              elapsed,
              seconds,
              (counts.done() - doneBefore) / elapsed,
              counts.failures()));
    }
  }

  /** Sets all keys, a bounded number of batches at a time. */
  private void load(Requests requests) throws ExecutionException, InterruptedException {
    List<String> keys = requests.toLoad();
    int batchKeys =
        Math.max(
            1,
            Math.min(
                LOAD_BATCH_KEYS, LOAD_BATCH_BYTES / Math.max(1, requests.firstValue().length())));
    Semaphore free = new Semaphore(LOAD_IN_FLIGHT);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<CompletableFuture<?>> last = new ArrayList<>();
    for (int from = 0;
        from < keys.size() && failure.get() == null && !isStopped();
        from += batchKeys) {
      free.acquire();
      List<String> part = keys.subList(from, Math.min(keys.size(), from + batchKeys));
      last.removeIf(CompletableFuture::isDone);
      last.add(
          put(part, requests.firstValue())
              .whenComplete(
                  (done, problem) -> {
                    failure.compareAndSet(null, problem);
                    free.release();
                  }));
      progress.accept("bench: loading, " + from + " of " + keys.size() + " keys");
    }
    for (CompletableFuture<?> open : last) {
      boolean unused = answerOf(open.handle((done, problem) -> true));
    }
    Throwable problem = failure.get();
    if (problem != null) {
      throw new ExecutionException(problem);
    }
  }

  /** The client completes every call by its deadline; this bounds what a broken one costs. */
  private static <T> T answerOf(CompletableFuture<T> call)
      throws ExecutionException, InterruptedException {
    try {
      return call.get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("a call was not answered within " + DRAIN_SECONDS + " s", e);
    }
  }

  private CompletableFuture<?> put(List<String> keys, String value) {
    var batch = clients.get(0).batch();
    keys.forEach(key -> batch.put(key, value));
    return batch.commit();
  }
}
