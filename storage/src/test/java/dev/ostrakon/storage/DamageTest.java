package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.StorageException.Reason;
import dev.ostrakon.replica.contract.LogModel;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.TestOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files of a whole node: what is read is what was written, or there is a typed error. */
class DamageTest {

  private static final int TRIES = 40;
  private static final SnapshotMetadata CHECKPOINT =
      new SnapshotMetadata(
          new EntryId(3, 9), Membership.ofVoters(List.of(new ReplicaId(1), new ReplicaId(2))));

  private final TestOwner owner = new TestOwner();
  @TempDir Path temporary;

  /** What a node holds. */
  private record Contents(RecoveredLog log, List<LogEntry> entries, List<Row> rows) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void flipped_bits_are_noticed_or_do_not_matter(long seed) throws IOException {
    RandomSource random = new RandomSource(seed);
    Contents written = write(random);
    assertThat(read()).isEqualTo(written);
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
      Path file = anyFile(random);
      byte[] intact = Files.readAllBytes(file);
      byte[] damaged = intact.clone();
      // Most of a file may be reserved space: aim at its beginning more often than not.
      int range = random.chance(0.7) ? Math.min(intact.length, 200_000) : intact.length;
      int first = random.nextInt(range);
      for (int at = first; at < Math.min(first + 1 + random.nextInt(3), range); at++) {
        damaged[at] ^= (byte) (1 << random.nextInt(8));
      }
      refused += readsTheSameOrRefuses(file, damaged, written);
      Files.write(file, intact);
    }
    assertThat(refused).isPositive();
    assertThat(read()).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void cut_files_are_noticed_or_do_not_matter(long seed) throws IOException {
    RandomSource random = new RandomSource(seed);
    Contents written = write(random);
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
      Path file = anyFile(random);
      byte[] intact = Files.readAllBytes(file);
      byte[] damaged = Arrays.copyOf(intact, random.nextInt(intact.length));
      refused += readsTheSameOrRefuses(file, damaged, written);
      Files.write(file, intact);
    }
    assertThat(refused).isPositive();
  }

  /** Returns 1 if the damage was refused, 0 if it did not matter; fails on a wrong answer. */
  private int readsTheSameOrRefuses(Path file, byte[] damaged, Contents written)
      throws IOException {
    Path saved = temporary.resolve("saved");
    copy(temporary.resolve("n1"), saved);
    Files.write(file, damaged);
    try {
      assertThat(read()).as("%s", file).isEqualTo(written);
      return 0;
    } catch (StorageException e) {
      assertThat(e.reason())
          .as("%s", e)
          .isIn(Reason.CORRUPT, Reason.FOREIGN_DISK, Reason.NEWER_FORMAT);
      return 1;
    } finally {
      delete(temporary.resolve("n1"));
      copy(saved, temporary.resolve("n1"));
      delete(saved);
    }
  }

  private Contents write(RandomSource random) {
    LogModel model = new LogModel(random.fork("model"), 2_000);
    List<Row> rows = new ArrayList<>();
    try (TestNode node = node()) {
      LogStorage log = node.log(1, owner);
      StateStore state = node.state(1, owner);
      log.recover();
      state.recover();
      for (int i = 0; i < 60; i++) {
        owner.<Void>await(callback -> log.persist(model.nextWrite(), callback));
      }
      for (int i = 1000; i < 1400; i++) {
        Row row = new Row(Bytes.utf8("k" + i), Logs.randomBytes(random, random.nextInt(400)));
        state.put(row.key(), row.value());
        rows.add(row);
      }
      owner.<Void>await(callback -> state.checkpoint(CHECKPOINT, callback));
    }
    RecoveredLog log = model.recovered();
    try (TestNode node = node()) {
      log = node.log(1, owner).recover(); // The commit index is only a lower bound.
    }
    assertThat(log.lastIndex()).isEqualTo(model.lastIndex());
    return new Contents(log, model.entries(), rows);
  }

  private Contents read() {
    try (TestNode node = node()) {
      LogStorage log = node.log(1, owner);
      StateStore state = node.state(1, owner);
      RecoveredLog recovered = log.recover();
      List<LogEntry> entries =
          owner.await(
              callback -> log.read(Logs.fetch(recovered.base().index() + 1, 1L << 40), callback));
      assertThat(state.recover()).isEqualTo(CHECKPOINT);
      ScanPage page =
          owner.await(
              callback ->
                  state.scan(
                      new ScanRequest(Bytes.EMPTY, Bytes.EMPTY, 1 << 20, 1 << 30), callback));
      return new Contents(recovered, entries, page.rows());
    }
  }

  private TestNode node() {
    return new TestNode(new LossyDisk(temporary), temporary.resolve("n1"));
  }

  private Path anyFile(RandomSource random) throws IOException {
    try (Stream<Path> walked = Files.walk(temporary.resolve("n1"))) {
      List<Path> files =
          walked
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().equals("lock"))
              .sorted()
              .toList();
      return files.get(random.nextInt(files.size()));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> walked = Files.walk(from)) {
      for (Path path : walked.sorted().toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walked = Files.walk(folder)) {
      for (Path path : walked.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
