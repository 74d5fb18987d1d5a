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
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.StorageException.Reason;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.TestOwner;
import dev.ostrakon.storage.HookedDisk.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a node: whose it is, and that its groups share one log. */
class NodeStorageTest {

  private final TestOwner owner = new TestOwner();
  @TempDir Path temporary;

  @Test
  void identity_is_drawn_once_and_stays() {
    NodeIdentity first;
    try (NodeStorage storage = open("c1", "n1")) {
      first = storage.identity();
    }
    try (NodeStorage storage = open("c1", "n1")) {
      assertThat(storage.identity()).isEqualTo(first);
    }
  }

  @Test
  void folder_of_another_node_or_cluster_is_refused() {
    open("c1", "n1").close();
    assertRefused(Reason.FOREIGN_DISK, () -> open("c1", "n2"));
    assertRefused(Reason.FOREIGN_DISK, () -> open("c2", "n1"));
    open("c1", "n1").close();
  }

  @Test
  void folder_in_use_is_refused() {
    try (NodeStorage storage = open("c1", "n1")) {
      assertRefused(Reason.IN_USE, () -> open("c1", "n1"));
      assertThat(storage.logBacklogBytes()).isZero();
    }
  }

  @Test
  void newer_format_is_refused() {
    open("c1", "n1").close();
    byte[] identity = new NodeIdentity("c1", "n1", 5).encode();
    ByteBuffer.wrap(identity).putInt(NodeIdentity.FORMAT + 1);
    new SmallFile(new SystemDisk(), path().resolve("identity")).write(identity);
    assertRefused(Reason.NEWER_FORMAT, () -> open("c1", "n1"));
  }

  @Test
  void files_of_another_disk_are_refused() throws IOException {
    open("c1", "n1").close();
    Path other = temporary.resolve("other");
    NodeStorage.open(other, "c1", "n1", TestNode.CONFIG).close();
    replaceLog(other.resolve("log"));
    assertRefused(Reason.FOREIGN_DISK, () -> open("c1", "n1"));
  }

  @Test
  void lost_identity_is_noticed() throws IOException {
    open("c1", "n1").close();
    Files.delete(path().resolve("identity"));
    assertRefused(Reason.CORRUPT, () -> open("c1", "n1"));
  }

  @Test
  void lost_log_is_noticed() throws IOException {
    open("c1", "n1").close();
    for (Path file : filesOf(path().resolve("log"))) {
      Files.delete(file);
    }
    assertRefused(Reason.CORRUPT, () -> open("c1", "n1"));
    Files.delete(path().resolve("log"));
    assertRefused(Reason.CORRUPT, () -> open("c1", "n1"));
  }

