package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.StateStore.Row;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;

/**
 * One generation of the state of a group on disk: all its checkpoints since it was created or since
 * a snapshot was installed. Used from worker threads.
 *
 * <p>Closed when it was retired and nobody reads it any more.
 */
final class StateGeneration {

  private static final ArrayByteIterable METADATA_KEY = new ArrayByteIterable(new byte[] {1});
  private static final SnapshotMetadata NEW = new SnapshotMetadata(EntryId.ZERO, Membership.EMPTY);

  private final long group;
  private final long number;
  private final XodusEnvironment environment;
  private final Store rows;
  private final Store metadata;

  // Guarded by this.
  private int readers;
  private boolean retired;
  private boolean closed;
  private Runnable whenClosed = () -> {};

  StateGeneration(long group, long number, XodusEnvironment environment) {
    this.group = group;
    this.number = number;
    this.environment = environment;
    this.rows = environment.openStore("rows", StoreConfig.WITHOUT_DUPLICATES);
    this.metadata = environment.openStore("metadata", StoreConfig.WITHOUT_DUPLICATES);
  }

  long number() {
    return number;
  }

  XodusEnvironment environment() {
    return environment;
  }

  SnapshotMetadata metadata() {
    return environment.read(this::metadata);
  }

  SnapshotMetadata metadata(Transaction txn) {
    ByteIterable stored = metadata.get(txn, METADATA_KEY);
    return stored == null ? NEW : MetadataCodec.decode(environment.folder().path(), group, stored);
  }

  /** Reads the values of keys; {@link Overlay#ABSENT} for those that do not exist. */
  Map<Bytes, Bytes> load(Collection<Bytes> keys) {
    return environment.read(
        txn -> {
          Map<Bytes, Bytes> found = new HashMap<>();
          for (Bytes key : keys) {
            ByteIterable value = rows.get(txn, new ArrayByteIterable(key.sharedArray()));
            found.put(key, value == null ? Overlay.ABSENT : RangeScan.bytesOf(value));
          }
          return found;
        });
  }

  Cursor openCursor(Transaction txn) {
    return rows.openCursor(txn);
  }

  /**
   * Writes sorted changes and the metadata as one durable step.
   *
   * @param beforeCommit runs when everything is prepared but not visible yet
   */
  void checkpoint(Overlay changes, SnapshotMetadata at, Runnable beforeCommit) {
    environment.write(
        txn -> {
          changes.forEach((key, value) -> change(txn, key, value));
          metadata.put(txn, METADATA_KEY, MetadataCodec.encode(group, at));
          beforeCommit.run();
          return true;
        });
  }

  /** Adds rows of a snapshot, which come in ascending order. */
  void addRows(List<Row> added) {
    environment.write(
        txn -> {
          for (Row row : added) {
            ArrayByteIterable key = new ArrayByteIterable(row.key().sharedArray());
            rows.putRight(txn, key, new ArrayByteIterable(row.value().sharedArray()));
          }
          return true;
        });
  }

  /** Registers a reader; false if the generation was closed. */
  synchronized boolean acquire() {
    if (!closed) {
      readers++;
    }
    return !closed;
  }

  synchronized void release() {
    readers--;
    closeIfUnused();
  }

  /** Closes once the last reader is gone, and then runs the task. */
  synchronized void retire(Runnable task) {
    retired = true;
    whenClosed = task;
    closeIfUnused();
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      environment.close();
    }
  }

  private void closeIfUnused() {
    if (retired && readers == 0 && !closed) {
      close();
      whenClosed.run();
    }
  }

  private void change(Transaction txn, Bytes key, Bytes value) {
    ArrayByteIterable stored = new ArrayByteIterable(key.sharedArray());
    if (Overlay.isAbsent(value)) {
      rows.delete(txn, stored);
    } else {
      rows.put(txn, stored, new ArrayByteIterable(value.sharedArray()));
    }
  }
}
