package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.StorageException.Reason;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.TestOwner;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An {@link Error} in any thread of the storage reaches whoever waits, and is final. */
class StorageErrorTest {

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
    reopen();
    append(1);
    state.put(Bytes.utf8("a"), Bytes.utf8("1"));
    checkpoint(1);
  }

  @AfterEach
  void close() {
    disk.setHook((operation, path) -> {});
    storage.close();
  }

  @Test
  void error_of_the_log_writer_ends_what_waits_and_what_comes_later() {
    throwOn(HookedDisk.Operation.WRITE, new AssertionError("a bug"));
    assertFails(() -> append(2));
    disk.setHook((operation, path) -> {});
    assertFails(() -> append(2));
  }

  @Test
  void error_while_a_file_is_read_is_final_for_its_folder() {
    BlockFolder files =
        BlockFolder.open(
            disk, folder.resolve("files"), new BlockFolder.Layout(1, 1 << 20, 1 << 20, true));
    BlockFile block = files.openOrCreate(0, 0);
    files.append(block, new byte[100], 0, 100);
    throwOn(HookedDisk.Operation.READ, new LinkageError("a bug"));
    assertFails(() -> block.read(new byte[10], 0, 0, 10));
    disk.setHook((operation, path) -> {});
    assertFails(files::requireIntact);
    files.closeFiles();
  }

  @Test
  void error_of_work_in_a_lane_reaches_whoever_waits_and_the_lane_goes_on() {
    Lane lane = new Lane(Runnable::run, owner, folder);
    assertFails(
        () ->
            owner.<String>await(
                callback ->
                    lane.submit(
                        () -> {
                          throw new LinkageError("a bug");
                        },
                        callback)));
    assertThat(owner.<String>await(callback -> lane.submit(() -> "done", callback)))
        .isEqualTo("done");
  }

  @Test
  void error_of_a_checkpoint_reaches_whoever_waits_for_it() {
    throwOn(HookedDisk.Operation.WRITE, new AssertionError("a bug"));
    state.put(Bytes.utf8("a"), Bytes.utf8("2"));
    assertFails(() -> checkpoint(2));
    disk.setHook((operation, path) -> {});
    assertFails(() -> owner.<Void>await(c -> state.load(List.of(Bytes.utf8("b")), c)));
  }

  @Test
  void error_of_a_snapshot_writer_reaches_whoever_waits_for_it() {
    throwOn(HookedDisk.Operation.CREATE, new AssertionError("a bug"));
    SnapshotMetadata at = new SnapshotMetadata(new EntryId(1, 9), Membership.EMPTY);
    assertFails(
        () -> owner.<StateStore.SnapshotWriter>await(callback -> state.beginInstall(at, callback)));
  }

  @Test
  void error_of_the_cleaner_stops_the_log() {
    disk.setHook(
        (operation, path) -> {
          boolean ofBlock = path.toString().endsWith(".block"); // Which only the cleaner deletes.
          if (operation == HookedDisk.Operation.DELETE && ofBlock) {
            throw new AssertionError("a bug of the cleaner");
          }
        });
    assertThatThrownBy(
            () -> {
              for (long index = 2; index < 10_000; index++) {
                appendLarge(index, new EntryId(1, index - 1));
              }
            })
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.PROGRAM_ERROR))
        .hasMessageContaining("a bug of the cleaner");
  }

  @Test
  void exhausted_memory_is_also_told_to_the_handler_of_uncaught_exceptions() throws Exception {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> told.complete(failure));
    try {
      OutOfMemoryError cause = new OutOfMemoryError("by a test");
      throwOn(HookedDisk.Operation.WRITE, cause);
      assertFails(() -> append(2));
      assertThat(told.get(10, TimeUnit.SECONDS)).isSameAs(cause);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void message_says_that_nothing_is_lost_and_not_to_delete_anything() {
    throwOn(HookedDisk.Operation.WRITE, new AssertionError("a bug"));
    assertThatThrownBy(() -> append(2))
        .hasMessageContaining("a bug")
        .hasMessageContaining("nothing that was acknowledged is lost")
        .hasMessageContaining("delete nothing");
  }

  private void throwOn(HookedDisk.Operation failing, Error error) {
    disk.setHook(
        (operation, path) -> {
          if (operation == failing) {
            throw error;
          }
        });
  }

  private void reopen() {
    storage = TestNode.open(disk, folder.resolve("n1"));
    log = storage.log(1, owner);
    state = storage.state(1, owner);
    log.recover();
    state.recover();
  }

  private void append(long index) {
    owner.<Void>await(
        callback ->
            log.persist(
                Logs.append(Logs.hardState(1, 1, 0), Logs.entries(index, index, 1)), callback));
  }

  private void appendLarge(long index, EntryId compactTo) {
    LogEntry entry =
        new LogEntry(index, 1, EntryKind.COMMAND, Bytes.wrap(new byte[256 << 10])); // 256 KiB
    owner.<Void>await(
        callback ->
            log.persist(
                new LogWrite(
                    Logs.hardState(1, 1, 0), false, EntryId.ZERO, List.of(entry), compactTo),
                callback));
  }

  private void checkpoint(long index) {
    owner.<Void>await(
        callback ->
            state.checkpoint(
                new SnapshotMetadata(new EntryId(1, index), Membership.EMPTY), callback));
  }

  private static void assertFails(ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.PROGRAM_ERROR));
  }
}
