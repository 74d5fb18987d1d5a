package dev.ostrakon.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A small file that is always replaced as a whole: the identity of a node, the pointer to a
 * generation, the highest block. A crash leaves the old or the new contents.
 *
 * <pre>
 * 4 bytes "OSSF", 4 bytes version, 4 bytes length, contents, 4 bytes CRC32C of all before it
 * </pre>
 */
final class SmallFile {

  private static final int MAGIC = 0x4F535346; // "OSSF"
  private static final int VERSION = 1;
  private static final int OVERHEAD_BYTES = 16;
  private static final int MAX_BYTES = 1 << 16; // 64 KiB
  private static final String UNFINISHED = ".tmp";

  private final Disk disk;
  private final Path path;

  SmallFile(Disk disk, Path path) {
    this.disk = disk;
    this.path = path;
  }

  /** Replaces the contents, atomically and durably. */
  void write(byte[] contents) {
    Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED);
    try {
      disk.delete(unfinished);
      try (DiskFile file = disk.create(unfinished)) {
        file.write(encode(contents), 0);
        file.sync();
      }
      disk.rename(unfinished, path);
      disk.syncFolder(Disk.parentOf(path));
    } catch (IOException e) {
      throw Failures.io(path, "write", e);
    }
  }

  /**
   * The contents, or empty if the file does not exist; written once more, since the system may show
   * a name that a failed sync of the folder has left only in memory. Before something is built on
   * it that cannot be undone.
   */
  Optional<byte[]> readDurable() {
    Optional<byte[]> contents = read();
    contents.ifPresent(this::write);
    return contents;
  }

  /** The contents, or empty if the file does not exist. */
  Optional<byte[]> read() {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (DiskFile file = disk.open(path)) {
      long size = file.size();
      if (size < OVERHEAD_BYTES || size > MAX_BYTES) {
        throw Failures.corrupt(path, "16 to 65536 bytes", size + " bytes");
      }
      byte[] stored = new byte[(int) size];
      file.read(ByteBuffer.wrap(stored), 0);
      return Optional.of(decode(stored));
    } catch (IOException e) {
      throw Failures.io(path, "read", e);
    }
  }

  private static ByteBuffer encode(byte[] contents) {
    byte[] stored = new byte[contents.length + OVERHEAD_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(stored);
    buffer.putInt(MAGIC).putInt(VERSION).putInt(contents.length).put(contents);
    buffer.putInt(checksum(stored, buffer.position()));
    return buffer.flip();
  }

  private byte[] decode(byte[] stored) {
    ByteBuffer buffer = ByteBuffer.wrap(stored);
    int end = stored.length - 4;
    if (buffer.getInt(0) != MAGIC || buffer.getInt(end) != checksum(stored, end)) {
      throw Failures.corrupt(path, "a matching checksum", "another one");
    }
    int version = buffer.getInt(4);
    if (version > VERSION) {
      throw Failures.newer(path, version, VERSION);
    }
    int length = buffer.getInt(8);
    if (length != stored.length - OVERHEAD_BYTES) {
      throw Failures.corrupt(path, stored.length - OVERHEAD_BYTES + " bytes", length + " bytes");
    }
    return Arrays.copyOfRange(stored, 12, end);
  }

  private static int checksum(byte[] bytes, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, count);
    return (int) crc.getValue();
  }
}
