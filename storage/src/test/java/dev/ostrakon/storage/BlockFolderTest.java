package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.StorageException.Reason;
import dev.ostrakon.replica.contract.Logs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks and their frames: what comes back is what was written, or an error. */
class BlockFolderTest {

  private static final int BLOCK_BYTES = 256 << 10; // 256 KiB
  private static final BlockFolder.Layout LAYOUT =
      new BlockFolder.Layout(77, BLOCK_BYTES, 32 << 10, true);
  private static final BlockFolder.Layout SPARSE =
      new BlockFolder.Layout(77, BLOCK_BYTES, 32 << 10, false);

  @TempDir Path temporary;

  private final Disk disk = new SystemDisk();

  @Test
  void what_was_written_is_read_back_in_any_cut() {
    RandomSource random = new RandomSource(5);
    BlockFolder folder = BlockFolder.open(disk, path(), LAYOUT);
    byte[] written = fill(folder, 0, random, BLOCK_BYTES);
    BlockFile block = folder.openOrCreate(0, BLOCK_BYTES);
    for (int i = 0; i < 300; i++) {
      int from = random.nextInt(BLOCK_BYTES);
      int count = random.nextInt(70_000);
      byte[] read = new byte[count + 3];
      int length = block.read(read, from, 3, count);
      assertThat(length).isEqualTo(Math.min(count, BLOCK_BYTES - from));
      assertThat(Arrays.copyOfRange(read, 3, 3 + length))
          .isEqualTo(Arrays.copyOfRange(written, from, from + length));
    }
    folder.closeFiles();
    assertThat(reopenedBytes(path())).isEqualTo(written);
  }

  @Test
  void truncated_block_goes_on_where_it_was_cut() {
    RandomSource random = new RandomSource(6);
    BlockFolder folder = BlockFolder.open(disk, path(), LAYOUT);
    byte[] written = fill(folder, 0, random, 100_000);
    folder.truncate(0, 54_321);
    BlockFile block = folder.openOrCreate(0, 54_321);
    byte[] more = Logs.randomBytes(random, 5_000).toByteArray();
    folder.append(block, more, 0, more.length);
    folder.sync(block);
    folder.closeFiles();

    byte[] expected = Arrays.copyOf(written, 54_321 + 5_000);
    System.arraycopy(more, 0, expected, 54_321, 5_000);
    assertThat(reopenedBytes(path())).isEqualTo(expected);
  }

