package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.replica.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
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
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;

/**
 * Keeps the disks of the peers, and whether all of them have once welcomed this node's own, in a
 * small text file, which is replaced as a whole.
 *
 * <p>Threading: any event loop may ask. Only one worker thread writes; known disks are looked up
 * without it.
 */
public final class FilePeerDisks implements PeerDisks {

  private static final String HEADER = "ostrakon-peer-disks 1";
  private static final String WELCOMED = "welcomed-by-all";
  private static final String CHECKSUM = "crc32c ";

  /** What the file says. */
  private record Contents(SortedMap<NodeId, String> disks, boolean welcomed) {}

  private final Path file;
  private final Map<NodeId, String> known;
  private final AtomicBoolean welcomed;
  private final WorkerExecutor writer;

  private FilePeerDisks(Path file, Contents contents, WorkerExecutor writer) {
    this.file = file;
    this.known = new ConcurrentHashMap<>(contents.disks());
    this.welcomed = new AtomicBoolean(contents.welcomed());
    this.writer = writer;
  }

  /**
   * Reads the file, if there is one. Blocking: call it off the event loops.
   *
   * @throws StorageException if the file cannot be read or trusted
   */
  public static FilePeerDisks open(Vertx vertx, Path file) {
    Contents contents = Files.exists(file) ? read(file) : new Contents(new TreeMap<>(), false);
    return new FilePeerDisks(file, contents, vertx.createSharedWorkerExecutor("disks " + file, 1));
  }

  @Override
  public Future<Boolean> isDiskOf(NodeId node, String diskId) {
    String disk = known.get(node);
    return disk != null
        ? Future.succeededFuture(disk.equals(diskId))
        : writer.executeBlocking(() -> remember(node, diskId).equals(diskId));
  }

  /**
   * Whether every peer has once welcomed this node with the disk that it has. Until then it may be
   * an old node that lost its disk, and must not vote.
   */
  public boolean isWelcomedByAll() {
    return welcomed.get();
  }

  /** Remembers, durably, that every peer has welcomed this node. */
  public Future<Void> setWelcomedByAll() {
    return writer.executeBlocking(
        () -> {
          write(new Contents(new TreeMap<>(known), true));
          welcomed.set(true);
          return null;
        });
  }

  /** Gives the worker thread back. */
  public Future<Void> close() {
    return writer.close();
  }

  private String remember(NodeId node, String diskId) {
    String earlier = known.get(node);
    if (earlier != null) {
      return earlier;
    }
    SortedMap<NodeId, String> next = new TreeMap<>(known);
    next.put(node, diskId);
    write(new Contents(next, welcomed.get()));
    known.put(node, diskId);
    return diskId;
  }

  private void write(Contents contents) {
    List<String> lines = new ArrayList<>();
    lines.add(HEADER);
    if (contents.welcomed()) {
      lines.add(WELCOMED);
    }
    contents.disks().forEach((node, disk) -> lines.add(node + " " + disk));
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
          StorageException.Reason.IO_ERROR, "cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Without this the rename itself may be lost in a power cut. */
  private void syncFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }

  private static Contents read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StorageException(
          StorageException.Reason.IO_ERROR, "cannot read " + file + ": " + e.getMessage(), e);
    }
    int last = lines.size() - 1;
    if (last < 1 || !lines.get(last).equals(CHECKSUM + checksum(lines.subList(0, last)))) {
      throw corrupt(file, "its checksum does not hold");
    }
    if (!lines.get(0).equals(HEADER)) {
      throw new StorageException(
          StorageException.Reason.NEWER_FORMAT,
          file + ": expected '" + HEADER + "', was '" + lines.get(0) + "'");
    }
    return parse(file, lines.subList(1, last));
  }

  private static Contents parse(Path file, List<String> lines) {
    boolean welcomed = !lines.isEmpty() && lines.get(0).equals(WELCOMED);
    SortedMap<NodeId, String> disks = new TreeMap<>();
    for (String line : lines.subList(welcomed ? 1 : 0, lines.size())) {
      int space = line.lastIndexOf(' ');
      if (space < 1) {
        throw corrupt(file, "expected a node and its disk, was '" + line + "'");
      }
      disks.put(new NodeId(line.substring(0, space)), line.substring(space + 1));
    }
    return new Contents(disks, welcomed);
  }

  private static StorageException corrupt(Path file, String what) {
    return new StorageException(StorageException.Reason.CORRUPT, file + ": " + what);
  }

  private static String checksum(List<String> lines) {
    CRC32C crc = new CRC32C();
    crc.update(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
