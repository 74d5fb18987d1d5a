package dev.ostrakon.storage;

import dev.ostrakon.replica.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import jetbrains.exodus.io.Block;
import org.jspecify.annotations.Nullable;

/**
 * One block of an environment: an append-only file of checksummed {@link Frame}s.
 *
 * <pre>
 * 512 bytes  header: 8 bytes "OSTBLOCK", 4 version, 8 disk id, 8 address, 4 CRC32C, zeros
 * frames     one after the other
 * zeros      up to the end of the file, at least one frame header long
 * </pre>
 *
 * <p>The engine above checks nothing that it reads; everything that it gets from here has been
 * checked. Threading: one thread writes, any thread reads.
 */
final class BlockFile implements Block {

  static final int HEADER_BYTES = Frame.SECTOR_BYTES;
  static final int VERSION = 1;

  private static final long MAGIC = 0x4F5354424C4F434BL; // "OSTBLOCK"
  private static final int CHECKED_HEADER_BYTES = 28;
  private static final int ZERO_CHUNK_BYTES = 1 << 16; // 64 KiB
  private static final int COPY_CHUNK_BYTES = 1 << 20; // 1 MiB

  private final BlockFolder folder;
  private final Path path;
  private final long address;

  /** Another file under the same name once the block was copied, see {@link #recoverLast}. */
  private volatile DiskFile file;

  /** Loaded when first needed: reading a block the first time checks all of it. */
  private volatile @Nullable FrameIndex index;

  /** Size of the file. Invariant: at least one frame header beyond the last frame. */
  private int allocated;

  /** Up to here the file is known to be durable. */
  private int synced = HEADER_BYTES;

  private boolean dirty;
  private byte[] staging = new byte[0];

  private BlockFile(BlockFolder folder, Path path, long address, DiskFile file) {
    this.folder = folder;
    this.path = path;
    this.address = address;
    this.file = file;
  }

  /** Creates an empty block; it appears under its name only when it is complete and durable. */
  static BlockFile create(BlockFolder folder, Path path, long address) throws IOException {
    Path unfinished = unfinished(path);
    folder.disk().delete(unfinished);
    DiskFile file = folder.disk().create(unfinished);
    BlockFile block = new BlockFile(folder, path, address, file);
    file.write(block.header(), 0);
    block.allocated = HEADER_BYTES;
    block.grow();
    block.index = new FrameIndex(HEADER_BYTES);
    folder.disk().rename(unfinished, path);
    folder.disk().syncFolder(folder.path());
    return block;
  }

  /** Opens an existing block and checks its header. */
  static BlockFile open(BlockFolder folder, Path path, long address) throws IOException {
    BlockFile block = new BlockFile(folder, path, address, folder.disk().open(path));
    block.checkHeader();
    // Also for a complete block: it is written again when the one behind it goes after a crash.
    block.allocated = Math.toIntExact(block.file.size());
    return block;
  }

  /**
   * Finds the end of the last block and replaces the file by a copy without what a crash left
   * behind the end.
   *
   * <p>Hazard: after a sync that failed the operating system takes what it could not write for
   * written. It still shows it to whoever reads, also to this process after a restart, and another
   * sync of the same file succeeds without writing it. So nothing of the file counts before it was
   * written once more, into a file of which no write has failed.
   */
  void recoverLast() throws IOException {
    FrameIndex found = scan().scanLast(folder.extentBytes());
    int tail = found.physicalEnd();
    Path unfinished = unfinished(path);
    folder.disk().delete(unfinished);
    DiskFile copy = folder.disk().create(unfinished);
    try {
      copyTo(copy, tail);
      copy.sync();
      folder.disk().rename(unfinished, path);
      folder.disk().syncFolder(folder.path());
    } catch (IOException e) {
      copy.close();
      throw e;
    }
    DiskFile original = file;
    file = copy;
    original.close();
    synced = tail;
    index = found;
  }

  /** Writes everything up to an end into another file, and zeros up to where this one ends. */
  private void copyTo(DiskFile copy, int end) throws IOException {
    byte[] chunk = new byte[Math.min(end, COPY_CHUNK_BYTES)];
    for (int from = 0; from < end; from += chunk.length) {
      int count = Math.min(chunk.length, end - from);
      file.read(ByteBuffer.wrap(chunk, 0, count), from);
      copy.write(ByteBuffer.wrap(chunk, 0, count), from);
    }
    if (folder.fillsWithZeros()) {
      writeZeros(copy, end, allocated);
    } else {
      copy.write(ByteBuffer.allocate(1), allocated - 1);
    }
  }

  private static Path unfinished(Path path) {
    return path.resolveSibling(path.getFileName() + ".tmp");
  }

  @Override
  public long getAddress() {
    return address;
  }

  @Override
  public long length() {
    FrameIndex loaded = index;
    return loaded == null ? folder.blockBytes() : loaded.logicalEnd();
  }

  @Override
  public Block refresh() {
    return this;
  }

  @Override
  public int read(byte[] output, long position, int offset, int count) {
    try {
      FrameIndex loaded = index();
      int from = Math.toIntExact(position);
      int to = (int) Math.min(position + count, loaded.logicalEnd());
      if (from < to) {
        copy(loaded.extent(from, to), from, to, output, offset);
      }
      return Math.max(to - from, 0);
    } catch (IOException e) {
      throw folder.fail(Failures.io(path, "read", e));
    } catch (RuntimeException | Error e) { // The engine may take it for the end of the log.
      throw folder.failWith(path, e);
    }
  }

