package dev.ostrakon.node.settings;

import java.util.ArrayList;
import java.util.List;

/**
 * How much memory a node uses; it does not grow with the data.
 *
 * @param checkpointBytes changes of one group in memory that make a checkpoint due
 * @param overlayBytesMax changes of one group in memory at which it waits for the checkpoint
 * @param stateCacheBytes cached pages of all groups' states together
 * @param valueCacheBytes cached values of each group
 * @param logCacheBytes cached pages of the log
 */
public record MemorySettings(
    long checkpointBytes,
    long overlayBytesMax,
    long stateCacheBytes,
    long valueCacheBytes,
    long logCacheBytes) {

  /** 32 MiB, 128 MiB, 128 MiB, 16 MiB, 32 MiB. */
  public static final MemorySettings DEFAULTS =
      new MemorySettings(32L << 20, 128L << 20, 128L << 20, 16L << 20, 32L << 20);

  /** For several nodes in one process: 8 MiB, 32 MiB, 32 MiB, 4 MiB, 8 MiB. */
  public static final MemorySettings SMALL =
      new MemorySettings(8L << 20, 32L << 20, 32L << 20, 4L << 20, 8L << 20);

  /** One sentence for each rule that is broken; empty if the settings can be used. */
  public List<String> violations() {
    List<String> violations = new ArrayList<>();
    requirePositive(violations, "checkpoint-bytes", checkpointBytes);
    requirePositive(violations, "state-cache-bytes", stateCacheBytes);
    requirePositive(violations, "value-cache-bytes", valueCacheBytes);
    requirePositive(violations, "log-cache-bytes", logCacheBytes);
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