  @Test
  void full_block_is_written_on_after_the_one_behind_it_was_removed() {
    RandomSource random = new RandomSource(7);
    BlockFolder folder = BlockFolder.open(disk, path(), LAYOUT);
    byte[] written = fill(folder, 0, random, BLOCK_BYTES);
    fill(folder, BLOCK_BYTES, random, 10_000);
    folder.closeFiles();

    // The process was killed in the middle of a commit that began in the first block.
    BlockFolder reopened = BlockFolder.open(disk, path(), LAYOUT);
    int kept = BLOCK_BYTES - 1_000;
    reopened.remove(BLOCK_BYTES);
    BlockFile block = reopened.openOrCreate(0, kept);
    byte[] more = Logs.randomBytes(random, 500).toByteArray();
    reopened.append(block, more, 0, more.length);
    reopened.sync(block);
    reopened.closeFiles();

    byte[] expected = Arrays.copyOf(written, kept + more.length);
    System.arraycopy(more, 0, expected, kept, more.length);
    assertThat(reopenedBytes(path())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void power_cut_leaves_everything_synced_and_nothing_invented(long seed) throws IOException {
    RandomSource random = new RandomSource(seed);
    LossyDisk lossy = new LossyDisk(path());
    BlockFolder folder = BlockFolder.open(lossy, path(), seed % 2 == 0 ? LAYOUT : SPARSE);
    BlockFile block = folder.openOrCreate(0, 0);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    int synced = 0;
    for (int step = 0; written.size() < BLOCK_BYTES - 50_000; step++) {
      Bytes part = Logs.randomBytes(random, 1 + random.nextInt(random.chance(0.2) ? 20_000 : 400));
      folder.append(block, part.sharedArray(), 0, part.size());
      written.writeBytes(part.sharedArray());
      if (random.chance(0.4)) {
        folder.sync(block);
        synced = written.size();
      }
      if (random.chance(0.3)) {
        Path image = temporary.resolve("image" + step);
        lossy.image(image, random);
        byte[] found = reopenedBytes(image);
        assertThat(found.length).isGreaterThanOrEqualTo(synced);
        assertThat(found).isEqualTo(Arrays.copyOf(written.toByteArray(), found.length));
      }
    }
    folder.closeFiles();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void power_cut_while_a_block_is_truncated_leaves_what_was_kept(long seed) {
    RandomSource random = new RandomSource(seed);
    LossyDisk lossy = new LossyDisk(path());
    HookedDisk hooked = new HookedDisk(lossy);
    BlockFolder killed = BlockFolder.open(hooked, path(), LAYOUT);
    byte[] kept = fill(killed, 0, random, 20_000);
    // Nobody was told of this: it lies behind the last sync.
    BlockFile torn = killed.openOrCreate(0, kept.length);
    for (int i = 0; i < 20; i++) {
      killed.append(torn, Logs.randomBytes(random, 300).toByteArray(), 0, 300);
    }
    BlockFolder folder = BlockFolder.open(hooked, path(), LAYOUT);
    int[] images = {0};
    hooked.setHook(
        (operation, file) -> {
          for (int attempt = 0; attempt < 30; attempt++) {
            Path image = temporary.resolve("image" + images[0]++);
            lossy.image(image, random);
            byte[] found = reopenedBytes(image);
            assertThat(found.length).isGreaterThanOrEqualTo(kept.length);
            assertThat(Arrays.copyOf(found, kept.length)).isEqualTo(kept);
          }
        });
    folder.truncate(0, kept.length + 450);
    assertThat(images[0]).isPositive();
    hooked.setHook((operation, file) -> {});
    killed.closeFiles();
    folder.closeFiles();
    assertThat(reopenedBytes(path())).hasSize(kept.length + 450);
  }

  @Test
  void what_is_found_after_a_crash_of_the_process_is_made_durable() {
    LossyDisk lossy = new LossyDisk(path());
    BlockFolder killed = BlockFolder.open(lossy, path(), LAYOUT);
    BlockFile block = killed.openOrCreate(0, 0);
    killed.append(block, new byte[1_000], 0, 1_000);
    assertThat(lossy.hasUnsynced(file -> true)).isTrue();

    BlockFolder reopened = BlockFolder.open(lossy, path(), LAYOUT);
    assertThat(reopened.openOrCreate(0, 1_000).length()).isEqualTo(1_000);
    assertThat(lossy.hasUnsynced(file -> true)).isFalse();
    killed.closeFiles();
    reopened.closeFiles();
  }

  @Test
  void block_has_its_size_durably_before_anything_is_written_into_it() throws IOException {
    LossyDisk lossy = new LossyDisk(path());
    BlockFolder folder = BlockFolder.open(lossy, path(), SPARSE);
    BlockFile block = folder.openOrCreate(0, 0);
    byte[] part = new byte[60_000];
    folder.append(block, part, 0, part.length);
    for (int attempt = 0; attempt < 20; attempt++) {
      Path image = temporary.resolve("image" + attempt);
      lossy.image(image, new RandomSource(attempt));
      long size = Files.size(image.resolve("0000000000000000.block"));
      assertThat(size).isGreaterThan(60_000).isEqualTo(512 + 2 * SPARSE.extentBytes());
    }
    folder.closeFiles();
  }

  @Test
  void block_is_durable_before_it_is_recorded_as_the_highest() {
    LossyDisk lossy = new LossyDisk(path());
    HookedDisk hooked = new HookedDisk(lossy);
    int[] checks = {0};
    hooked.setHook(
        (operation, file) -> {
          if (operation == HookedDisk.Operation.CREATE && file.endsWith("highest.tmp")) {
            checks[0]++;
            assertThat(lossy.hasUnsynced(other -> other.toString().endsWith(".block"))).isFalse();
          }
        });
    BlockFolder folder = BlockFolder.open(hooked, path(), LAYOUT);
    fill(folder, 0, new RandomSource(1), BLOCK_BYTES);
    fill(folder, BLOCK_BYTES, new RandomSource(2), 1_000);
    assertThat(checks[0]).isEqualTo(2);
    folder.closeFiles();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void flipped_bit_is_noticed_or_does_not_matter(long seed) throws IOException {
    RandomSource random = new RandomSource(seed);
    byte[] written = twoBlocks(random);
    for (Path file : blockFiles()) {
      byte[] intact = Files.readAllBytes(file);
      for (int i = 0; i < 150; i++) {
        byte[] damaged = intact.clone();
        int tail = random.chance(0.3) ? 48_000 : intact.length;
        damaged[random.nextInt(Math.min(tail, intact.length))] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, damaged);
        assertIntactOrRefused(written);
      }
      Files.write(file, intact);
    }
    assertThat(reopenedBytes(path())).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void file_that_was_cut_is_noticed_or_does_not_matter(long seed) throws IOException {
    RandomSource random = new RandomSource(seed);
    byte[] written = twoBlocks(random);
    for (Path file : blockFiles()) {
      byte[] intact = Files.readAllBytes(file);
      for (int i = 0; i < 100; i++) {
        int aligned = 512 + LAYOUT.extentBytes() * random.nextInt(9);
        int length = random.chance(0.3) ? aligned : random.nextInt(intact.length);
        Files.write(file, Arrays.copyOf(intact, Math.min(length, intact.length)));
        assertIntactOrRefused(written);
      }
      Files.write(file, intact);
    }
  }

  @Test
  void sectors_that_turned_into_zeros_before_the_last_sync_are_noticed() throws IOException {
    RandomSource random = new RandomSource(9);
    byte[] written = twoBlocks(random);
    for (Path file : blockFiles()) {
      byte[] intact = Files.readAllBytes(file);
      for (int i = 0; i < 60; i++) {
        byte[] damaged = intact.clone();
        int sector = 1 + random.nextInt(60);
        Arrays.fill(damaged, sector * 512, (sector + 1 + random.nextInt(8)) * 512, (byte) 0);
        Files.write(file, damaged);
        assertThatThrownBy(() -> reopenedBytes(path()))
            .isInstanceOfSatisfying(
                StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT));
      }
      Files.write(file, intact);
    }
    assertThat(reopenedBytes(path())).isEqualTo(written);
  }

  @Test
  void damage_of_a_last_frame_full_of_zeros_is_not_taken_for_a_torn_write() throws IOException {
    BlockFolder folder = BlockFolder.open(disk, path(), LAYOUT);
    BlockFile block = folder.openOrCreate(0, 0);
    folder.append(block, new byte[5_000], 0, 5_000);
    folder.sync(block);
    folder.closeFiles();
    Path file = blockFiles().get(0);
    byte[] damaged = Files.readAllBytes(file);
    damaged[600] ^= 4;
    Files.write(file, damaged);
    assertReason(Reason.CORRUPT);
  }

  @Test
  void lost_last_file_is_noticed() throws IOException {
    twoBlocks(new RandomSource(3));
    Files.delete(blockFiles().get(1));
    assertReason(Reason.CORRUPT);
  }

  @Test
  void lost_record_of_the_highest_block_is_noticed() throws IOException {
    twoBlocks(new RandomSource(3));
    Files.delete(path().resolve("highest"));
    assertReason(Reason.CORRUPT);
  }

  @Test
  void block_of_another_disk_is_refused() {
    twoBlocks(new RandomSource(3));
    BlockFolder.Layout other = new BlockFolder.Layout(78, BLOCK_BYTES, 32 << 10, true);
    assertThatThrownBy(() -> BlockFolder.open(disk, path(), other))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FOREIGN_DISK));
  }

  @Test
  void block_under_the_name_of_another_is_refused() throws IOException {
    twoBlocks(new RandomSource(3));
    Files.copy(blockFiles().get(0), path().resolve("0000000000080000.block"));
    assertReason(Reason.CORRUPT);
  }

  @Test
  void newer_block_is_refused() throws IOException {
    twoBlocks(new RandomSource(3));
    byte[] header = new byte[28];
    try (RandomAccessFile file = new RandomAccessFile(blockFiles().get(0).toFile(), "rw")) {
      file.readFully(header);
      ByteBuffer.wrap(header).putInt(8, 2);
      CRC32C crc = new CRC32C();
      crc.update(header);
      file.seek(0);
      file.write(header);
      file.writeInt((int) crc.getValue());
    }
    assertReason(Reason.NEWER_FORMAT);
  }

  @Test
  void failed_sync_is_final() {
    HookedDisk hooked = new HookedDisk(disk);
    BlockFolder folder = BlockFolder.open(hooked, path(), LAYOUT);
    BlockFile block = folder.openOrCreate(0, 0);
    folder.append(block, new byte[10], 0, 10);
    hooked.failOn(HookedDisk.Operation.SYNC, "Input/output error");
    assertThatThrownBy(() -> folder.sync(block)).isInstanceOf(StorageException.class);
    hooked.setHook((operation, file) -> {});
    assertThatThrownBy(() -> folder.sync(block))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO_ERROR));
    assertThatThrownBy(() -> folder.append(block, new byte[10], 0, 10))
        .isInstanceOf(StorageException.class);
    folder.closeFiles();
  }

  private void assertReason(Reason reason) {
    assertThatThrownBy(() -> BlockFolder.open(disk, path(), LAYOUT))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private void assertIntactOrRefused(byte[] written) {
    byte[] found;
    try {
      found = reopenedBytes(path());
    } catch (StorageException e) {
      assertThat(e.reason()).isIn(Reason.CORRUPT, Reason.FOREIGN_DISK, Reason.NEWER_FORMAT);
      return;
    }
    assertThat(found).isEqualTo(written);
  }

  private byte[] twoBlocks(RandomSource random) {
    BlockFolder folder = BlockFolder.open(new LossyDisk(path()), path(), LAYOUT);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    written.writeBytes(fill(folder, 0, random, BLOCK_BYTES));
    written.writeBytes(fill(folder, BLOCK_BYTES, random, 47_000 + random.nextInt(90_000)));
    folder.closeFiles();
    return written.toByteArray();
  }

  /** Fills a block with random frames and syncs, and returns what it holds. */
  private static byte[] fill(BlockFolder folder, long address, RandomSource random, int length) {
    BlockFile block = folder.openOrCreate(address, 0);
    byte[] bytes = Logs.randomBytes(random, length).toByteArray();
    Arrays.fill(bytes, length / 3, Math.min(length, length / 3 + 3_000), (byte) 0);
    int from = 0;
    while (from < length) {
      int count = Math.min(length - from, 1 + random.nextInt(random.chance(0.1) ? 60_000 : 900));
      folder.append(block, bytes, from, count);
      from += count;
      if (random.chance(0.5) || from == length) {
        folder.sync(block);
      }
    }
    return bytes;
  }

  private static byte[] reopenedBytes(Path path) {
    // Its syncs cost nothing.
    BlockFolder folder = BlockFolder.open(new LossyDisk(path), path, LAYOUT);
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    try {
      for (BlockFile block : folder.blocksFrom(0)) {
        byte[] bytes = new byte[(int) block.length()];
        block.read(bytes, 0, 0, bytes.length);
        found.writeBytes(bytes);
      }
    } finally {
      folder.closeFiles();
    }
    return found.toByteArray();
  }

  private List<Path> blockFiles() throws IOException {
    try (Stream<Path> files = Files.list(path())) {
      return files.filter(file -> file.toString().endsWith(".block")).sorted().toList();
    }
  }

  private Path path() {
    return temporary.resolve("blocks");
  }
}
