package dev.ostrakon.storage;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts what the log writer does. Thread-safe. */
final class LogMeter {

  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);

  private final Histogram commitMicros = new Histogram(LONGEST_MICROS, 2);
  private long writes;
  private long entries;
  private long entryBytes;
  private long largestBatch;

  synchronized void committed(long nanos, int batchWrites) {
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    commitMicros.recordValue(Math.min(micros, LONGEST_MICROS));
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
        commitMicros.getMaxValue());
  }
}
