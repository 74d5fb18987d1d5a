package dev.ostrakon.node.settings;

import java.util.ArrayList;
import java.util.List;

/**
 * How much memory a node uses; it does not grow with the data. What these bounds allow together is
 * {@link #heapBytesMost}.
 *
 * @param checkpointBytes changes of one group in memory that make a checkpoint due
 * @param overlayBytesMax changes of one group in memory at which it waits for the checkpoint
 * @param stateCacheBytes cached pages of all groups' states together
 * @param valueCacheBytes cached values of each group
 * @param logCacheBytes cached pages of the log
 * @param entryCacheBytes entries of each group's log in memory, for followers that are a little
 *     behind; twice as much may be uncommitted
 * @param requestBytes what each group may keep because of requests: finished ones, transactions,
 *     queues, and commands that wait to be logged; reads that wait may take a quarter as much
 */
public record MemorySettings(
    long checkpointBytes,
    long overlayBytesMax,
    long stateCacheBytes,
    long valueCacheBytes,
    long logCacheBytes,
    int entryCacheBytes,
    long requestBytes) {

  private static final long MIB = 1L << 20;
  private static final int ENTRY_CACHE_BYTES_MOST = 1 << 29; // 512 MiB

  /** What suits three groups in a heap of 512 MiB. */
  public static final MemorySettings DEFAULTS = forHeap(512L << 20, 3);

  /** For several nodes in one process: 8, 16, 32, 4, 8, 8 and 16 MiB. */
  public static final MemorySettings SMALL =
      new MemorySettings(8L << 20, 16L << 20, 32L << 20, 4L << 20, 8L << 20, 8 << 20, 16L << 20);

  /**
   * What suits a heap: together less than nine tenths of it, for answers and the collector need the
   * rest. Groups share what is not for pages. Beyond some size only the cache of pages grows.
   *
   * @param heapBytes the most that the heap can become
   * @param groups shard groups with a replica on this node, at least 1
   */
  public static MemorySettings forHeap(long heapBytes, int groups) {
    long share = 7 * heapBytes / 16 / (groups + 1); // one more for the checkpoint in the making
    long overlay = within(MIB / 2, 3 * share / 8, 128 * MIB);
    return new MemorySettings(
        within(MIB / 4, overlay / 2, 32 * MIB),
        overlay,
        Math.max(MIB, 3 * heapBytes / 16),
        within(MIB / 4, share / 8, 16 * MIB),
        within(MIB, heapBytes / 16, 32 * MIB),
        (int) within(MIB / 4, share / 8, 32 * MIB),
        within(MIB / 4, heapBytes / 14 / groups, 96 * MIB));
  }

  private static long within(long least, long wanted, long most) {
    return Math.max(least, Math.min(wanted, most));
  }

  /**
   * The most of the heap that these bounds allow to be in use: of each group the changes that
   * gather and those whose checkpoint waits, cached values, entries with the uncommitted ones, what
   * is kept because of requests with refusals beyond it, and reads that wait; one checkpoint in the
   * making; cached pages. Answers under way and what the program itself needs come on top.
   *
   * @param groups shard groups with a replica on this node
   */
  public long heapBytesMost(int groups) {
    long group =
        2 * overlayBytesMax
            + valueCacheBytes
            + 3L * entryCacheBytes
            + 9 * requestBytes / 8
            + requestBytes / 4;
    return stateCacheBytes + logCacheBytes + groups * group + 2 * overlayBytesMax;
  }

  /** One sentence for each rule that is broken; empty if the settings can be used. */
  public List<String> violations() {
    List<String> violations = new ArrayList<>();
    requirePositive(violations, "checkpoint-bytes", checkpointBytes);
    requirePositive(violations, "state-cache-bytes", stateCacheBytes);
    requirePositive(violations, "value-cache-bytes", valueCacheBytes);
    requirePositive(violations, "log-cache-bytes", logCacheBytes);
    requirePositive(violations, "entry-cache-bytes", entryCacheBytes);
    requirePositive(violations, "request-bytes", requestBytes);
    if (entryCacheBytes > ENTRY_CACHE_BYTES_MOST) {
      violations.add(
          "entry-cache-bytes is at most " + ENTRY_CACHE_BYTES_MOST + ", was " + entryCacheBytes);
    }
    if (overlayBytesMax <= checkpointBytes) {
      violations.add(
          "overlay-bytes-max exceeds checkpoint-bytes="
              + checkpointBytes
              + ", was "
              + overlayBytesMax);
    }
    return violations;
  }

  private static void requirePositive(List<String> violations, String name, long value) {
    if (value < 1) {
      violations.add(name + " is positive, was " + value);
    }
  }
}
