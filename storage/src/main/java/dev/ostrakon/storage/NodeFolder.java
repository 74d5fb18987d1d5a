package dev.ostrakon.storage;

import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.StorageException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The data folder of a node: locked for one process, with an identity.
 *
 * <pre>
 * lock       held while the node runs
 * identity   {@link NodeIdentity}
 * log/       the environment of the log
 * state/N/   the state of group N
 * </pre>
 *
 * <p>The identity is the last thing that is written when a folder is set up. So where it is, a log
 * is too, and a log without it is either an interrupted first start, marked as such, or damage.
 */
final class NodeFolder implements AutoCloseable {

  private static final String LOCK = "lock";
  private static final String IDENTITY = "identity";
  private static final String SETUP = "setup-unfinished";

  private final Disk disk;
  private final Path path;
  private final FileChannel lockFile;
  private final SmallFile identity;
  private final SmallFile setup;

  private NodeFolder(Disk disk, Path path, FileChannel lockFile) {
    this.disk = disk;
    this.path = path;
    this.lockFile = lockFile;
    this.identity = new SmallFile(disk, path.resolve(IDENTITY));
    this.setup = new SmallFile(disk, path.resolve(SETUP));
  }

  /** Locks the folder, which is created if need be. */
  static NodeFolder lock(Disk disk, Path path) {
    try {
      Disk.requireFolder(disk, path);
      FileChannel file =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(file)) {
        file.close();
        throw new StorageException(
            Reason.IN_USE,
            path + " is open in another process: stop that one, or use another folder");
      }
      return new NodeFolder(disk, path, file);
    } catch (IOException e) {
      throw Failures.io(path, "open", e);
    }
  }

  /** The identity of a folder that was set up, or empty if it is new. */
  Optional<NodeIdentity> identity() {
    Optional<byte[]> stored = identity.read();
    if (stored.isPresent()) {
      removeSetupMark();
      return Optional.of(NodeIdentity.decode(path.resolve(IDENTITY), stored.get()));
    }
    boolean interrupted = setup.read().isPresent();
    if (!interrupted && Files.exists(logPath())) {
      throw Failures.corrupt(path.resolve(IDENTITY), "the identity of this data", "no such file");
    }
    return Optional.empty();
  }

  /** Begins to set up a new folder; what an interrupted attempt left is deleted. */
  NodeIdentity beginSetup(String clusterId, String nodeId) {
    setup.write(new byte[0]);
    deleteFiles(logPath());
    return new NodeIdentity(clusterId, nodeId, new SecureRandom().nextLong());
  }

  /** The folder holds everything that it must: it belongs to this node from now on. */
  void finishSetup(NodeIdentity owner) {
    try {
      Disk.requireFolder(disk, statePath());
    } catch (IOException e) {
      throw Failures.io(statePath(), "create", e);
    }
    identity.write(owner.encode());
    removeSetupMark();
  }

  Path path() {
    return path;
  }

  Path logPath() {
    return path.resolve("log");
  }

  Path statePath() {
    return path.resolve("state");
  }

  Path statePath(long group) {
    return statePath().resolve(Long.toUnsignedString(group));
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw Failures.io(path.resolve(LOCK), "close", e);
    }
  }

  private void removeSetupMark() {
    try {
      if (Files.exists(path.resolve(SETUP))) {
        disk.delete(path.resolve(SETUP));
        disk.syncFolder(path);
      }
    } catch (IOException e) {
      throw Failures.io(path.resolve(SETUP), "delete", e);
    }
  }

  private void deleteFiles(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> listed = Files.list(folder)) {
      List<Path> files = listed.sorted().toList();
      for (Path file : files) {
        disk.delete(file);
      }
      disk.syncFolder(folder);
    } catch (IOException e) {
      throw Failures.io(folder, "delete", e);
    }
  }

  private static boolean tryLock(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // This very process has it open already.
    }
  }
}
