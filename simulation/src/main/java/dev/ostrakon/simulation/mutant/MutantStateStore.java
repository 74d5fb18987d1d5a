package dev.ostrakon.simulation.mutant;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Callbacks;
import dev.ostrakon.replica.SnapshotDecoder;
import dev.ostrakon.replica.SnapshotEncoder;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import java.util.Collection;
import java.util.function.Consumer;

/** A state store that breaks one promise. */
final class MutantStateStore implements StateStore {

  private final StateStore real;
  private final SimulatedProcess process;
  private final StateMutation mutation;
  private SnapshotMetadata lastCheckpoint;
  private boolean running;

  MutantStateStore(StateStore real, SimulatedProcess process, StateMutation mutation) {
    this.real = real;
    this.process = process;
    this.mutation = mutation;
    this.lastCheckpoint = real.recover();
  }

  @Override
  public SnapshotMetadata recover() {
    return real.recover();
  }

  @Override
  public Lookup lookup(Bytes key) {
    return real.lookup(key);
  }

  @Override
  public void load(Collection<Bytes> keys, Callback<Void> callback) {
    real.load(keys, callback);
  }

  @Override
  public void put(Bytes key, Bytes value) {
    real.put(key, value);
  }

  @Override
  public void delete(Bytes key) {
    real.delete(key);
  }

  @Override
  public void scan(ScanRequest request, Callback<ScanPage> callback) {
    real.scan(request, callback);
  }

  @Override
  public long overlayBytes() {
    return real.overlayBytes();
  }

  @Override
  public void checkpoint(SnapshotMetadata at, Callback<Void> callback) {
    if (mutation == StateMutation.OLD_INDEX && lastCheckpoint.index() > 0) {
      real.checkpoint(lastCheckpoint, callback);
      lastCheckpoint = at;
    } else if (mutation == StateMutation.REPORT_CHECKPOINT_EARLY) {
      process.execute(() -> Callbacks.succeed(callback));
      checkpointUnlessRunning(at, callback);
    } else {
      lastCheckpoint = at;
      real.checkpoint(at, callback);
    }
  }

  private void checkpointUnlessRunning(SnapshotMetadata at, Callback<Void> callback) {
    if (!running) {
      running = true;
      real.checkpoint(at, then(callback, nothing -> running = false));
    }
  }

  @Override
  public void openSnapshot(Callback<SnapshotReader> callback) {
    real.openSnapshot(callback);
  }

  @Override
  public void beginInstall(SnapshotMetadata metadata, Callback<SnapshotWriter> callback) {
    real.beginInstall(
        metadata,
        then(
            callback,
            writer ->
                callback.succeeded(
                    switch (mutation) {
                      case INDEX_ONLY -> new IndexOnlyWriter(writer, metadata);
                      case HALF_THE_ROWS -> new HalfWriter(writer);
                      case NONE, REPORT_CHECKPOINT_EARLY, OLD_INDEX -> writer;
                    })));
  }

  private static <T> Callback<T> then(Callback<?> failure, Consumer<T> success) {
    return new Callback<>() {
      @Override
      public void succeeded(T value) {
        success.accept(value);
      }

      @Override
      public void failed(StorageException cause) {
        failure.failed(cause);
      }
    };
  }

  /** Stores the metadata of the snapshot with the rows that are there already. */
  private final class IndexOnlyWriter implements SnapshotWriter {
    private final SnapshotWriter writer;
    private final SnapshotMetadata metadata;

    IndexOnlyWriter(SnapshotWriter writer, SnapshotMetadata metadata) {
      this.writer = writer;
      this.metadata = metadata;
    }

    @Override
    public void append(Bytes part, Callback<Void> callback) {
      writer.append(part, callback);
    }

    @Override
    public void commit(Callback<Void> callback) {
      writer.abort();
      real.checkpoint(metadata, callback);
    }

    @Override
    public void abort() {
      writer.abort();
    }
  }

  /** Drops every other row. */
  private static final class HalfWriter implements SnapshotWriter {
    private final SnapshotWriter writer;
    private final SnapshotDecoder decoder = new SnapshotDecoder();
    private final SnapshotEncoder encoder = new SnapshotEncoder();
    private int count;

    HalfWriter(SnapshotWriter writer) {
      this.writer = writer;
    }

    @Override
    public void append(Bytes part, Callback<Void> callback) {
      decoder.feed(
          part,
          (key, value) -> {
            if (count++ % 2 == 0) {
              encoder.add(key, value);
            }
          });
      writer.append(encoder.take(encoder.pendingBytes()), callback);
    }

    @Override
    public void commit(Callback<Void> callback) {
      encoder.end();
      writer.append(
          encoder.take(encoder.pendingBytes()), then(callback, nothing -> writer.commit(callback)));
    }

    @Override
    public void abort() {
      writer.abort();
    }
  }
}
