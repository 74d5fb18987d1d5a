package dev.ostrakon.node;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts how often each command was applied. A command that its client names once must never count
 * twice: neither by a replay over a checkpoint that has it already, nor by a snapshot.
 */
final class CountingMachine implements StateMachine<Long> {

  private final StateStore state;
  private int restoredCount;

  CountingMachine(StateStore state) {
    this.state = state;
  }

  @Override
  public void restored(SnapshotMetadata at) {
    restoredCount++;
  }

  /** How often the state was replaced: once at the start, and by each snapshot. */
  int restoredCount() {
    return restoredCount;
  }

  @Override
  public void apply(LogEntry entry, Consumer<Long> done) {
    Bytes key = entry.payload();
    if (state.lookup(key).isOnDisk()) {
      state.load(
          List.of(key),
          new Callback<>() {
            @Override
            public void succeeded(Void value) {
              count(key, done);
            }

            @Override
            public void failed(StorageException cause) {
              throw cause;
            }
          });
    } else {
      count(key, done);
    }
  }

  @Override
  public void beforeCheckpoint() {}

  private void count(Bytes key, Consumer<Long> done) {
    StateStore.Lookup found = state.lookup(key);
    long count = 1 + (found.isFound() ? Long.parseLong(found.value().toUtf8()) : 0);
    state.put(key, Bytes.utf8(Long.toString(count)));
    done.accept(count);
  }
}
