package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.contract.TestOwner;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to read rows of a state that is larger than the memory for its pages. */
class StateReadCostTest {

  private static final int ROWS = 120_000;
  private static final int CHECKPOINTS = 4;
  private static final int VALUE_BYTES = 300;
  private static final int LOADS = 200;

  private final TestOwner owner = new TestOwner();
  private final RandomSource random = new RandomSource(1);
  @TempDir Path folder;

  /**
   * A tree of this size compares a key with 17 rows, of which a page that is read has few: with
   * pages of 64 KiB a load read 250 KiB, and a node with millions of keys did little else.
   */
  @Test
  void a_row_anywhere_costs_a_few_small_reads() {
    HookedDisk disk = new HookedDisk(new SystemDisk());
    try (TestNode node = new TestNode(disk, folder.resolve("n1"))) {
      StateStore state = node.state(1, owner);
      state.recover();
      fill(state);
      loadSome(state); // Each file is checked as a whole when it is first read.

      long before = disk.bytesRead();
      loadSome(state);

      assertThat((disk.bytesRead() - before) / LOADS).isBetween(1L, 64L << 10);
    }
  }

  private void fill(StateStore state) {
    Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
    for (int checkpoint = 1; checkpoint <= CHECKPOINTS; checkpoint++) {
      for (int row = checkpoint; row < ROWS; row += CHECKPOINTS) {
        state.put(key(row), value);
      }
      SnapshotMetadata at = new SnapshotMetadata(new EntryId(1, checkpoint), Membership.EMPTY);
      owner.<Void>await(callback -> state.checkpoint(at, callback));
    }
  }

  private void loadSome(StateStore state) {
    for (int i = 0; i < LOADS; i++) {
      Bytes key = key(random.nextInt(ROWS));
      owner.<Void>await(callback -> state.load(List.of(key), callback));
    }
  }

  /** Neighbours in number lie anywhere in order. */
  private static Bytes key(int row) {
    long spread = row * 0x9E3779B97F4A7C15L;
    return Bytes.wrap(
        ByteBuffer.allocate(16).putLong(spread ^ (spread >>> 32)).putLong(row).array());
  }
}
