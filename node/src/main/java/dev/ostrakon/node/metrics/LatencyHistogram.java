package dev.ostrakon.node.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long something took, in buckets whose bounds double from 16 microseconds. Any thread. */
public final class LatencyHistogram {
  /** Bounds of 16 us to 8.6 s, and one bucket for what took longer. */
  private static final int BUCKETS = 21;

  private static final int FIRST_BOUND_LOG2_NANOS = 14; // 16,384 ns

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final LongAdder sumNanos = new LongAdder();

  /** Adds one. */
  public void record(long nanos) {
    long clamped = Math.max(0, nanos);
    int log2 = 64 - Long.numberOfLeadingZeros(clamped >>> FIRST_BOUND_LOG2_NANOS);
    counts.incrementAndGet(Math.min(BUCKETS - 1, log2));
    sumNanos.add(clamped);
  }

  /** The number of buckets. */
  int size() {
    return BUCKETS;
  }

  /** How many fell into a bucket. */
  long count(int bucket) {
    return counts.get(bucket);
  }

  /** The upper bound of a bucket in seconds; infinite for the last. */
  static double boundSeconds(int bucket) {
    return bucket == BUCKETS - 1
        ? Double.POSITIVE_INFINITY
        : (1L << (FIRST_BOUND_LOG2_NANOS + bucket)) / 1e9;
  }

  /** All times together in seconds. */
  double sumSeconds() {
    return sumNanos.sum() / 1e9;
  }
}
