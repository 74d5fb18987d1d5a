package dev.ostrakon.simulation.engine;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.SnapshotEncoder;
import dev.ostrakon.replica.StateStore;
import java.util.Iterator;
import java.util.Map;

/** Reads one checkpoint; the checkpoint stays as it is while newer ones replace it. */
final class SimulatedSnapshotReader implements StateStore.SnapshotReader {

  private final SnapshotMetadata metadata;
  private final Iterator<Map.Entry<Bytes, Bytes>> rows;
  private final SnapshotEncoder encoder = new SnapshotEncoder();
  private final SimulatedStateStore store;
  private boolean ended;
  private boolean closed;

  SimulatedSnapshotReader(StateImage image, SimulatedStateStore store) {
    this.metadata = image.metadata();
    this.rows = image.rows().entrySet().iterator();
    this.store = store;
  }

  @Override
  public SnapshotMetadata metadata() {
    return metadata;
  }

  @Override
  public void next(int maxBytes, Callback<Bytes> callback) {
    if (closed) {
      throw new IllegalStateException("the snapshot reader is closed");
    }
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
    store.afterRead(() -> callback.succeeded(part));
  }

  @Override
  public void close() {
    closed = true;
  }
}
