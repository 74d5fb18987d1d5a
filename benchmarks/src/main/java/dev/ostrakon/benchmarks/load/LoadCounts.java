package dev.ostrakon.benchmarks.load;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What the requests in flight bring home. Any thread. */
final class LoadCounts {
  private static final long LATENCY_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);

  private final Recorder latencyNanos = new Recorder(LATENCY_NANOS_MAX, 3);
  private final LongAdder done = new LongAdder();
  private final ConcurrentHashMap<String, LongAdder> errors = new ConcurrentHashMap<>();

  void succeeded(long nanos) {
    done.increment();
    latencyNanos.recordValue(Math.min(nanos, LATENCY_NANOS_MAX));
  }

  void failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    errors.computeIfAbsent(cause.getClass().getSimpleName(), name -> new LongAdder()).increment();
  }

  /** Forgets everything so far: the warm-up is over. */
  void restart() {
    latencyNanos.reset();
    done.reset();
    errors.clear();
  }

  long done() {
    return done.sum();
  }

  long failures() {
    return errors.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** The latencies since the restart; takes them away. */
  Histogram takeLatencies() {
    return latencyNanos.getIntervalHistogram();
  }

  SortedMap<String, Long> errors() {
    SortedMap<String, Long> counts = new TreeMap<>();
    errors.forEach((name, count) -> counts.put(name, count.sum()));
    return counts;
  }
}
