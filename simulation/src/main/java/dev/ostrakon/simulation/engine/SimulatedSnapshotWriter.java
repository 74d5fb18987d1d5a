package dev.ostrakon.simulation.engine;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Callbacks;
import dev.ostrakon.replica.SnapshotDecoder;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.Collections;
import java.util.TreeMap;

/** Receives one snapshot; nothing of it is seen, or survives a crash, before it is committed. */
final class SimulatedSnapshotWriter implements StateStore.SnapshotWriter {

  private final SnapshotMetadata metadata;
  private final SimulatedStateStore store;
  private final SnapshotDecoder decoder = new SnapshotDecoder();
  private final TreeMap<Bytes, Bytes> received = new TreeMap<>();
  private boolean closed;

  SimulatedSnapshotWriter(SnapshotMetadata metadata, SimulatedStateStore store) {
    this.metadata = metadata;
    this.store = store;
  }

  @Override
  public void append(Bytes part, Callback<Void> callback) {
    requireOpen();
    store.afterRead(
        () -> {
          try {
            decoder.feed(part, received::put);
          } catch (StorageException e) {
            callback.failed(e);
            return;
          }
          Callbacks.succeed(callback);
        });
  }

  @Override
  public void commit(Callback<Void> callback) {
    requireOpen();
    closed = true;
    try {
      decoder.requireComplete();
    } catch (StorageException e) {
      store.afterRead(() -> callback.failed(e));
      return;
    }
    store.install(
        new StateImage(metadata, Collections.unmodifiableNavigableMap(received)), callback);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the snapshot writer is closed");
    }
  }

  @Override
  public void abort() {
    closed = true;
  }
}