  @Test
  void damaged_identity_is_noticed() throws IOException {
    open("c1", "n1").close();
    Path file = path().resolve("identity");
    byte[] intact = Files.readAllBytes(file);
    for (int bit = 0; bit < intact.length * 8; bit += 3) {
      byte[] damaged = intact.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, damaged);
      assertRefused(Reason.CORRUPT, () -> open("c1", "n1"));
    }
    for (int length = 0; length < intact.length; length++) {
      Files.write(file, Arrays.copyOf(intact, length));
      assertRefused(Reason.CORRUPT, () -> open("c1", "n1"));
    }
  }

  @Test
  void interrupted_first_start_is_repeated() {
    HookedDisk disk = new HookedDisk(new SystemDisk());
    for (int allowed = 0; allowed < 200; allowed++) {
      int[] left = {allowed};
      disk.setHook(
          (operation, file) -> {
            if (left[0]-- <= 0) {
              throw new IOException("killed");
            }
          });
      Path path = temporary.resolve("attempt" + allowed);
      boolean opened = true;
      try {
        NodeStorage.open(disk, path, "c1", "n1", TestNode.CONFIG).close();
      } catch (StorageException e) {
        opened = false;
      }
      disk.setHook((operation, file) -> {});
      NodeStorage.open(disk, path, "c1", "n1", TestNode.CONFIG).close();
      if (opened && left[0] > 0) {
        assertThat(allowed).isGreaterThan(10);
        return;
      }
    }
    throw new AssertionError("the first start never ended");
  }

  @Test
  void groups_do_not_see_each_other() {
    try (NodeStorage storage = open("c1", "n1")) {
      LogStorage one = storage.log(1, owner);
      LogStorage two = storage.log(2, owner);
      LogStorage three = storage.log(3, owner);
      one.recover();
      two.recover();
      three.recover();
      persist(one, Logs.entries(1, 10, 1));
      persist(three, Logs.entries(1, 30, 3));
      persist(two, Logs.entries(1, 20, 2));
      persist(two, Logs.entries(5, 6, 3));
    }
    try (NodeStorage storage = open("c1", "n1")) {
      assertThat(read(storage.log(1, owner))).isEqualTo(Logs.entries(1, 10, 1));
      assertThat(read(storage.log(2, owner))).hasSize(6).endsWith(Logs.entries(6, 6, 3).get(0));
      assertThat(read(storage.log(3, owner))).isEqualTo(Logs.entries(1, 30, 3));
    }
  }

  @Test
  void one_commit_takes_what_all_groups_have_gathered() {
    HookedDisk disk = new HookedDisk(new SystemDisk());
    try (NodeStorage storage = TestNode.open(disk, path())) {
      List<LogStorage> logs = logs(storage, 16);
      LogStats before = storage.logStats();
      CountDownLatch gathered = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      disk.setHook(
          (operation, file) -> {
            if (operation == Operation.SYNC) {
              held.countDown();
            }
            awaitIf(operation == Operation.SYNC, gathered);
          });
      List<TestOwner.Outcome<Void>> outcomes = new ArrayList<>(appendToAll(logs, 1));
      finishTurn();
      awaitIf(true, held);
      for (int index = 2; index <= 200; index++) {
        outcomes.addAll(appendToAll(logs, index));
        finishTurn();
      }
      gathered.countDown();
      owner.runUntil(() -> outcomes.stream().allMatch(TestOwner.Outcome::isDone));
      LogStats after = storage.logStats();
      assertThat(after.entries()).isEqualTo(3_200);
      // What the first commit found, and all that gathered while it was held up.
      assertThat(after.commits() - before.commits()).isEqualTo(2);
      assertThat(after.syncs() - before.syncs()).isEqualTo(2);
      assertThat(after.largestBatch()).isGreaterThan(1_500);
      assertThat(after.backlogBytes()).isZero();
    }
  }

  @Test
  void what_all_groups_write_in_one_turn_is_never_split_over_commits() {
    try (NodeStorage storage = open("c1", "n1")) {
      List<LogStorage> logs = logs(storage, 16);
      LogStats before = storage.logStats();
      for (int index = 1; index <= 20; index++) {
        List<TestOwner.Outcome<Void>> outcomes = appendToAll(logs, index);
        owner.runUntil(() -> outcomes.stream().allMatch(TestOwner.Outcome::isDone));
      }
      assertThat(storage.logStats().commits() - before.commits()).isEqualTo(20);
    }
  }

  @Test
  void closed_storage_fails_what_comes_later() {
    NodeStorage storage = open("c1", "n1");
    LogStorage log = storage.log(1, owner);
    StateStore state = storage.state(1, owner);
    log.recover();
    state.recover();
    TestOwner.Outcome<Void> handedOver = new TestOwner.Outcome<>();
    log.persist(Logs.append(Logs.hardState(1, 1, 0), Logs.entries(1, 1, 1)), handedOver);
    finishTurn();
    storage.close();
    storage.close();
    owner.runUntil(handedOver::isDone);
    handedOver.result();
    assertRefused(Reason.CLOSED, () -> persist(log, Logs.entries(2, 2, 1)));
    assertRefused(
        Reason.CLOSED,
        () -> owner.<Void>await(callback -> state.load(List.of(Bytes.utf8("a")), callback)));
    assertRefused(
        Reason.CLOSED,
        () ->
            owner.<Void>await(
                callback ->
                    state.checkpoint(
                        new SnapshotMetadata(new EntryId(1, 1), Membership.EMPTY), callback)));
  }

  private List<LogStorage> logs(NodeStorage storage, int count) {
    List<LogStorage> logs = new ArrayList<>();
    for (int group = 0; group < count; group++) {
      LogStorage log = storage.log(group, owner);
      log.recover();
      logs.add(log);
    }
    return logs;
  }

  private static List<TestOwner.Outcome<Void>> appendToAll(List<LogStorage> logs, int index) {
    List<TestOwner.Outcome<Void>> outcomes = new ArrayList<>();
    for (LogStorage log : logs) {
      TestOwner.Outcome<Void> outcome = new TestOwner.Outcome<>();
      log.persist(Logs.append(Logs.hardState(1, 1, 0), Logs.entries(index, index, 1)), outcome);
      outcomes.add(outcome);
    }
    return outcomes;
  }

  /** Runs what waits for the owner now: the log gets what was written until here. */
  private void finishTurn() {
    AtomicBoolean finished = new AtomicBoolean();
    owner.execute(() -> finished.set(true));
    owner.runUntil(finished::get);
  }

  private static void awaitIf(boolean condition, CountDownLatch latch) {
    try {
      if (condition && !latch.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("held up for a minute");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private void persist(LogStorage log, List<LogEntry> entries) {
    owner.<Void>await(
        callback -> log.persist(Logs.append(Logs.hardState(3, 1, 0), entries), callback));
  }

  private List<LogEntry> read(LogStorage log) {
    log.recover();
    return owner.await(callback -> log.read(Logs.fetch(1, 1_000), callback));
  }

  private NodeStorage open(String cluster, String node) {
    return NodeStorage.open(path(), cluster, node, TestNode.CONFIG);
  }

  private Path path() {
    return temporary.resolve("data");
  }

  private void replaceLog(Path other) throws IOException {
    Path log = path().resolve("log");
    for (Path file : filesOf(log)) {
      Files.delete(file);
    }
    for (Path file : filesOf(other)) {
      Files.copy(file, log.resolve(file.getFileName()));
    }
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void assertRefused(Reason reason, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
