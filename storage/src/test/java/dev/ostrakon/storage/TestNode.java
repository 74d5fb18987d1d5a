package dev.ostrakon.storage;

import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StateStore;
import java.nio.file.Path;

/** A node's folder that can be closed and opened again. */
final class TestNode implements AutoCloseable {

  static final StorageConfig CONFIG =
      new StorageConfig(
          1 << 20, // 1 MiB
          2 << 20, // 2 MiB
          4L << 20, // 4 MiB
          5, 2 << 20, // 2 MiB
          16L << 20, // 16 MiB
          1L << 10, // 1 KiB: so that most reads go to the disk
          2, 1);

  private final Disk disk;
  private final Path path;
  private NodeStorage storage;

  TestNode(Path path) {
    this(new SystemDisk(), path);
  }

  TestNode(Disk disk, Path path) {
    this.disk = disk;
    this.path = path;
    this.storage = open(disk, path);
  }

  static NodeStorage open(Disk disk, Path path) {
    return NodeStorage.open(disk, path, "test", "n1", CONFIG);
  }

  /** The log of a node without the node around it. */
  static XodusEnvironment openLog(Path path) {
    return XodusEnvironment.open(
        new SystemDisk(), path, NodeStorage.logSettings(new NodeIdentity("test", "n1", 1), CONFIG));
  }

  void restart() {
    storage.close();
    storage = open(disk, path);
  }

  NodeStorage storage() {
    return storage;
  }

  LogStorage log(long group, Scheduler owner) {
    return storage.log(group, owner);
  }

  StateStore state(long group, Scheduler owner) {
    return storage.state(group, owner);
  }

  @Override
  public void close() {
    storage.close();
  }
}
