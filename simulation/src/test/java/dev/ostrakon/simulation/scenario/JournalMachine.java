package dev.ostrakon.simulation.scenario;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.simulation.cluster.MachineFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps every command under its position, from 1; the result of a command is its position. What it
 * has applied survives in checkpoints and snapshots.
 */
final class JournalMachine implements StateMachine<Long> {
  static final MachineFactory<JournalMachine> FACTORY =
      new MachineFactory<>() {
        @Override
        public JournalMachine create(int group, StateStore store) {
          return new JournalMachine(store);
        }

        @Override
        public boolean isReplicated(Bytes key) {
          return true;
        }
      };

  private static final Bytes COUNT_KEY = Bytes.utf8("count");

  private final StateStore store;

  private JournalMachine(StateStore store) {
    this.store = store;
  }

  @Override
  public void restored(SnapshotMetadata at) {}

  @Override
  public void apply(LogEntry entry, Consumer<Long> done) {
    if (!store.lookup(COUNT_KEY).isOnDisk()) {
      append(entry, done);
      return;
    }
    store.load(
        List.of(COUNT_KEY),
        new Callback<>() {
          @Override
          public void succeeded(Void nothing) {
            append(entry, done);
          }

          @Override
          public void failed(StorageException cause) {
            throw cause;
          }
        });
  }

  private void append(LogEntry entry, Consumer<Long> done) {
    StateStore.Lookup count = store.lookup(COUNT_KEY);
    long position = (count.isFound() ? toLong(count.value()) : 0) + 1;
    store.put(COUNT_KEY, fromLong(position));
    store.put(fromLong(position), entry.payload());
    done.accept(position);
  }

  @Override
  public void beforeCheckpoint() {}

  private static Bytes fromLong(long value) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static long toLong(Bytes bytes) {
    return ByteBuffer.wrap(bytes.sharedArray()).getLong();
  }
}
