package dev.ostrakon.benchmarks.raft;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The least that a key-value store does: the first bytes of a command are the key, the rest a
 * value.
 */
final class PutMachine implements StateMachine<Boolean> {

  /** The length of the key. */
  static final int KEY_BYTES = 16;

  private final StateStore state;

  PutMachine(StateStore state) {
    this.state = state;
  }

  @Override
  public void restored(SnapshotMetadata at) {}

  @Override
  public void apply(LogEntry entry, Consumer<Boolean> done) {
    byte[] command = entry.payload().sharedArray();
    state.put(
        Bytes.wrap(Arrays.copyOf(command, KEY_BYTES)),
        Bytes.wrap(Arrays.copyOfRange(command, KEY_BYTES, command.length)));
    done.accept(true);
  }

  @Override
  public void beforeCheckpoint() {}
}
