package dev.ostrakon.storage;

/**
 * The constants of a node's storage.
 *
 * @param logBatchBytes a commit of the log takes no further writes after this size
 * @param logBlockBytes size of one file of the log; no entry may be larger than half of it
 * @param logCacheBytes memory for pages of the log
 * @param lazyWriteMillis how long a write that needs no sync waits for others to travel with
 * @param stateBlockBytes size of one file of a state; no value may be larger than half of it
 * @param stateCacheBytes memory for pages of all states of the process together
 * @param valueCacheBytes memory of each group for values that were read from its disk
 * @param workers threads that read states and logs, and receive snapshots
 * @param checkpointers threads that write checkpoints
 */
public record StorageConfig(
    int logBatchBytes,
    int logBlockBytes,
    long logCacheBytes,
    int lazyWriteMillis,
    int stateBlockBytes,
    long stateCacheBytes,
    long valueCacheBytes,
    int workers,
    int checkpointers) {

  private static final int MIB = 1 << 20;

  /** A state takes some files at least, so small ones keep a small state small. */
  private static final int STATE_BLOCK_BYTES_MIN = 4 * MIB;

  public static final StorageConfig DEFAULTS =
      new StorageConfig(
          8 << 20, // 8 MiB
          16 << 20, // 16 MiB
          32L << 20, // 32 MiB
          100, // 0.1 s
          STATE_BLOCK_BYTES_MIN,
          256L << 20, // 256 MiB
          16L << 20, // 16 MiB
          2,
          1);

  public StorageConfig {
    requirePositive("logBatchBytes", logBatchBytes);
    requireBlock("logBlockBytes", logBlockBytes);
    requirePositive("logCacheBytes", logCacheBytes);
    requirePositive("lazyWriteMillis", lazyWriteMillis);
    requireBlock("stateBlockBytes", stateBlockBytes);
    requirePositive("stateCacheBytes", stateCacheBytes);
    requirePositive("valueCacheBytes", valueCacheBytes);
    requirePositive("workers", workers);
    requirePositive("checkpointers", checkpointers);
  }

  /** The largest payload of an entry that the log takes: half of one of its files. */
  public int entryBytesMax() {
    return logBlockBytes / 2;
  }

  /** The largest row, key and value together, that a state takes: half of one of its files. */
  public int rowBytesMax() {
    return stateBlockBytes / 2;
  }

  /** These constants with files of states that are large enough for rows of this size. */
  public StorageConfig withRowsOf(long rowBytes) {
    long needed = Math.max(STATE_BLOCK_BYTES_MIN, 2 * rowBytes);
    int blockBytes = Math.toIntExact((needed + MIB - 1) / MIB * MIB);
    return new StorageConfig(
        logBatchBytes,
        logBlockBytes,
        logCacheBytes,
        lazyWriteMillis,
        blockBytes,
        stateCacheBytes,
        valueCacheBytes,
        workers,
        checkpointers);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
  }

  private static void requireBlock(String name, int value) {
    if (value <= 0 || value % (1 << 20) != 0) {
      throw new IllegalArgumentException(name + " must be a multiple of 1 MiB, was " + value);
    }
  }
}
