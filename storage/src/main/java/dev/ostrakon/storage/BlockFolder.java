package dev.ostrakon.storage;

import dev.ostrakon.replica.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of one environment: a folder of {@link BlockFile}s named by their addresses, and a
 * {@link SmallFile} with the highest address, so that a lost last file is noticed.
 *
 * <p>Any failure is final: what it was is kept, and every later write, read or sync fails with it.
 * Threading: one thread writes at a time, any thread reads.
 */
final class BlockFolder {

  private static final Logger LOG = LoggerFactory.getLogger(BlockFolder.class);

  private static final String SUFFIX = ".block";
  private static final String UNFINISHED = ".tmp";

  /** Every folder that was ever written has this file. */
  static final String HIGHEST = "highest";

  private final Disk disk;
  private final Path path;
  private final Layout layout;
  private final SmallFile highest;
  private final ConcurrentSkipListMap<Long, BlockFile> blocks = new ConcurrentSkipListMap<>();

  private final AtomicLong syncs = new AtomicLong();
  private final AtomicLong growths = new AtomicLong();
  private final AtomicLong bytesWritten = new AtomicLong();

  private volatile @Nullable StorageException failure;

  /**
   * What the files of an environment look like.
   *
   * @param diskId the disk that all its blocks belong to
   * @param blockBytes logical size of a full block
   * @param extentBytes how much a file grows at a time
   * @param fillsWithZeros whether a new extent is written out, so that the file system need not
   *     journal the allocation of each commit
   */
  record Layout(long diskId, int blockBytes, int extentBytes, boolean fillsWithZeros) {}

  private BlockFolder(Disk disk, Path path, Layout layout) {
    this.disk = disk;
    this.path = path;
    this.layout = layout;
    this.highest = new SmallFile(disk, path.resolve(HIGHEST));
  }

  /**
   * Opens a folder, creating it if need be, and recovers its last block.
   *
   * @throws StorageException if it cannot be read or trusted
   */
  static BlockFolder open(Disk disk, Path path, Layout layout) {
    BlockFolder folder = new BlockFolder(disk, path, layout);
    try {
      Disk.requireFolder(disk, path);
      folder.openBlocks();
    } catch (IOException e) {
      folder.closeFiles();
      throw Failures.io(path, "open", e);
    } catch (StorageException e) {
      folder.closeFiles();
      throw e;
    }
    return folder;
  }

  Disk disk() {
    return disk;
  }

  Path path() {
    return path;
  }

  long diskId() {
    return layout.diskId();
  }

  long blockBytes() {
    return layout.blockBytes();
  }

  int extentBytes() {
    return layout.extentBytes();
  }

  boolean fillsWithZeros() {
    return layout.fillsWithZeros();
  }

