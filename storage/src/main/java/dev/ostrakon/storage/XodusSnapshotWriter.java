package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Callbacks;
import dev.ostrakon.replica.SnapshotDecoder;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.SnapshotWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Receives a snapshot into a generation of its own, beside the one in force.
 *
 * <p>Called by the owner; works in the snapshot lane.
 */
final class XodusSnapshotWriter implements SnapshotWriter {

  /** Rows are written when so much has gathered: one transaction. */
  private static final int WRITE_BYTES = 8 << 20; // 8 MiB

  private final XodusStateStore store;
  private final StateFolder folder;
  private final SnapshotMetadata metadata;
  private final Lane lane;

  private boolean committed;

  // Confined to the lane.
  private final SnapshotDecoder decoder = new SnapshotDecoder();
  private List<Row> gathered = new ArrayList<>();
  private long gatheredBytes;
  private @Nullable StateGeneration target;

  XodusSnapshotWriter(
      XodusStateStore store, StateFolder folder, SnapshotMetadata metadata, Lane lane) {
    this.store = store;
    this.folder = folder;
    this.metadata = metadata;
    this.lane = lane;
  }

  /** Creates the generation; in the lane. */
  void begin(long number) {
    target = folder.create(number);
  }

  @Override
  public void append(Bytes part, Callback<Void> callback) {
    lane.submit(
        () -> {
          decoder.feed(part, this::gather);
          return true;
        },
        Completions.of(done -> Callbacks.succeed(callback), callback));
  }

  @Override
  public void commit(Callback<Void> callback) {
    committed = true;
    store.takeOver(this, callback);
  }

  @Override
  public void abort() {
    if (committed) {
      return;
    }
    lane.enqueue(
        () -> {
          StateGeneration started = target;
          if (started != null) {
            target = null;
            folder.discard(started);
          }
        });
  }

  /** Completes the generation and puts it in force, durably; in the lane. */
  StateGeneration finish() {
    decoder.requireComplete();
    StateGeneration complete = open();
    write();
    complete.checkpoint(Overlay.EMPTY, metadata, () -> {});
    folder.makeCurrent(complete);
    return complete;
  }

  private void gather(Bytes key, Bytes value) {
    gathered.add(new Row(key, value));
    gatheredBytes += key.size() + value.size();
    if (gatheredBytes >= WRITE_BYTES) {
      write();
    }
  }

  private void write() {
    open().addRows(gathered);
    gathered = new ArrayList<>();
    gatheredBytes = 0;
  }

  private StateGeneration open() {
    StateGeneration started = target;
    if (started == null) {
      throw new IllegalStateException("the snapshot writer was aborted");
    }
    return started;
  }
}
