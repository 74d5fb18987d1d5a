package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.SnapshotEncoder;
import dev.ostrakon.replica.StateStore.SnapshotReader;
import jetbrains.exodus.env.Cursor;

/**
 * Streams one checkpoint: a read-only transaction that stays open from the first part to the last.
 *
 * <p>Everything but {@link #metadata} happens in the snapshot lane, one step at a time, on
 * whichever worker runs it.
 */
final class XodusSnapshotReader implements SnapshotReader {

  private final StateGeneration generation;
  private final Lane lane;
  private final XodusEnvironment.Snapshot snapshot;
  private final SnapshotMetadata metadata;
  private final Cursor rows;
  private final SnapshotEncoder encoder = new SnapshotEncoder();
  private boolean ended;
  private boolean closed;

  private XodusSnapshotReader(StateGeneration generation, Lane lane) {
    this.generation = generation;
    this.lane = lane;
    this.snapshot = generation.environment().snapshot();
    this.metadata = generation.metadata(snapshot.transaction());
    this.rows = generation.openCursor(snapshot.transaction());
  }

  /** Opens a view of the newest checkpoint; in the lane. */
  static SnapshotReader open(StateGeneration generation, Lane lane) {
    generation.environment().folder().requireIntact();
    if (!generation.acquire()) {
      throw Failures.closed();
    }
    return new XodusSnapshotReader(generation, lane);
  }

  @Override
  public SnapshotMetadata metadata() {
    return metadata;
  }

  @Override
  public void next(int maxBytes, Callback<Bytes> callback) {
    lane.submit(() -> read(maxBytes), callback);
  }

  @Override
  public void close() {
    lane.enqueue(
        () -> {
          if (!closed) {
            closed = true;
            rows.close();
            snapshot.close();
            generation.release();
          }
        });
  }

  private Bytes read(int maxBytes) {
    BlockFolder folder = generation.environment().folder();
    folder.requireIntact();
    if (closed) {
      throw new IllegalStateException("the snapshot reader is closed");
    }
    try {
      while (!ended && encoder.pendingBytes() < maxBytes) {
        if (rows.getNext()) {
          encoder.add(RangeScan.bytesOf(rows.getKey()), RangeScan.bytesOf(rows.getValue()));
        } else {
          encoder.end();
          ended = true;
        }
      }
    } catch (RuntimeException | Error e) {
      throw folder.fail(Failures.of(folder.path(), e));
    }
    folder.requireIntact();
    return encoder.take(maxBytes);
  }
}
