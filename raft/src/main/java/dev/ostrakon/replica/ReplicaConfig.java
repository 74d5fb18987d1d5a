package dev.ostrakon.replica;

import dev.ostrakon.raft.RaftConfig;

/**
 * The constants of the driver of one replica.
 *
 * @param raft the constants of the consensus core
 * @param checkpointBytes size of the state store's overlay that makes a checkpoint due
 * @param overlayBytesMax size of the overlay at which applying waits for the running checkpoint
 * @param checkpointIntervalNanos a checkpoint is due after so long if anything was applied
 * @param checkpointEntries a checkpoint is due after so many applied entries
 * @param snapshotChunkBytes size of the parts of a snapshot on the wire
 * @param snapshotWindowChunks parts sent and not yet answered, per transfer
 * @param snapshotTimeoutTicks ticks without progress after which a transfer is given up
 * @param maxPendingProposals proposals that wait for their result; beyond it they are refused
 */
public record ReplicaConfig(
    RaftConfig raft,
    long checkpointBytes,
    long overlayBytesMax,
    long checkpointIntervalNanos,
    long checkpointEntries,
    int snapshotChunkBytes,
    int snapshotWindowChunks,
    int snapshotTimeoutTicks,
    int maxPendingProposals) {

  public static final ReplicaConfig DEFAULTS =
      new ReplicaConfig(
          RaftConfig.DEFAULTS,
          64L << 20, // 64 MiB
          256L << 20, // 256 MiB
          60_000_000_000L, // 1 min
          1_000_000,
          256 << 10, // 256 KiB
          8,
          100, // 5 s with the default tick
          100_000);

  public ReplicaConfig {
    requirePositive("checkpointBytes", checkpointBytes);
    if (overlayBytesMax <= checkpointBytes) {
      throw new IllegalArgumentException(
          "overlayBytesMax must exceed checkpointBytes="
              + checkpointBytes
              + ", was "
              + overlayBytesMax);
    }
    requirePositive("checkpointIntervalNanos", checkpointIntervalNanos);
    requirePositive("checkpointEntries", checkpointEntries);
    requirePositive("snapshotChunkBytes", snapshotChunkBytes);
    requirePositive("snapshotWindowChunks", snapshotWindowChunks);
    requirePositive("snapshotTimeoutTicks", snapshotTimeoutTicks);
    requirePositive("maxPendingProposals", maxPendingProposals);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
  }
}
