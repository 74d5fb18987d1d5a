package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.InvariantViolation;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.SnapshotReader;
import dev.ostrakon.replica.StateStore.SnapshotWriter;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.TestOwner;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest entry and row that the constants allow go through everything that stores them. */
class LargestRowTest {

  private static final int CHUNK_BYTES = 256 << 10; // 256 KiB

  private final TestOwner owner = new TestOwner();
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1 << 20, 1_500_000, 7_333_300})
  void largest_row_survives_checkpoint_snapshot_and_restart(int rowBytes) {
    StorageConfig config = StorageConfig.DEFAULTS.withRowsOf(rowBytes);
    Bytes key = Bytes.utf8("key");
    Bytes value = Logs.randomBytes(new RandomSource(rowBytes), config.rowBytesMax() - key.size());
    SnapshotMetadata at = new SnapshotMetadata(new EntryId(1, 7), Membership.EMPTY);
    assertThat(config.rowBytesMax()).isGreaterThanOrEqualTo(rowBytes);
    try (NodeStorage storage = open("n1", config)) {
      StateStore state = storage.state(1, owner);
      state.recover();
      state.put(key, value);
      owner.<Void>await(callback -> state.checkpoint(at, callback));
      StateStore other = storage.state(2, owner);
      other.recover();
      send(state, other, at);
      assertThat(read(other, key)).isEqualTo(value);
    }
    try (NodeStorage storage = open("n1", config)) {
      for (long group = 1; group <= 2; group++) {
        StateStore state = storage.state(group, owner);
        assertThat(state.recover()).isEqualTo(at);
        assertThat(read(state, key)).isEqualTo(value);
      }
    }
  }

  @Test
  void largest_entry_survives_a_restart_and_a_larger_one_is_a_bug() {
    int most = StorageConfig.DEFAULTS.entryBytesMax();
    Bytes payload = Logs.randomBytes(new RandomSource(1), most);
    LogEntry entry = new LogEntry(1, 1, EntryKind.COMMAND, payload);
    try (NodeStorage storage = open("n1", StorageConfig.DEFAULTS)) {
      LogStorage log = storage.log(1, owner);
      log.recover();
      assertThat(log.entryBytesMax()).isEqualTo(most);
      append(log, entry);
      LogEntry larger = new LogEntry(2, 1, EntryKind.COMMAND, Bytes.wrap(new byte[most + 1]));
      assertThatThrownBy(() -> append(log, larger)).isInstanceOf(InvariantViolation.class);
    }
    try (NodeStorage storage = open("n1", StorageConfig.DEFAULTS)) {
      LogStorage log = storage.log(1, owner);
      assertThat(log.recover().lastIndex()).isEqualTo(1);
      assertThat(owner.<List<LogEntry>>await(callback -> log.read(Logs.fetch(1, 2), callback)))
          .containsExactly(entry);
    }
  }

  private void append(LogStorage log, LogEntry entry) {
    owner.<Void>await(
        callback -> log.persist(Logs.append(Logs.hardState(1, 1, 0), List.of(entry)), callback));
  }

  private void send(StateStore from, StateStore to, SnapshotMetadata at) {
    SnapshotReader reader = owner.await(from::openSnapshot);
    SnapshotWriter writer = owner.await(callback -> to.beginInstall(at, callback));
    Bytes part = owner.await(callback -> reader.next(CHUNK_BYTES, callback));
    while (part.size() > 0) {
      Bytes next = part;
      owner.<Void>await(callback -> writer.append(next, callback));
      part = owner.await(callback -> reader.next(CHUNK_BYTES, callback));
    }
    owner.<Void>await(writer::commit);
    reader.close();
  }

  private Bytes read(StateStore state, Bytes key) {
    return owner.await(
        callback ->
            state.load(
                Set.of(key),
                Completions.of(loaded -> callback.succeeded(state.lookup(key).value()), callback)));
  }

  private NodeStorage open(String name, StorageConfig config) {
    return NodeStorage.open(folder.resolve(name), "test", name, config);
  }
}
