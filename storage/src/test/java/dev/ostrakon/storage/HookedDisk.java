package dev.ostrakon.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** A disk that asks before each operation, which may then fail, and counts what is read. */
final class HookedDisk implements Disk {

  private final Disk disk;
  private final AtomicLong bytesRead = new AtomicLong();
  private volatile Hook hook = (operation, path) -> {};

  HookedDisk(Disk disk) {
    this.disk = disk;
  }

  /** What is about to happen. */
  enum Operation {
    CREATE,
    READ,
    WRITE,
    SYNC,
    RENAME,
    DELETE,
    SYNC_FOLDER
  }

  /** Is asked before an operation on a path. */
  interface Hook {
    void before(Operation operation, Path path) throws IOException;
  }

  void setHook(Hook newHook) {
    hook = newHook;
  }

  /** Bytes read of all files so far. */
  long bytesRead() {
    return bytesRead.get();
  }

  /** From now on every operation of this kind fails. */
  void failOn(Operation failing, String message) {
    hook =
        (operation, path) -> {
          if (operation == failing) {
            throw new IOException(message);
          }
        };
  }

  @Override
  public DiskFile create(Path path) throws IOException {
    hook.before(Operation.CREATE, path);
    return new HookedFile(path, disk.create(path));
  }

  @Override
  public DiskFile open(Path path) throws IOException {
    return new HookedFile(path, disk.open(path));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    hook.before(Operation.RENAME, to);
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    hook.before(Operation.DELETE, path);
    disk.delete(path);
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    disk.createFolder(folder);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    hook.before(Operation.SYNC_FOLDER, folder);
    disk.syncFolder(folder);
  }

  private final class HookedFile implements DiskFile {

    private final Path path;
    private final DiskFile file;

    HookedFile(Path path, DiskFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      hook.before(Operation.WRITE, path);
      file.write(source, position);
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      hook.before(Operation.READ, path);
      bytesRead.addAndGet(target.remaining());
      file.read(target, position);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void sync() throws IOException {
      hook.before(Operation.SYNC, path);
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
