package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.contract.LogModel;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.TestOwner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Power cuts at random moments that lose a random part of what was not synced: whatever was
 * acknowledged is there afterwards, and nothing that is there was never written.
 */
class PowerLossTest {

  private static final int GROUPS = 3;
  private static final int CUTS = 12;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void acknowledged_writes_survive_power_cuts(long seed) throws IOException {
    RandomSource random = new RandomSource(seed);
    TestOwner owner = new TestOwner();
    Path live = folder.resolve("live");
    LossyDisk disk = new LossyDisk(live);
    NodeStorage storage = TestNode.open(disk, live.resolve("n1"));
    List<GroupUnderTest> groups = new ArrayList<>();
    for (int group = 1; group <= GROUPS; group++) {
      groups.add(new GroupUnderTest(storage, group, owner, random.fork("group" + group)));
    }
    for (int cut = 1; cut <= CUTS; cut++) {
      int steps = random.nextInt(60);
      for (int step = 0; step < steps; step++) {
        groups.get(random.nextInt(GROUPS)).step();
      }
      int fewest = random.nextInt(4);
      owner.runUntil(() -> groups.stream().allMatch(group -> group.pending() <= fewest));
      verifyAfterCut(disk, groups, folder.resolve("cut" + cut), random);
    }
    owner.runUntil(() -> groups.stream().allMatch(group -> group.pending() == 0));
    storage.close();
  }

  private static void verifyAfterCut(
      LossyDisk disk, List<GroupUnderTest> groups, Path image, RandomSource random)
      throws IOException {
    // Acknowledged is what was before the image, written is what was after it.
    List<GroupUnderTest.Progress> acknowledged =
        groups.stream().map(GroupUnderTest::acknowledged).toList();
    disk.image(image, random);
    TestOwner owner = new TestOwner();
    try (TestNode node = new TestNode(image.resolve("n1"))) {
      for (int i = 0; i < groups.size(); i++) {
        groups.get(i).verify(node, owner, acknowledged.get(i));
      }
    }
  }

  /** One group: its stores, what they must contain, and how much of it was acknowledged. */
  private static final class GroupUnderTest {

    private final long group;
    private final RandomSource random;
    private final LogStorage log;
    private final StateStore state;
    private final LogModel model;

    /** The log after each write; the first one is empty. */
    private final List<RecoveredLog> logs = new ArrayList<>(List.of(RecoveredLog.EMPTY));

    private final List<List<LogEntry>> entries = new ArrayList<>(List.of(List.of()));

    /** The state of each checkpoint; the first one is empty. */
    private final List<TreeMap<Bytes, Bytes>> checkpoints =
        new ArrayList<>(List.of(new TreeMap<>()));

    private final TreeMap<Bytes, Bytes> rows = new TreeMap<>();
    private int pendingWrites;
    private int durableWrites;
    private int durableCheckpoints;
    private boolean checkpointing;

    record Progress(int writes, int checkpoints) {}

    GroupUnderTest(NodeStorage storage, long group, TestOwner owner, RandomSource random) {
      this.group = group;
      this.random = random;
      this.model = new LogModel(random.fork("log"), 3_000);
      this.log = storage.log(group, owner);
      this.state = storage.state(group, owner);
      log.recover();
      state.recover();
    }

    int pending() {
      return pendingWrites + (checkpointing ? 1 : 0);
    }

    Progress acknowledged() {
      return new Progress(durableWrites, durableCheckpoints);
    }

    void step() {
      if (random.chance(0.7)) {
        write();
      } else if (random.chance(0.2) && !checkpointing) {
        checkpoint();
      } else {
        Bytes key = Bytes.utf8("key" + random.nextInt(50));
        Bytes value = Logs.randomBytes(random, random.nextInt(2_000));
        state.put(key, value);
        rows.put(key, value);
      }
    }

    private void write() {
      LogWrite write = model.nextWrite();
      logs.add(model.recovered());
      entries.add(model.entries());
      int number = logs.size() - 1;
      pendingWrites++;
      log.persist(
          write,
          done(
              () -> {
                pendingWrites--;
                durableWrites = write.mustSync() ? number : durableWrites;
              }));
    }

    private void checkpoint() {
      checkpoints.add(new TreeMap<>(rows));
      int number = checkpoints.size() - 1;
      checkpointing = true;
      state.checkpoint(
          new SnapshotMetadata(new EntryId(1, number), Membership.EMPTY),
          done(
              () -> {
                checkpointing = false;
                durableCheckpoints = number;
              }));
    }

    void verify(TestNode node, TestOwner other, Progress acknowledged) {
      LogStorage found = node.log(group, other);
      RecoveredLog recovered = found.recover();
      List<LogEntry> stored =
          other.await(
              callback -> found.read(Logs.fetch(recovered.base().index() + 1, 1L << 40), callback));
      boolean matches = false;
      for (int number = acknowledged.writes(); number < logs.size() && !matches; number++) {
        matches = isSame(recovered, logs.get(number)) && stored.equals(entries.get(number));
      }
      assertThat(matches).as("group %d has some log since %s", group, acknowledged).isTrue();

      StateStore store = node.state(group, other);
      int index = (int) store.recover().index();
      assertThat(index).isBetween(acknowledged.checkpoints(), checkpoints.size() - 1);
      ScanPage page =
          other.await(
              callback ->
                  store.scan(
                      new ScanRequest(Bytes.EMPTY, Bytes.EMPTY, 1 << 20, 1 << 30), callback));
      TreeMap<Bytes, Bytes> read = new TreeMap<>();
      for (Row row : page.rows()) {
        read.put(row.key(), row.value());
      }
      assertThat(read).isEqualTo(checkpoints.get(index));
    }

    private static boolean isSame(RecoveredLog left, RecoveredLog right) {
      return left.base().equals(right.base())
          && left.lastIndex() == right.lastIndex()
          && left.termStarts().equals(right.termStarts())
          && left.hardState().term() == right.hardState().term()
          && left.hardState().votedFor().equals(right.hardState().votedFor());
    }

    private static Callback<Void> done(Runnable note) {
      return new Callback<>() {
        @Override
        public void succeeded(Void value) {
          note.run();
        }

        @Override
        public void failed(StorageException cause) {
          throw cause;
        }
      };
    }
  }
}