  /** The blocks from the one with this address on, ascending. */
  Collection<BlockFile> blocksFrom(long address) {
    return blocks.tailMap(address, true).values();
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  /** The block with this address and exactly this length, created if it does not exist. */
  BlockFile openOrCreate(long address, long length) {
    requireIntact();
    try {
      BlockFile block = blocks.get(address);
      if (block == null) {
        block = BlockFile.create(this, fileOf(address), address);
        highest.write(ByteBuffer.allocate(8).putLong(address).array());
        blocks.put(address, block);
      }
      if (block.length() != length) {
        block.truncate(Math.toIntExact(length));
      }
      if (block.length() != length) {
        throw Failures.corrupt(fileOf(address), length + " bytes", block.length() + " bytes");
      }
      return block;
    } catch (IOException e) {
      throw fail(Failures.io(fileOf(address), "write", e));
    } catch (StorageException e) {
      throw fail(e);
    }
  }

  void truncate(long address, long length) {
    requireIntact();
    BlockFile block = blocks.get(address);
    try {
      if (block != null) {
        block.truncate(Math.toIntExact(length));
      }
    } catch (IOException e) {
      throw fail(Failures.io(fileOf(address), "write", e));
    }
  }

  void remove(long address) {
    requireIntact();
    try {
      BlockFile block = blocks.remove(address);
      if (block != null) {
        if (blocks.higherKey(address) == null && !blocks.isEmpty()) {
          highest.write(ByteBuffer.allocate(8).putLong(blocks.lastKey()).array());
        }
        block.close();
        disk.delete(fileOf(address));
        disk.syncFolder(path);
      }
    } catch (IOException e) {
      throw fail(Failures.io(fileOf(address), "delete", e));
    }
  }

  void append(BlockFile block, byte[] bytes, int offset, int length) {
    requireIntact();
    try {
      block.append(bytes, offset, length);
    } catch (IOException e) {
      throw fail(Failures.io(fileOf(block.getAddress()), "write", e));
    } catch (RuntimeException | Error e) {
      throw failWith(fileOf(block.getAddress()), e);
    }
  }

  void sync(BlockFile block) {
    requireIntact();
    try {
      block.sync();
    } catch (IOException e) {
      throw fail(Failures.io(fileOf(block.getAddress()), "sync", e));
    } catch (RuntimeException | Error e) {
      throw failWith(fileOf(block.getAddress()), e);
    }
  }

  /** Remembers the first failure, which is returned from then on. */
  StorageException fail(StorageException cause) {
    StorageException first = failure;
    if (first == null) {
      failure = cause;
      first = cause;
      if (cause.reason() != StorageException.Reason.CLOSED) {
        LOG.error("storage failed folder={} reason={}", path, cause.reason(), cause);
      }
    }
    return first;
  }

  /** The same for whatever was thrown; an error of the JVM is also told to the thread's handler. */
  StorageException failWith(Path file, Throwable cause) {
    StorageException first = fail(Failures.of(file, cause));
    Failures.escalate(cause);
    return first;
  }

  /** Throws the failure that happened, if one did. */
  void requireIntact() {
    StorageException first = failure;
    if (first != null) {
      throw first;
    }
  }

  void closeFiles() {
    for (BlockFile block : blocks.values()) {
      try {
        block.close();
      } catch (IOException e) {
        fail(Failures.io(fileOf(block.getAddress()), "close", e));
      }
    }
  }

  void countSync() {
    syncs.incrementAndGet();
  }

  void countGrowth() {
    growths.incrementAndGet();
  }

  void countBytes(int count) {
    bytesWritten.addAndGet(count);
  }

  long syncs() {
    return syncs.get();
  }

  long growths() {
    return growths.get();
  }

  long bytesWritten() {
    return bytesWritten.get();
  }

  private void openBlocks() throws IOException {
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (name.endsWith(UNFINISHED)) {
        disk.delete(file);
      } else if (name.endsWith(SUFFIX)) {
        long address = addressOf(file);
        blocks.put(address, BlockFile.open(this, file, address));
      }
    }
    Map.Entry<Long, BlockFile> last = blocks.lastEntry();
    if (last != null) {
      last.getValue().recoverLast();
    }
    checkHighest();
  }

  private void checkHighest() {
    byte[] recorded = highest.readDurable().orElse(null);
    long expected = recorded == null ? -1 : ByteBuffer.wrap(recorded).getLong();
    long found = blocks.isEmpty() ? -1 : blocks.lastKey();
    boolean neverUsed =
        recorded == null && found <= 0 && blocksFrom(0).stream().allMatch(this::isNew);
    if (found < expected || (recorded == null && !neverUsed)) {
      throw Failures.corrupt(path, "block " + expected, "block " + found + " as the last one");
    }
  }

  private boolean isNew(BlockFile block) {
    return block.length() == 0;
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> listed = Files.list(path)) {
      listed.sorted().forEach(files::add);
    }
    return files;
  }

  private Path fileOf(long address) {
    return path.resolve(String.format(Locale.ROOT, "%016x%s", address, SUFFIX));
  }

  private static long addressOf(Path file) {
    String name = file.getFileName().toString();
    try {
      return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()), 16);
    } catch (NumberFormatException e) {
      throw Failures.corrupt(file, "a file name of 16 hexadecimal digits", name);
    }
  }
}
