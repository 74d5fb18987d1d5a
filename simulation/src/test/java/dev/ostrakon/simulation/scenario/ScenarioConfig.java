package dev.ostrakon.simulation.scenario;

import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.replica.ReplicaConfig;

/** Production's constants, but for when checkpoints are made. */
public final class ScenarioConfig {
  private ScenarioConfig() {}

  /** Checkpoints every so many entries, and so many kept behind them. */
  public static ReplicaConfig of(long checkpointEntries, int retainedEntries) {
    ReplicaConfig replica = ReplicaConfig.DEFAULTS;
    return new ReplicaConfig(
        RaftConfig.DEFAULTS.withRetention(RaftConfig.DEFAULTS.entryCacheBytes(), retainedEntries),
        replica.checkpointBytes(),
        replica.overlayBytesMax(),
        replica.checkpointIntervalNanos(),
        checkpointEntries,
        replica.snapshotChunkBytes(),
        replica.snapshotWindowChunks(),
        replica.snapshotTimeoutTicks(),
        replica.maxPendingProposals());
  }
}
