package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.SnapshotReader;
import dev.ostrakon.replica.StateStore.SnapshotWriter;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.Recording;
import dev.ostrakon.replica.contract.TestOwner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is acknowledged before it is synced: whoever removes a sync fails here.
 *
 * <p>At each acknowledgement the test asks the disk whether a power cut could lose anything.
 */
class SyncBeforeAcknowledgeTest {

  private final TestOwner owner = new TestOwner();

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // Before each test.
  private LossyDisk disk;

  @SuppressWarnings("NullAway.Init") // Before each test.
  private NodeStorage storage;

  @BeforeEach
  void open() {
    disk = new LossyDisk(folder);
    storage = TestNode.open(disk, folder.resolve("n1"));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void identity_and_empty_log_are_durable_once_the_folder_is_open() {
    assertThat(unsynced()).isFalse();
  }

  @Test
  void every_log_write_is_durable_when_it_is_acknowledged() {
    LogStorage log = storage.log(1, owner);
    log.recover();
    for (int i = 1; i <= 200; i++) {
      LogWrite write =
          i % 10 == 0
              ? Logs.vote(Logs.hardState(i, 1, 0))
              : Logs.append(Logs.hardState(i, 1, 0), Logs.entries(i - i / 10, i - i / 10, i));
      assertDurableWhenDone(callback -> log.persist(write, callback));
    }
  }

  @Test
  void entries_that_fill_many_files_are_durable_when_they_are_acknowledged() {
    LogStorage log = storage.log(1, owner);
    log.recover();
    for (int i = 1; i <= 40; i++) {
      List<LogEntry> entries =
          List.of(new LogEntry(i, 1, EntryKind.COMMAND, Bytes.wrap(new byte[200_000])));
      assertDurableWhenDone(
          callback -> log.persist(Logs.append(Logs.hardState(1, 1, 0), entries), callback));
    }
    assertThat(storage.logStats().syncs()).isGreaterThan(storage.logStats().commits());
  }

  @Test
  void checkpoint_is_durable_when_it_is_acknowledged() {
    StateStore store = storage.state(1, owner);
    store.recover();
    assertThat(unsynced()).isFalse();
    for (int i = 1; i <= 20; i++) {
      store.put(Bytes.utf8("key" + i), Bytes.wrap(new byte[50_000]));
      SnapshotMetadata at = metadata(i);
      assertDurableWhenDone(callback -> store.checkpoint(at, callback));
    }
  }

  @Test
  void installed_snapshot_is_durable_when_it_is_acknowledged() {
    StateStore source = storage.state(1, owner);
    source.recover();
    source.put(Bytes.utf8("a"), Bytes.wrap(new byte[100_000]));
    owner.<Void>await(callback -> source.checkpoint(metadata(7), callback));
    StateStore target = storage.state(2, owner);
    target.recover();

    SnapshotReader reader = owner.await(source::openSnapshot);
    SnapshotWriter writer =
        owner.await(callback -> target.beginInstall(reader.metadata(), callback));
    Bytes part = owner.await(callback -> reader.next(1 << 20, callback));
    owner.<Void>await(callback -> writer.append(part, callback));
    assertDurableWhenDone(writer::commit);
    reader.close();
  }

  private void assertDurableWhenDone(Consumer<Callback<Void>> operation) {
    List<Boolean> unsynced = new ArrayList<>();
    owner.<Void>await(
        callback -> operation.accept(Recording.of(callback, () -> unsynced.add(unsynced()))));
    assertThat(unsynced).containsExactly(false);
  }

  /** Unfinished files and the generation that a snapshot replaced may be lost at any time. */
  private boolean unsynced() {
    Path replaced = folder.resolve("n1/state/2/generation-1");
    return disk.hasUnsynced(
        path -> !path.toString().endsWith(".tmp") && !path.startsWith(replaced));
  }

  private static SnapshotMetadata metadata(long index) {
    return new SnapshotMetadata(new EntryId(1, index), Membership.EMPTY);
  }
}