  void append(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, Frame.MAX_PAYLOAD_BYTES);
      appendFrame(bytes, offset + done, part);
      done += part;
    }
  }

  void sync() throws IOException {
    if (dirty) {
      file.sync();
      folder.countSync();
      dirty = false;
      synced = index().physicalEnd();
    }
  }

  /** Cuts the block to this logical length; what is cut was never acknowledged. */
  void truncate(int length) throws IOException {
    FrameIndex loaded = index();
    if (length >= loaded.logicalEnd()) {
      return;
    }
    FrameIndex.Extent cut = loaded.extent(length, length + 1);
    byte[] prefix = new byte[length - cut.logicalFrom()];
    read(prefix, cut.logicalFrom(), 0, prefix.length);
    int end = loaded.physicalEnd();
    loaded.dropFrom(length);
    writeZeros(file, cut.physicalFrom(), end);
    file.sync();
    append(prefix, 0, prefix.length);
    dirty = true;
    synced = Math.min(synced, cut.physicalFrom());
    sync();
  }

  void close() throws IOException {
    file.close();
  }

  private void appendFrame(byte[] bytes, int from, int length) throws IOException {
    FrameIndex loaded = index();
    int at = loaded.physicalEnd();
    int stored = Frame.storedBytes(length);
    while (at + stored + Frame.HEADER_BYTES > allocated) {
      grow();
    }
    if (staging.length < Frame.HEADER_BYTES + length) {
      staging = new byte[Frame.HEADER_BYTES + length];
    }
    Frame.Place place = new Frame.Place(folder.diskId(), address, loaded.logicalEnd());
    Frame.encode(staging, place, synced, bytes, from, length);
    file.write(ByteBuffer.wrap(staging, 0, Frame.HEADER_BYTES + length), at);
    dirty = true;
    loaded.add(length);
    folder.countBytes(stored);
  }

  /** Adds one extent of zeros, durably, before anything is written into it. */
  private void grow() throws IOException {
    int target = Math.addExact(allocated, folder.extentBytes());
    if (folder.fillsWithZeros()) {
      writeZeros(file, allocated, target);
    } else {
      file.write(ByteBuffer.allocate(1), target - 1);
    }
    file.sync();
    folder.countGrowth();
    allocated = target;
  }

  private void copy(FrameIndex.Extent extent, int from, int to, byte[] output, int offset)
      throws IOException {
    byte[] stored = new byte[extent.physicalTo() - extent.physicalFrom()];
    file.read(ByteBuffer.wrap(stored), extent.physicalFrom());
    int at = 0;
    int logical = extent.logicalFrom();
    while (logical < to) {
      Frame.Place place = new Frame.Place(folder.diskId(), address, logical);
      if (!Frame.isValid(stored, at, stored.length - at, place)) {
        throw Failures.corrupt(
            path, "an undamaged frame at " + (extent.physicalFrom() + at), "a failed checksum");
      }
      int length = Frame.length(stored, at);
      int skip = Math.max(from - logical, 0);
      int end = Math.min(length, to - logical);
      Frame.copyPayload(stored, at, skip, output, offset + logical + skip - from, end - skip);
      logical += length;
      at += Frame.storedBytes(length);
    }
  }

  private FrameIndex index() throws IOException {
    FrameIndex loaded = index;
    if (loaded == null) {
      loaded = scan().scanComplete(Math.toIntExact(folder.blockBytes()));
      index = loaded;
    }
    return loaded;
  }

  private FrameScan scan() throws IOException {
    return new FrameScan(file, path, folder.diskId(), address);
  }

  private static void writeZeros(DiskFile file, int from, int to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(to - from, ZERO_CHUNK_BYTES));
    // Backwards, so that a crash in between leaves no gap in front of something that looks valid.
    int end = to;
    while (end > from) {
      int start = Math.max(end - zeros.capacity(), from);
      file.write(zeros.clear().limit(end - start), start);
      end = start;
    }
  }

  private ByteBuffer header() {
    byte[] bytes = new byte[HEADER_BYTES];
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putLong(MAGIC).putInt(VERSION).putLong(folder.diskId()).putLong(address);
    header.putInt(checksum(bytes));
    return header.position(0);
  }

  private void checkHeader() throws IOException {
    byte[] bytes = new byte[HEADER_BYTES];
    ByteBuffer header = ByteBuffer.wrap(bytes);
    file.read(header, 0);
    boolean intact = header.getInt(CHECKED_HEADER_BYTES) == checksum(bytes);
    if (!intact || header.getLong(0) != MAGIC || header.getLong(20) != address) {
      throw Failures.corrupt(path, "the header of block " + address, "another one");
    }
    if (header.getInt(8) > VERSION) {
      throw Failures.newer(path, header.getInt(8), VERSION);
    }
    if (header.getLong(12) != folder.diskId()) {
      throw new StorageException(
          StorageException.Reason.FOREIGN_DISK,
          path + " belongs to another disk: put back the files of this node");
    }
  }

  private static int checksum(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, CHECKED_HEADER_BYTES);
    return (int) crc.getValue();
  }
}
