package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Invariants;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state of a replica in memory: the same contract as a disk, for tests and simulations without
 * crashes.
 *
 * <p>It forgets on purpose: keys that were not written since the last checkpoint are on "disk"
 * until they are loaded, so that its users meet {@link StateStore.Lookup#isOnDisk} as they do in
 * production. Deterministic; confined to the owner. Callbacks come in the owner's next turns.
 */
public final class MemoryStateStore implements StateStore {

  /** What one key costs in the overlay besides its bytes, roughly. */
  static final int ROW_OVERHEAD_BYTES = 64;

  private final Scheduler scheduler;

  /** Changes since the last checkpoint; an empty Optional is a deletion. */
  private NavigableMap<Bytes, Optional<Bytes>> overlay = new TreeMap<>();

  /** Keys brought in by loads whose callback has not returned, and by how many loads. */
  private final TreeMap<Bytes, Integer> loaded = new TreeMap<>();

  /** The newest checkpoint, or what the one under way will be; replaced, never changed. */
  private NavigableMap<Bytes, Bytes> checkpoint;

  /** The newest finished checkpoint: what a restart finds and a snapshot shows. */
  private NavigableMap<Bytes, Bytes> durable;

  private SnapshotMetadata durableMetadata;
  private boolean checkpointing;
  private long overlayBytes;

  public MemoryStateStore(Scheduler scheduler) {
    this(
        scheduler,
        Collections.emptyNavigableMap(),
        new SnapshotMetadata(EntryId.ZERO, Membership.EMPTY));
  }

  private MemoryStateStore(
      Scheduler scheduler, NavigableMap<Bytes, Bytes> durable, SnapshotMetadata durableMetadata) {
    this.scheduler = scheduler;
    this.checkpoint = durable;
    this.durable = durable;
    this.durableMetadata = durableMetadata;
  }

  /** A store as a restarted replica finds it: with the newest finished checkpoint only. */
  public MemoryStateStore reopen(Scheduler newScheduler) {
    return new MemoryStateStore(newScheduler, durable, durableMetadata);
  }

  @Override
  public SnapshotMetadata recover() {
    return durableMetadata;
  }

  @Override
  public Lookup lookup(Bytes key) {
    Optional<Bytes> changed = overlay.get(key);
    if (changed != null) {
      return changed.map(Lookup::found).orElse(Lookup.ABSENT);
    }
    if (!loaded.containsKey(key)) {
      return Lookup.ON_DISK;
    }
    Bytes stored = checkpoint.get(key);
    return stored == null ? Lookup.ABSENT : Lookup.found(stored);
  }

  @Override
  public void load(Collection<Bytes> keys, Callback<Void> callback) {
    List<Bytes> wanted = List.copyOf(keys);
    scheduler.execute(
        () -> {
          wanted.forEach(key -> loaded.merge(key, 1, Integer::sum));
          Callbacks.succeed(callback);
          wanted.forEach(key -> loaded.computeIfPresent(key, (k, n) -> n > 1 ? n - 1 : null));
        });
  }

  @Override
  public void put(Bytes key, Bytes value) {
    change(key, Optional.of(value));
  }

  @Override
  public void delete(Bytes key) {
    change(key, Optional.empty());
  }

  @Override
  public void scan(ScanRequest request, Callback<ScanPage> callback) {
    ScanPage page = scanNow(request);
    scheduler.execute(() -> callback.succeeded(page));
  }

  @Override
  public long overlayBytes() {
    return overlayBytes;
  }

  @Override
  public void checkpoint(SnapshotMetadata at, Callback<Void> callback) {
    Invariants.check(!checkpointing, "at most one checkpoint runs at a time");
    Invariants.check(
        at.index() >= durableMetadata.index(),
        "a checkpoint must not go back",
        at.index(),
        durableMetadata.index());
    checkpointing = true;
    NavigableMap<Bytes, Bytes> taken = merged();
    checkpoint = taken;
    overlay = new TreeMap<>();
    overlayBytes = 0;
    scheduler.execute(
        () -> {
          durable = taken;
          durableMetadata = at;
          checkpointing = false;
          Callbacks.succeed(callback);
        });
  }

  @Override
  public void openSnapshot(Callback<SnapshotReader> callback) {
    scheduler.execute(() -> callback.succeeded(new MemorySnapshotReader(durableMetadata, durable)));
  }

  @Override
  public void beginInstall(SnapshotMetadata metadata, Callback<SnapshotWriter> callback) {
    SnapshotWriter writer = new MemorySnapshotWriter(metadata);
    scheduler.execute(() -> callback.succeeded(writer));
  }

  private void change(Bytes key, Optional<Bytes> value) {
    Optional<Bytes> before = overlay.put(key, value);
    if (before == null) {
      overlayBytes += ROW_OVERHEAD_BYTES + key.size();
    } else {
      overlayBytes -= before.map(Bytes::size).orElse(0);
    }
    overlayBytes += value.map(Bytes::size).orElse(0);
  }

  private NavigableMap<Bytes, Bytes> merged() {
    TreeMap<Bytes, Bytes> result = new TreeMap<>(checkpoint);
    overlay.forEach(
        (key, value) -> value.ifPresentOrElse(v -> result.put(key, v), () -> result.remove(key)));
    return result;
  }

  private ScanPage scanNow(ScanRequest request) {
    List<Row> rows = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<Bytes, Bytes> row : merged().tailMap(request.from(), true).entrySet()) {
      if (!request.to().isEmpty() && row.getKey().compareTo(request.to()) >= 0) {
        break;
      }
      if (rows.size() >= request.maxKeys() || bytes >= request.maxBytes()) {
        return new ScanPage(rows, row.getKey());
      }
      rows.add(new Row(row.getKey(), row.getValue()));
      bytes += row.getKey().size() + row.getValue().size();
    }
    return new ScanPage(rows, Bytes.EMPTY);
  }

  private final class MemorySnapshotReader implements SnapshotReader {

    private final SnapshotMetadata metadata;
    private final Iterator<Map.Entry<Bytes, Bytes>> rows;
    private final SnapshotEncoder encoder = new SnapshotEncoder();
    private boolean ended;
    private boolean closed;

    MemorySnapshotReader(SnapshotMetadata metadata, NavigableMap<Bytes, Bytes> state) {
      this.metadata = metadata;
      this.rows = state.entrySet().iterator();
    }

    @Override
    public SnapshotMetadata metadata() {
      return metadata;
    }

    @Override
    public void next(int maxBytes, Callback<Bytes> callback) {
      Invariants.check(!closed, "the snapshot reader is closed");
      while (!ended && encoder.pendingBytes() < maxBytes) {
        if (rows.hasNext()) {
          Map.Entry<Bytes, Bytes> row = rows.next();
          encoder.add(row.getKey(), row.getValue());
        } else {
          encoder.end();
          ended = true;
        }
      }
      Bytes part = encoder.take(maxBytes);
      scheduler.execute(() -> callback.succeeded(part));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final class MemorySnapshotWriter implements SnapshotWriter {

    private final SnapshotMetadata metadata;
    private final SnapshotDecoder decoder = new SnapshotDecoder();
    private final NavigableMap<Bytes, Bytes> received = new TreeMap<>();
    private boolean closed;

    MemorySnapshotWriter(SnapshotMetadata metadata) {
      this.metadata = metadata;
    }

    @Override
    public void append(Bytes part, Callback<Void> callback) {
      Invariants.check(!closed, "the snapshot writer is closed");
      complete(callback, () -> decoder.feed(part, received::put));
    }

    @Override
    public void commit(Callback<Void> callback) {
      Invariants.check(!closed, "the snapshot writer is closed");
      closed = true;
      complete(callback, this::replaceState);
    }

    @Override
    public void abort() {
      closed = true;
    }

    private void replaceState() {
      decoder.requireComplete();
      checkpoint = received;
      durable = received;
      durableMetadata = metadata;
      overlay = new TreeMap<>();
      overlayBytes = 0;
    }

    private void complete(Callback<Void> callback, Runnable step) {
      scheduler.execute(
          () -> {
            try {
              step.run();
            } catch (StorageException e) {
              callback.failed(e);
              return;
            }
            Callbacks.succeed(callback);
          });
    }
  }
}
