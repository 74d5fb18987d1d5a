package dev.ostrakon.simulation.engine;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Callbacks;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The state of one replica in one life of its process, with its checkpoints on a {@link
 * SimulatedDisk}. Forgets on purpose what a bounded cache would forget.
 */
public final class SimulatedStateStore implements StateStore {

  private static final int ROW_OVERHEAD_BYTES = 64;

  /** Where a store lives. */
  public record Place(
      Simulator simulator,
      SimulatedProcess process,
      ReplicaDisk replicaDisk,
      StateStoreProfile profile,
      RandomSource random) {}

  private final Place place;
  private final Predicate<Bytes> counted;

  /** The whole state, wherever it would be kept. */
  private NavigableMap<Bytes, Bytes> live;

  /** Keys that {@link #lookup} knows about. Never iterated. */
  private final Set<Bytes> inMemory = new HashSet<>();

  /** Keys changed since the last checkpoint began, and the sizes of their rows. */
  private TreeMap<Bytes, Integer> overlay = new TreeMap<>();

  private long overlayBytes;
  private long contentHash;
  private boolean checkpointing;
  private long lastReadNanos;

  /**
   * Opens the store.
   *
   * @param counted which keys belong to {@link #contentHash}
   */
  public SimulatedStateStore(Place place, Predicate<Bytes> counted) {
    this.place = place;
    this.counted = counted;
    this.live = new TreeMap<>();
    replaceLive(place.replicaDisk().state().rows());
  }

  /** A hash over the counted rows of the present state, whatever order they were written in. */
  public long contentHash() {
    return contentHash;
  }

  @Override
  public SnapshotMetadata recover() {
    return place.replicaDisk().state().metadata();
  }

  @Override
  public Lookup lookup(Bytes key) {
    if (!inMemory.contains(key)) {
      return Lookup.ON_DISK;
    }
    Bytes value = live.get(key);
    return value == null ? Lookup.ABSENT : Lookup.found(value);
  }

  @Override
  public void load(Collection<Bytes> keys, Callback<Void> callback) {
    List<Bytes> wanted = List.copyOf(keys);
    afterRead(
        () -> {
          inMemory.addAll(wanted);
          Callbacks.succeed(callback);
          wanted.stream().filter(key -> !overlay.containsKey(key)).forEach(this::maybeForget);
        });
  }

  private void maybeForget(Bytes key) {
    if (place.random().chance(place.profile().forgetChance())) {
      inMemory.remove(key);
    }
  }

  @Override
  public void put(Bytes key, Bytes value) {
    change(key, live.put(key, value));
    if (counted.test(key)) {
      contentHash += rowHash(key, value);
    }
    grow(key, key.size() + value.size());
  }

  @Override
  public void delete(Bytes key) {
    change(key, live.remove(key));
    grow(key, key.size());
  }

  private void change(Bytes key, @org.jspecify.annotations.Nullable Bytes before) {
    inMemory.add(key);
    if (before != null && counted.test(key)) {
      contentHash -= rowHash(key, before);
    }
  }

  private void grow(Bytes key, int bytes) {
    Integer before = overlay.put(key, ROW_OVERHEAD_BYTES + bytes);
    overlayBytes += ROW_OVERHEAD_BYTES + bytes - (before == null ? 0 : before);
  }

  private static long rowHash(Bytes key, Bytes value) {
    long mixed = (key.hashCode() * 0x9E3779B97F4A7C15L) ^ (value.hashCode() * 0xC2B2AE3D27D4EB4FL);
    mixed = (mixed ^ (mixed >>> 31)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 29) ^ value.size();
  }

  @Override
  public void scan(ScanRequest request, Callback<ScanPage> callback) {
    List<Row> rows = new ArrayList<>();
    Bytes continuation = Bytes.EMPTY;
    long bytes = 0;
    for (Map.Entry<Bytes, Bytes> row : live.tailMap(request.from(), true).entrySet()) {
      if (!request.to().isEmpty() && row.getKey().compareTo(request.to()) >= 0) {
        break;
      }
      if (rows.size() >= request.maxKeys() || bytes >= request.maxBytes()) {
        continuation = row.getKey();
        break;
      }
      rows.add(new Row(row.getKey(), row.getValue()));
      bytes += row.getKey().size() + row.getValue().size();
    }
    ScanPage page = new ScanPage(rows, continuation);
    afterRead(() -> callback.succeeded(page));
  }

  @Override
  public long overlayBytes() {
    return overlayBytes;
  }

  @Override
  public void checkpoint(SnapshotMetadata at, Callback<Void> callback) {
    if (checkpointing) {
      throw new IllegalStateException("at most one checkpoint runs at a time");
    }
    checkpointing = true;
    StateImage image =
        new StateImage(at, Collections.unmodifiableNavigableMap(new TreeMap<>(live)));
    TreeMap<Bytes, Integer> written = overlay;
    overlay = new TreeMap<>();
    overlayBytes = 0;
    writeInBackground(
        image,
        () -> {
          checkpointing = false;
          written.keySet().stream()
              .filter(key -> !overlay.containsKey(key))
              .forEach(this::maybeForget);
        },
        callback);
  }

  private void writeInBackground(StateImage image, Runnable afterwards, Callback<Void> callback) {
    StateStoreProfile profile = place.profile();
    long latency =
        place.random().nextLong(profile.checkpointMinNanos(), profile.checkpointMaxNanos());
    place
        .replicaDisk()
        .disk()
        .writeInBackground(
            latency,
            new SimulatedDisk.Write() {
              @Override
              public boolean mustSync() {
                return true;
              }

              @Override
              public void becomeDurable() {
                place.replicaDisk().replaceState(image);
              }

              @Override
              public void done() {
                place
                    .process()
                    .execute(
                        () -> {
                          afterwards.run();
                          Callbacks.succeed(callback);
                        });
              }

              @Override
              public void failed(StorageException cause) {
                place.process().execute(() -> callback.failed(cause));
              }
            });
  }

  @Override
  public void openSnapshot(Callback<SnapshotReader> callback) {
    afterRead(
        () -> callback.succeeded(new SimulatedSnapshotReader(place.replicaDisk().state(), this)));
  }

  @Override
  public void beginInstall(SnapshotMetadata metadata, Callback<SnapshotWriter> callback) {
    afterRead(() -> callback.succeeded(new SimulatedSnapshotWriter(metadata, this)));
  }

  /** Replaces everything, durably. */
  void install(StateImage image, Callback<Void> callback) {
    writeInBackground(image, () -> replaceLive(image.rows()), callback);
  }

  private void replaceLive(NavigableMap<Bytes, Bytes> rows) {
    live = new TreeMap<>(rows);
    inMemory.clear();
    overlay = new TreeMap<>();
    overlayBytes = 0;
    contentHash = 0;
    live.forEach(
        (key, value) -> {
          if (counted.test(key)) {
            contentHash += rowHash(key, value);
          }
        });
  }

  /** Runs something after a read from disk; in the order of the calls. */
  void afterRead(Runnable action) {
    long now = place.simulator().nowNanos();
    StateStoreProfile profile = place.profile();
    long latency = place.random().nextLong(profile.readMinNanos(), profile.readMaxNanos());
    lastReadNanos = Math.max(lastReadNanos, now + latency);
    place.simulator().after(lastReadNanos - now, () -> place.process().run(action));
  }
}
