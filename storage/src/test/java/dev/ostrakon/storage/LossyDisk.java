package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The real file system, plus the knowledge of what a power cut would leave of it.
 *
 * <p>What was synced survives. Of the rest, any sector of any write and any beginning of the
 * changes to a folder may survive or not, independently: an image of such a disk can be taken at
 * any time.
 *
 * <p>A sync can be made to fail, as on a disk with a bad sector: what it was to make durable is
 * then lost for good, and yet everybody goes on reading it until the power goes, and later syncs
 * succeed.
 */
final class LossyDisk implements Disk {

  private final SystemDisk real = new SystemDisk();
  private final Path root;

  private volatile boolean syncsFail;

  // Guarded by this.
  private final Map<Path, Inode> visible = new TreeMap<>();
  private final Map<Path, Inode> durable = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();

  /** Folders that were created and whose parents were not synced since. */
  private final Set<Path> newFolders = new TreeSet<>();

  /** Everything below this folder is watched. */
  LossyDisk(Path root) {
    this.root = root;
  }

  /** The contents of a file: what is durable, and what was written since. */
  private static final class Inode {
    private byte[] synced = new byte[0];
    private final List<Write> writes = new ArrayList<>();
  }

  private record Write(int position, Bytes bytes) {}

  /** A name that came or went, not durable yet. */
  private record Change(Path path, Inode inode, boolean exists) {}

  /** Whether syncs of files fail from now on. */
  void failSyncs(boolean fail) {
    syncsFail = fail;
  }

  /** Whether a power cut could now lose anything of the files that match. */
  synchronized boolean hasUnsynced(Predicate<Path> files) {
    return !newFolders.isEmpty()
        || changes.stream().anyMatch(change -> files.test(change.path()))
        || visible.entrySet().stream()
            .anyMatch(file -> files.test(file.getKey()) && !file.getValue().writes.isEmpty());
  }

  /** Writes to another folder what a power cut at this moment leaves. */
  synchronized void image(Path target, RandomSource random) throws IOException {
    Map<Path, Inode> surviving = new TreeMap<>(durable);
    Map<Path, Boolean> cut = new TreeMap<>();
    for (Change change : changes) {
      Path folder = Disk.parentOf(change.path());
      boolean lost = cut.getOrDefault(folder, false) || random.chance(0.3);
      cut.put(folder, lost);
      if (!lost) {
        applyChange(surviving, change);
      }
    }
    surviving.keySet().removeIf(file -> newFolders.stream().anyMatch(file::startsWith));
    for (Map.Entry<Path, Inode> file : surviving.entrySet()) {
      Path copy = target.resolve(root.relativize(file.getKey()));
      Files.createDirectories(Disk.parentOf(copy));
      Files.write(copy, contents(file.getValue(), random));
    }
  }

  @Override
  public synchronized DiskFile create(Path path) throws IOException {
    DiskFile file = real.create(path);
    Inode inode = new Inode();
    visible.put(path, inode);
    changes.add(new Change(path, inode, true));
    return new LossyFile(file, inode);
  }

  @Override
  public synchronized DiskFile open(Path path) throws IOException {
    Inode inode = visible.get(path);
    if (inode == null) {
      inode = new Inode();
      inode.synced = Files.readAllBytes(path);
      visible.put(path, inode);
      durable.put(path, inode);
    }
    return new LossyFile(real.open(path), inode);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
    Inode inode = visible.remove(from);
    if (inode == null) {
      throw new IOException("unknown file " + from);
    }
    visible.put(to, inode);
    changes.add(new Change(from, inode, false));
    changes.add(new Change(to, inode, true));
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    real.delete(path);
    Inode inode = visible.remove(path);
    if (inode != null) {
      changes.add(new Change(path, inode, false));
    }
  }

  @Override
  public synchronized void createFolder(Path folder) throws IOException {
    real.createFolder(folder);
    newFolders.add(folder);
  }

  @Override
  public synchronized void syncFolder(Path folder) throws IOException {
    real.syncFolder(folder);
    newFolders.removeIf(created -> Disk.parentOf(created).equals(folder));
    List<Change> settled = new ArrayList<>(changes);
    settled.removeIf(change -> !Disk.parentOf(change.path()).equals(folder));
    settled.forEach(change -> applyChange(durable, change));
    changes.removeAll(settled);
  }

  private static void applyChange(Map<Path, Inode> names, Change change) {
    if (change.exists()) {
      names.put(change.path(), change.inode());
    } else {
      names.remove(change.path());
    }
  }

  private static byte[] contents(Inode inode, RandomSource random) {
    byte[] result = inode.synced.clone();
    for (Write write : inode.writes) {
      int from = 0;
      while (from < write.bytes().size()) {
        int position = write.position() + from;
        int sectorEnd = (position / Frame.SECTOR_BYTES + 1) * Frame.SECTOR_BYTES;
        int count = Math.min(sectorEnd - position, write.bytes().size() - from);
        if (random.chance(0.5)) {
          result = put(result, position, write.bytes().sharedArray(), from, count);
        }
        from += count;
      }
    }
    return result;
  }

  private static byte[] put(byte[] target, int position, byte[] source, int from, int count) {
    byte[] result =
        position + count > target.length ? Arrays.copyOf(target, position + count) : target;
    System.arraycopy(source, from, result, position, count);
    return result;
  }

  private final class LossyFile implements DiskFile {

    private final DiskFile file;
    private final Inode inode;

    LossyFile(DiskFile file, Inode inode) {
      this.file = file;
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      byte[] bytes = new byte[source.remaining()];
      source.duplicate().get(bytes);
      synchronized (LossyDisk.this) {
        inode.writes.add(new Write((int) position, Bytes.wrap(bytes)));
        file.write(source, position);
      }
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      file.read(target, position);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void sync() throws IOException {
      synchronized (LossyDisk.this) {
        if (syncsFail) {
          inode.writes.clear(); // The system takes them for written.
          throw new IOException("Input/output error");
        }
        for (Write write : inode.writes) {
          inode.synced =
              put(
                  inode.synced,
                  write.position(),
                  write.bytes().sharedArray(),
                  0,
                  write.bytes().size());
        }
        inode.writes.clear();
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
