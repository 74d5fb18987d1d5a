package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.Collection;
import java.util.List;

/**
 * The ordered key-value state of one replica: changed in memory, checkpointed to disk.
 *
 * <p>Writes go to a bounded in-memory overlay and are durable only from the next checkpoint on; the
 * Raft log is what makes them survive until then. All methods are called by the owner. Those that
 * take a callback may go to the disk, off the owner. Loads and scans call back in the order of the
 * calls, and so do the steps of snapshots; a checkpoint calls back when it is durable, so that
 * reads need not wait for it.
 */
public interface StateStore {

  /**
   * Opens the newest checkpoint. Blocking; called once, before any other method, off the event
   * loop.
   *
   * @return what the checkpoint stands for; index 0 with the empty membership on a new disk
   * @throws StorageException if it cannot be read or trusted
   */
  SnapshotMetadata recover();

  /** Looks in memory only. {@link Lookup#isOnDisk} means: unknown here, {@link #load} it first. */
  Lookup lookup(Bytes key);

  /**
   * Brings keys into memory, whether they exist or not. Until the callback has returned, none of
   * them is reported as {@link Lookup#isOnDisk}.
   */
  void load(Collection<Bytes> keys, Callback<Void> callback);

  void put(Bytes key, Bytes value);

  void delete(Bytes key);

  /** Reads a range of the state as it is at the time of the call, in key order. */
  void scan(ScanRequest request, Callback<ScanPage> callback);

  /**
   * Reads several ranges of the state as they are at the time of the call, as if they were one. The
   * default scans each range; a store that can do better does.
   */
  default void scanMerged(MergedScan request, Callback<ScanPage> callback) {
    new MergedScans(request, callback).run(this);
  }

  /** Size of the overlay, to decide when a checkpoint is due. */
  long overlayBytes();

  /**
   * Writes the state as it is now, together with {@code at}, as one durable step in the background;
   * the owner goes on meanwhile. At most one runs at a time; the caller waits for it.
   */
  void checkpoint(SnapshotMetadata at, Callback<Void> callback);

  /** Opens a consistent view of the newest checkpoint for a transfer; several may be open. */
  void openSnapshot(Callback<SnapshotReader> callback);

  /** Starts to receive a snapshot beside the present state; drops an unfinished earlier one. */
  void beginInstall(SnapshotMetadata metadata, Callback<SnapshotWriter> callback);

  /** What memory knows of a key. */
  final class Lookup {

    /** The key has no value. */
    public static final Lookup ABSENT = new Lookup(Bytes.EMPTY);

    /** Memory does not know. */
    public static final Lookup ON_DISK = new Lookup(Bytes.EMPTY);

    private final Bytes value;

    private Lookup(Bytes value) {
      this.value = value;
    }

    public static Lookup found(Bytes value) {
      return new Lookup(value);
    }

    public boolean isFound() {
      return this != ABSENT && this != ON_DISK;
    }

    public boolean isOnDisk() {
      return this == ON_DISK;
    }

    /** The value; call only if {@link #isFound}. */
    public Bytes value() {
      if (!isFound()) {
        throw new IllegalStateException("the lookup found no value");
      }
      return value;
    }
  }

  /**
   * A range to read, ascending.
   *
   * @param from first key, inclusive
   * @param to end, exclusive; empty means no end
   * @param maxKeys at most so many keys
   * @param maxBytes stop after the key that reaches this size
   */
  record ScanRequest(Bytes from, Bytes to, int maxKeys, int maxBytes) {}

  /**
   * Ranges to read, each behind its prefix, in the order of what follows the prefix.
   *
   * @param prefixes at least one, all of the same length, all different
   * @param from what follows the prefix of the first key, inclusive
   * @param to end, exclusive; empty means as far as the prefixes go
   * @param maxKeys at most so many keys
   * @param maxBytes stop after the key that reaches this size
   */
  record MergedScan(List<Bytes> prefixes, Bytes from, Bytes to, int maxKeys, int maxBytes) {
    public MergedScan {
      prefixes = List.copyOf(prefixes);
      if (prefixes.isEmpty() || maxKeys < 1) {
        throw new IllegalArgumentException(
            "expected prefixes and a positive maxKeys, were " + prefixes.size() + ", " + maxKeys);
      }
    }

    /** The range behind one prefix. */
    public ScanRequest behind(Bytes prefix) {
      return new ScanRequest(
          prefix.append(from),
          to.isEmpty() ? prefix.successor() : prefix.append(to),
          maxKeys,
          maxBytes);
    }

    /** What follows the prefix of a key. */
    public Bytes suffixOf(Bytes key) {
      return key.from(prefixes.get(0).size());
    }
  }

  /**
   * A part of a range.
   *
   * @param rows in key order; of a merged scan in the order of what follows the prefix, and never
   *     empty if there is a continuation
   * @param continuation where to go on, inclusive; empty if the range is exhausted
   */
  record ScanPage(List<Row> rows, Bytes continuation) {
    public ScanPage {
      rows = List.copyOf(rows);
    }
  }

  /** A key and its value. */
  record Row(Bytes key, Bytes value) {}

  /** Reads one checkpoint from beginning to end. */
  interface SnapshotReader {

    SnapshotMetadata metadata();

    /** The next part, about {@code maxBytes} long; empty once at the end. One call at a time. */
    void next(int maxBytes, Callback<Bytes> callback);

    /** Gives the view back; safe to call twice. */
    void close();
  }

  /** Receives a snapshot; invisible until committed. */
  interface SnapshotWriter {

    /** Adds the next part, exactly as a {@link SnapshotReader} gave it. One call at a time. */
    void append(Bytes part, Callback<Void> callback);

    /**
     * Replaces the whole state and its metadata, atomically and durably. The new state is what the
     * store shows from the callback on; until then nothing may be written to the store.
     */
    void commit(Callback<Void> callback);

    /** Drops what was received; safe to call twice and after a commit. */
    void abort();
  }
}
