package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.SnapshotReader;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.StorageException.Reason;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.TestOwner;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails: nothing is acknowledged from then on, and the reason is said. */
class StorageFailureTest {

  private static final String NO_SPACE = "No space left on device";

  private final TestOwner owner = new TestOwner();
  private final HookedDisk disk = new HookedDisk(new SystemDisk());
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // Before each test.
  private NodeStorage storage;

  @SuppressWarnings("NullAway.Init") // Before each test.
  private LogStorage log;

  @SuppressWarnings("NullAway.Init") // Before each test.
  private StateStore state;

  @BeforeEach
  void open() {
    storage = TestNode.open(disk, folder.resolve("n1"));
    log = storage.log(1, owner);
    state = storage.state(1, owner);
    log.recover();
    state.recover();
    append(1);
    state.put(Bytes.utf8("a"), Bytes.utf8("1"));
    checkpoint(1);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void full_disk_stops_the_log_for_good() {
    disk.failOn(HookedDisk.Operation.WRITE, NO_SPACE);
    assertFails(Reason.DISK_FULL, () -> append(2));
    disk.setHook((operation, path) -> {});
    assertFails(Reason.DISK_FULL, () -> append(2));
    assertFails(
        Reason.DISK_FULL,
        () -> owner.<List<LogEntry>>await(callback -> log.read(Logs.fetch(1, 2), callback)));
    assertFoundAfterRestart(1);
  }

  @Test
  void failed_sync_stops_the_log_of_every_group_for_good() {
    LogStorage other = storage.log(2, owner);
    other.recover();
    disk.failOn(HookedDisk.Operation.SYNC, "Input/output error");
    assertFails(Reason.IO_ERROR, () -> append(2));
    disk.setHook((operation, path) -> {});
    assertFails(
        Reason.IO_ERROR,
        () ->
            owner.<Void>await(
                callback -> other.persist(Logs.vote(Logs.hardState(1, 1, 0)), callback)));
  }

  @Test
  void write_that_was_not_synced_may_be_there_after_a_restart_but_not_in_part() {
    disk.failOn(HookedDisk.Operation.SYNC, "Input/output error");
    assertFails(Reason.IO_ERROR, () -> append(2));
    disk.setHook((operation, path) -> {});
    storage.close();
    storage = TestNode.open(disk, folder.resolve("n1"));
    assertThat(storage.log(1, owner).recover().lastIndex()).isBetween(1L, 2L);
  }

  @Test
  void full_disk_stops_a_checkpoint_and_leaves_the_one_before() {
    state.put(Bytes.utf8("a"), Bytes.utf8("2"));
    disk.failOn(HookedDisk.Operation.WRITE, NO_SPACE);
    assertFails(Reason.DISK_FULL, () -> checkpoint(2));
    disk.setHook((operation, path) -> {});
    assertFails(Reason.DISK_FULL, () -> owner.<SnapshotReader>await(state::openSnapshot));
    append(2); // The log has an environment of its own.
    storage.close();
    storage = TestNode.open(disk, folder.resolve("n1"));
    assertThat(storage.state(1, owner).recover().index()).isEqualTo(1);
  }

  @Test
  void message_says_what_happened_and_what_to_do() {
    disk.failOn(HookedDisk.Operation.WRITE, NO_SPACE);
    assertThatThrownBy(() -> append(2))
        .hasMessageContaining("log")
        .hasMessageContaining("lack of space")
        .hasMessageContaining("restart");
  }

  private void append(long index) {
    owner.<Void>await(
        callback ->
            log.persist(
                Logs.append(Logs.hardState(1, 1, 0), Logs.entries(index, index, 1)), callback));
  }

  private void checkpoint(long index) {
    owner.<Void>await(
        callback ->
            state.checkpoint(
                new SnapshotMetadata(new EntryId(1, index), Membership.EMPTY), callback));
  }

  private void assertFoundAfterRestart(long lastIndex) {
    storage.close();
    storage = TestNode.open(disk, folder.resolve("n1"));
    assertThat(storage.log(1, owner).recover().lastIndex()).isEqualTo(lastIndex);
  }

  private static void assertFails(Reason reason, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
