package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.Invariants;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Callbacks;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * The state of one group: changed in memory, checkpointed to a Xodus environment of its own.
 *
 * <p>Confined to the owner, but for {@link #recover} and {@link #close}. Disk work runs in two
 * lanes, one for reads and one for snapshots, so that a transfer does not hold up reads.
 */
final class XodusStateStore implements StateStore, AutoCloseable {

  /*
   * What is where. A change goes to the overlay. A checkpoint freezes the overlay, which stays
   * readable here until the next checkpoint begins, and writes it to the disk meanwhile.
   * So the value of a key is the first of: overlay, frozen, what was loaded, cache, disk.
   *
   * Why reads from the disk are never too new or too old. A read captures the frozen overlay when it
   * is called and looks at the disk later, in its lane. The disk may by then contain that frozen
   * overlay or not: the result is the same. It must not contain the next one, so a checkpoint puts a
   * barrier into the lane when it is called and commits only after the barrier was reached, that is,
   * after all reads called before it have finished. For the same reason their answers reach the owner
   * before that of the checkpoint: while an answer is on its way, a key that changed after the
   * question is still in the overlay or in frozen, where it hides the loaded value.
   */

  /** Most changes that a scan copies on the owner's thread. */
  private static final int SCAN_COPY_MAX = 4096;

  /** Changes of each range that a scan of very many ranges copies all the same. */
  private static final int MERGED_COPY_MIN = 16;

  private final StateFolder folder;
  private final StorageConfig config;
  private final Executor checkpointers;
  private final Scheduler scheduler;
  private final Lane reads;
  private final Lane snapshots;
  private final ValueCache cache;

  /** Changed only by recover, and by the read lane when an installed snapshot takes over. */
  private volatile @Nullable StateGeneration generation;

  private Overlay overlay = new Overlay();
  private Overlay frozen = Overlay.EMPTY;
  private Map<Bytes, Bytes> loaded = Map.of();
  private boolean checkpointing;
  private boolean committing;
  private @Nullable Runnable afterCheckpoint;
  private @Nullable XodusSnapshotWriter installing;

  XodusStateStore(
      StateFolder folder,
      StorageConfig config,
      Executor workers,
      Executor checkpointers,
      Scheduler scheduler) {
    this.folder = folder;
    this.config = config;
    this.checkpointers = checkpointers;
    this.scheduler = scheduler;
    this.reads = new Lane(workers, scheduler, folder.path());
    this.snapshots = new Lane(workers, scheduler, folder.path());
    this.cache = new ValueCache(config.valueCacheBytes());
  }

  @Override
  public SnapshotMetadata recover() {
    StateGeneration opened = folder.open();
    generation = opened;
    return opened.metadata();
  }

  @Override
  public Lookup lookup(Bytes key) {
    Bytes value = inMemory(key);
    if (value == null) {
      return Lookup.ON_DISK;
    }
    return Overlay.isAbsent(value) ? Lookup.ABSENT : Lookup.found(value);
  }

  @Override
  public void load(Collection<Bytes> keys, Callback<Void> callback) {
    Map<Bytes, Bytes> known = new HashMap<>();
    List<Bytes> missing = new ArrayList<>();
    for (Bytes key : keys) {
      Bytes value = inMemory(key);
      if (value == null) {
        missing.add(key);
      } else {
        known.put(key, value);
      }
    }
    reads.submit(
        () -> missing.isEmpty() ? Map.<Bytes, Bytes>of() : current().load(missing),
        new Callback<>() {
          @Override
          public void succeeded(Map<Bytes, Bytes> found) {
            known.putAll(found);
            found.forEach(XodusStateStore.this::remember);
            loaded = known;
            try {
              Callbacks.succeed(callback);
            } finally {
              loaded = Map.of();
            }
          }

          @Override
          public void failed(StorageException cause) {
            callback.failed(cause);
          }
        });
  }

  @Override
  public void put(Bytes key, Bytes value) {
    Invariants.check(
        (long) key.size() + value.size() <= config.rowBytesMax(),
        "a row must fit into half a block: bytes of the row and of the block",
        (long) key.size() + value.size(),
        config.stateBlockBytes());
    change(key, value);
  }

  @Override
  public void delete(Bytes key) {
    change(key, Overlay.ABSENT);
  }

  @Override
  public void scan(ScanRequest request, Callback<ScanPage> callback) {
    Overlay.Part newest = overlay.copyFrom(request.from(), request.to(), SCAN_COPY_MAX);
    Overlay older = frozen;
    reads.submit(
        () -> {
          StateGeneration on = current();
          return on.environment()
              .read(
                  txn -> {
                    try (Cursor cursor = on.openCursor(txn)) {
                      return RangeScan.page(
                          request,
                          new RangeRows(request, newest, older.from(request.from()), cursor));
                    }
                  });
        },
        callback);
  }

  @Override
  public void scanMerged(MergedScan request, Callback<ScanPage> callback) {
    List<ScanRequest> ranges = request.prefixes().stream().map(request::behind).toList();
    int copyMax = Math.max(MERGED_COPY_MIN, SCAN_COPY_MAX / ranges.size());
    List<Overlay.Part> newest = new ArrayList<>(ranges.size());
    for (ScanRequest range : ranges) {
      newest.add(overlay.copyFrom(range.from(), range.to(), copyMax));
    }
    Overlay older = frozen;
    reads.submit(
        () -> {
          StateGeneration on = current();
          return on.environment().read(txn -> merged(on, txn, request, ranges, newest, older));
        },
        callback);
  }

  private static ScanPage merged(
      StateGeneration on,
      Transaction txn,
      MergedScan request,
      List<ScanRequest> ranges,
      List<Overlay.Part> newest,
      Overlay older) {
    List<Cursor> cursors = new ArrayList<>(ranges.size());
    try {
      List<RangeRows> rows = new ArrayList<>(ranges.size());
      for (int i = 0; i < ranges.size(); i++) {
        Cursor cursor = on.openCursor(txn);
        cursors.add(cursor);
        ScanRequest range = ranges.get(i);
        rows.add(new RangeRows(range, newest.get(i), older.from(range.from()), cursor));
      }
      return RangeScan.page(request, rows);
    } finally {
      cursors.forEach(Cursor::close);
    }
  }

  @Override
  public long overlayBytes() {
    return overlay.bytes();
  }

  @Override
  public void checkpoint(SnapshotMetadata at, Callback<Void> callback) {
    Invariants.check(!checkpointing, "at most one checkpoint runs at a time");
    Invariants.check(!committing, "no checkpoint while a snapshot takes over");
    checkpointing = true;
    Overlay taken = overlay;
    frozen = taken;
    overlay = new Overlay();
    CountDownLatch earlierReads = new CountDownLatch(1);
    reads.enqueue(earlierReads::countDown);
    Lane alone = new Lane(checkpointers, scheduler, folder.path());
    alone.submit(
        () -> {
          current().checkpoint(taken, at, () -> await(earlierReads));
          return true;
        },
        Completions.of(
            done -> {
              checkpointing = false;
              Callbacks.succeed(callback);
              Runnable next = afterCheckpoint;
              afterCheckpoint = null;
              if (next != null) {
                next.run();
              }
            },
            callback));
  }

  @Override
  public void openSnapshot(Callback<SnapshotReader> callback) {
    snapshots.submit(() -> XodusSnapshotReader.open(current(), snapshots), callback);
  }

  @Override
  public void beginInstall(SnapshotMetadata metadata, Callback<SnapshotWriter> callback) {
    XodusSnapshotWriter earlier = installing;
    if (earlier != null) {
      earlier.abort();
    }
    XodusSnapshotWriter writer = new XodusSnapshotWriter(this, folder, metadata, snapshots);
    installing = writer;
    snapshots.submit(
        () -> {
          writer.begin(current().number() + 1);
          return writer;
        },
        callback);
  }

  /** Lets a complete and durable generation take over; called by a snapshot writer. */
  void takeOver(XodusSnapshotWriter writer, Callback<Void> callback) {
    committing = true;
    Runnable commit =
        () ->
            snapshots.submit(
                writer::finish, Completions.of(next -> switchTo(next, callback), callback));
    if (checkpointing) {
      afterCheckpoint = commit;
    } else {
      commit.run();
    }
  }

  /** Closes the disk side; nothing of this may run any more. */
  @Override
  public void close() {
    folder.close();
  }

  private void switchTo(StateGeneration next, Callback<Void> callback) {
    reads.submit(
        () -> {
          StateGeneration old = current();
          generation = next;
          return old;
        },
        Completions.of(
            old -> {
              overlay = new Overlay();
              frozen = Overlay.EMPTY;
              cache.clear();
              committing = false;
              installing = null;
              snapshots.enqueue(() -> folder.discard(old));
              Callbacks.succeed(callback);
            },
            callback));
  }

  private @Nullable Bytes inMemory(Bytes key) {
    Bytes value = overlay.get(key);
    value = value == null ? frozen.get(key) : value;
    value = value == null ? loaded.get(key) : value;
    return value == null ? cache.get(key) : value;
  }

  private void remember(Bytes key, Bytes value) {
    if (overlay.get(key) == null && frozen.get(key) == null) {
      cache.put(key, value);
    }
  }

  private void change(Bytes key, Bytes value) {
    Invariants.check(!committing, "nothing may be written while a snapshot takes over");
    cache.remove(key);
    overlay.put(key, value);
  }

  private StateGeneration current() {
    StateGeneration open = generation;
    if (open == null) {
      throw new IllegalStateException("recover() was not called");
    }
    return open;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.closed();
    }
  }
}
