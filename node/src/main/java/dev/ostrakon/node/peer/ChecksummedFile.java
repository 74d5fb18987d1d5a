package dev.ostrakon.node.peer;

import dev.ostrakon.replica.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A small text file that is replaced as a whole: a header that says what it is and in which
 * version, lines, and a checksum. Blocking: to be used off the event loops, by one thread at a
 * time.
 */
public final class ChecksummedFile {
  private static final String CHECKSUM = "crc32c ";

  private static final String ADVICE =
      "; nothing that was acknowledged is lost; check the disk and its rights, delete nothing in"
          + " the node's folder, and restart the node";

  private final Path file;
  private final String header;

  /**
   * The file at a path, there or not.
   *
   * @param header the first line: a name and the version of the format
   */
  public ChecksummedFile(Path file, String header) {
    this.file = file;
    this.header = header;
  }

  /** Whether it has ever been written. */
  public boolean exists() {
    return Files.exists(file);
  }

  /**
   * Replaces the lines, durably.
   *
   * @throws StorageException if that fails
   */
  public void write(List<String> contents) {
    List<String> lines = new ArrayList<>();
    lines.add(header);
    lines.addAll(contents);
    lines.add(CHECKSUM + checksum(lines));
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncFolder();
    } catch (IOException e) {
      throw new StorageException(
          StorageException.Reason.IO_ERROR,
          "cannot write " + file + ": " + e.getMessage() + ADVICE,
          e);
    }
  }

  /** Without this the rename itself may be lost in a power cut. */
  private void syncFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }

  /**
   * The lines.
   *
   * @throws StorageException if they cannot be read or trusted
   */
  public List<String> read() {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StorageException(
          StorageException.Reason.IO_ERROR,
          "cannot read " + file + ": " + e.getMessage() + ADVICE,
          e);
    }
    int last = lines.size() - 1;
    if (last < 1 || !lines.get(last).equals(CHECKSUM + checksum(lines.subList(0, last)))) {
      throw corrupt("its checksum does not hold");
    }
    if (!lines.get(0).equals(header)) {
      throw new StorageException(
          StorageException.Reason.NEWER_FORMAT,
          file
              + ": expected '"
              + header
              + "', was '"
              + lines.get(0)
              + "': nothing is lost; run the version that wrote it");
    }
    return lines.subList(1, last);
  }

  /** The exception for lines that make no sense. */
  public StorageException corrupt(String what) {
    return new StorageException(
        StorageException.Reason.CORRUPT, file + ": " + what + StorageException.DAMAGE_ADVICE);
  }

  private static String checksum(List<String> lines) {
    CRC32C crc = new CRC32C();
    crc.update(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
