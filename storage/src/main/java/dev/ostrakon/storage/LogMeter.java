package dev.ostrakon.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts what the log writer does. Thread-safe. */
final class LogMeter {

  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);

  private static final long BOUND_MIN_MICROS = 64;
  private static final long BOUND_MAX_MICROS = 1 << 24; // 16.8 s

  private final Histogram commitMicros = new Histogram(LONGEST_MICROS, 2);
  private long writes;
  private long entries;
  private long entryBytes;
  private long largestBatch;
  private long commitNanosSum;

  synchronized void committed(long nanos, int batchWrites) {
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    commitMicros.recordValue(Math.min(micros, LONGEST_MICROS));
    commitNanosSum += nanos;
    largestBatch = Math.max(largestBatch, batchWrites);
  }

  synchronized void completed(long writeCount, long entryCount, long bytes) {
    writes += writeCount;
    entries += entryCount;
    entryBytes += bytes;
  }

  synchronized LogStats stats(BlockFolder folder, long backlogBytes) {
    return new LogStats(
        commitMicros.getTotalCount(),
        folder.syncs(),
        folder.growths(),
        writes,
        entries,
        entryBytes,
        folder.bytesWritten(),
        largestBatch,
        backlogBytes,
        commitMicros.getMean(),
        commitMicros.getValueAtPercentile(50),
        commitMicros.getValueAtPercentile(99),
        commitMicros.getMaxValue(),
        commitNanosSum,
        commitBuckets());
  }

  private List<LogStats.Bucket> commitBuckets() {
    List<LogStats.Bucket> buckets = new ArrayList<>();
    for (long bound = BOUND_MIN_MICROS; bound <= BOUND_MAX_MICROS; bound *= 2) {
      // What is equivalent to the bound for the histogram counts as being within it.
      buckets.add(new LogStats.Bucket(bound, commitMicros.getCountBetweenValues(0, bound)));
    }
    return buckets;
  }
}
