package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.TestOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space on the disk follows what is kept, not what was ever written. */
class DiskSpaceIT {

  private static final long MIB = 1 << 20;

  private final TestOwner owner = new TestOwner();
  @TempDir Path folder;

  @Test
  void files_of_a_log_that_is_compacted_are_deleted() throws IOException {
    try (TestNode node = new TestNode(folder.resolve("n1"))) {
      LogStorage log = node.log(1, owner);
      LogStorage idle = node.log(2, owner);
      log.recover();
      idle.recover();
      HardState hardState = Logs.hardState(1, 1, 0);
      persist(idle, Logs.append(hardState, Logs.entries(1, 10, 1)));
      long written = 0;
      long index = 0;
      // 2 MiB are kept; 100 MiB pass through.
      while (written < 100 * MIB) {
        List<LogEntry> entries = entries(index + 1, 64);
        index += 64;
        written += 64 * 4096;
        EntryId compactTo = index > 512 ? new EntryId(1, index - 512) : EntryId.ZERO;
        persist(log, new LogWrite(hardState, false, EntryId.ZERO, entries, compactTo));
      }
      awaitAtMost(node.storage(), 20 * MIB);
      List<LogEntry> read = owner.await(callback -> idle.read(Logs.fetch(1, 100), callback));
      assertThat(read).isEqualTo(Logs.entries(1, 10, 1));
    }
  }

  @Test
  void space_of_overwritten_values_is_used_again() throws IOException {
    try (TestNode node = new TestNode(folder.resolve("n1"))) {
      StateStore state = node.state(1, owner);
      state.recover();
      RandomSource random = new RandomSource(4);
      // 4 MiB of values, overwritten 20 times.
      for (int round = 1; round <= 20; round++) {
        for (int key = 0; key < 1024; key++) {
          state.put(Bytes.utf8("key" + key), Logs.randomBytes(random, 4096));
        }
        SnapshotMetadata at = new SnapshotMetadata(new EntryId(1, round), Membership.EMPTY);
        owner.<Void>await(callback -> state.checkpoint(at, callback));
      }
      awaitAtMost(node.storage(), 30 * MIB);
    }
  }

  /** What an hour of overwrites does to a state, by the number of its checkpoints. */
  @Tag("ci") // The cleaner of a state begins half a minute after the start.
  @Test
  void state_that_is_overwritten_again_and_again_levels_off() throws IOException {
    StorageConfig config = StorageConfig.DEFAULTS;
    Path data = folder.resolve("n1");
    try (NodeStorage storage = NodeStorage.open(data, "test", "n1", config)) {
      StateStore state = storage.state(1, owner);
      state.recover();
      RandomSource random = new RandomSource(4);
      long live = 0;
      // 0.4 MiB of keys and values, overwritten 90 times.
      for (int round = 1; round <= 90; round++) {
        live = 0;
        for (int number = 0; number < 3_333; number++) {
          Bytes key = Bytes.utf8("key" + number);
          Bytes value = Logs.randomBytes(random, 100);
          state.put(key, value);
          live += key.size() + value.size();
        }
        SnapshotMetadata at = new SnapshotMetadata(new EntryId(1, round), Membership.EMPTY);
        owner.<Void>await(callback -> state.checkpoint(at, callback));
      }
      awaitAtMost(storage, data.resolve("state"), 2 * live + 3L * config.stateBlockBytes());
    }
  }

  private void awaitAtMost(NodeStorage storage, long bytes) throws IOException {
    awaitAtMost(storage, folder, bytes);
  }

  private void awaitAtMost(NodeStorage storage, Path files, long bytes) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    LogStorage other = storage.log(9, owner);
    other.recover();
    long size = bytesOf(files);
    for (int term = 1; size > bytes; term++) {
      assertThat(System.nanoTime()).as("still %d bytes", size).isLessThan(deadline);
      persist(other, Logs.vote(Logs.hardState(term, 1, 0)));
      size = bytesOf(files);
    }
  }

  private void persist(LogStorage log, LogWrite write) {
    owner.<Void>await(callback -> log.persist(write, callback));
  }

  private static List<LogEntry> entries(long first, int count) {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = first; index < first + count; index++) {
      entries.add(new LogEntry(index, 1, EntryKind.COMMAND, Bytes.wrap(new byte[4096])));
    }
    return entries;
  }

  /** Files may disappear meanwhile. */
  private static long bytesOf(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      try {
        return Files.size(path);
      } catch (NoSuchFileException e) {
        return 0;
      }
    }
    long bytes = 0;
    try (Stream<Path> children = Files.list(path)) {
      for (Path child : children.toList()) {
        bytes += bytesOf(child);
      }
    }
    return bytes;
  }
}
