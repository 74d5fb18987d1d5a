package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.replica.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

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

  /** What the file says. */
  private record Contents(SortedMap<NodeId, String> disks, boolean welcomed) {}

  private final ChecksummedFile file;
  private final Map<NodeId, String> known;
  private final AtomicBoolean welcomed;
  private final WorkerExecutor writer;

  private FilePeerDisks(ChecksummedFile file, Contents contents, WorkerExecutor writer) {
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
    ChecksummedFile stored = new ChecksummedFile(file, HEADER);
    Contents contents = stored.exists() ? parse(stored) : new Contents(new TreeMap<>(), false);
    return new FilePeerDisks(
        stored, contents, vertx.createSharedWorkerExecutor("disks " + file, 1));
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
    if (contents.welcomed()) {
      lines.add(WELCOMED);
    }
    contents.disks().forEach((node, disk) -> lines.add(node + " " + disk));
    file.write(lines);
  }

  private static Contents parse(ChecksummedFile file) {
    List<String> lines = file.read();
    boolean welcomed = !lines.isEmpty() && lines.get(0).equals(WELCOMED);
    SortedMap<NodeId, String> disks = new TreeMap<>();
    for (String line : lines.subList(welcomed ? 1 : 0, lines.size())) {
      int space = line.lastIndexOf(' ');
      if (space < 1) {
        throw file.corrupt("expected a node and its disk, was '" + line + "'");
      }
      disks.put(new NodeId(line.substring(0, space)), line.substring(space + 1));
    }
    return new Contents(disks, welcomed);
  }
}
