package dev.ostrakon.node;

import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.storage.StorageConfig;

/** Constants that make tests quick without making them brittle. */
final class TestConfigs {

  /** Elections within 0.5 to 1 s. */
  static final long TICK_NANOS = 25_000_000;

  /** Fits into the small heaps of test processes. */
  static final StorageConfig SMALL_STORAGE =
      new StorageConfig(1 << 20, 4 << 20, 8L << 20, 50, 4 << 20, 16L << 20, 1L << 20, 2, 1);

  private TestConfigs() {}

  /**
   * A replica's constants.
   *
   * @param checkpointEntries a checkpoint after so many entries
   * @param retainedEntries entries kept behind a checkpoint
   */
  static ReplicaConfig quick(int checkpointEntries, int retainedEntries) {
    RaftConfig defaults = RaftConfig.DEFAULTS;
    return new ReplicaConfig(
        new RaftConfig(
            TICK_NANOS,
            2,
            20,
            40,
            6,
            true,
            30_000_000,
            defaults.maxAppendBytes(),
            defaults.maxInflightAppends(),
            defaults.maxInflightBytes(),
            defaults.maxUncommittedBytes(),
            defaults.maxApplyBytes(),
            1 << 16, // So that a follower that is late is served from the disk.
            retainedEntries,
            defaults.maxPendingReads()),
        1 << 20,
        4 << 20,
        2_000_000_000,
        checkpointEntries,
        1 << 12, // So that a transfer takes many chunks.
        4,
        200,
        10_000);
  }
}
