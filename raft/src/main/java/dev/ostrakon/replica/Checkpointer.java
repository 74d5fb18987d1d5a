package dev.ostrakon.replica;

import dev.ostrakon.raft.SnapshotMetadata;
import java.util.function.Consumer;

/** Decides when a checkpoint is due and takes it; at most one at a time. */
final class Checkpointer {

  private final StateStore state;
  private final StateMachine<?> machine;
  private final ReplicaConfig config;
  private final Turn turn;
  private final Consumer<SnapshotMetadata> onDurable;

  private long lastIndex;
  private long lastNanos;
  private boolean running;

  Checkpointer(
      StateStore state,
      StateMachine<?> machine,
      ReplicaConfig config,
      Turn turn,
      Consumer<SnapshotMetadata> onDurable) {
    this.state = state;
    this.machine = machine;
    this.config = config;
    this.turn = turn;
    this.onDurable = onDurable;
  }

  /** The state is known to be durable up to here. */
  void restart(long durableIndex, long nowNanos) {
    lastIndex = durableIndex;
    lastNanos = nowNanos;
  }

  boolean isRunning() {
    return running;
  }

  /** Whether applying has to wait for the running checkpoint, so that memory stays bounded. */
  boolean holdsApplying() {
    return running && state.overlayBytes() >= config.overlayBytesMax();
  }

  boolean isDue(long appliedIndex, long nowNanos) {
    return !running
        && appliedIndex > lastIndex
        && (appliedIndex - lastIndex >= config.checkpointEntries()
            || nowNanos - lastNanos >= config.checkpointIntervalNanos()
            || state.overlayBytes() >= config.checkpointBytes());
  }

  /** Takes a checkpoint of the state as it is; call only between two entries. */
  void take(SnapshotMetadata at, long nowNanos) {
    running = true;
    lastIndex = at.index();
    lastNanos = nowNanos;
    machine.beforeCheckpoint();
    state.checkpoint(
        at,
        turn.callback(
            ignored -> {
              running = false;
              onDurable.accept(at);
            }));
  }
}
