package dev.ostrakon.examples.bank;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What has happened so far. Any thread. */
public final class BankProgress {
  private static final long LATENCY_MICROS_MAX = TimeUnit.MINUTES.toMicros(10);

  private final LongAdder transfers = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder audits = new LongAdder();
  private final Histogram latencyMicros = new ConcurrentHistogram(LATENCY_MICROS_MAX, 3);

  /** Measures and counts a transfer, from the moment when it was begun. */
  void count(boolean done, long startNanos) {
    (done ? transfers : refused).increment();
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos);
    latencyMicros.recordValue(Math.min(micros, LATENCY_MICROS_MAX));
  }

  void countAudit() {
    audits.increment();
  }

  /** Transfers done. */
  public long transfers() {
    return transfers.sum();
  }

  /** Transfers for which there was not enough money. */
  public long refused() {
    return refused.sum();
  }

  /** Reads of all balances at once, each with the right sum. */
  public long audits() {
    return audits.sum();
  }

  /** The time in which this percentage of the transfers was done. */
  public double latencyMillis(double percentile) {
    return latencyMicros.getValueAtPercentile(percentile) / 1e3;
  }
}
