package dev.ostrakon.simulation.engine;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Callbacks;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StorageException;
import java.util.List;

/** The log of one replica in one life of its process, on a {@link SimulatedDisk}. */
public final class SimulatedLogStorage implements LogStorage {

  private static final long READ_MIN_NANOS = 20_000;
  private static final long READ_MAX_NANOS = 2_000_000; // 2 ms

  /** Sees what the replica writes. */
  public interface Witness {
    /** A write is handed over; it has not taken effect yet. */
    void onPersist(LogWrite write);

    /** The oldest write without an answer is about to be reported as durable. */
    void onPersisted();
  }

  private final Simulator simulator;
  private final SimulatedProcess process;
  private final ReplicaDisk replicaDisk;
  private final RandomSource random;
  private final Witness witness;

  /** With everything that was written in this life, durable or not. */
  private final LogImage live;

  private long lastReadNanos;

  /**
   * Opens the log.
   *
   * @param witness is told of each write before it takes effect in {@link #live}
   * @param copiesUnsyncedTail whether what only the page cache shows is made durable first
   */
  public SimulatedLogStorage(
      Simulator simulator,
      SimulatedProcess process,
      ReplicaDisk replicaDisk,
      RandomSource random,
      Witness witness,
      boolean copiesUnsyncedTail) {
    this.simulator = simulator;
    this.process = process;
    this.replicaDisk = replicaDisk;
    this.random = random;
    this.witness = witness;
    this.live = replicaDisk.open(copiesUnsyncedTail);
  }

  /** The log as its replica sees it: durable or not. */
  public LogImage live() {
    return live;
  }

  @Override
  public RecoveredLog recover() {
    return live.recovered();
  }

  @Override
  public void persist(LogWrite write, Callback<Void> callback) {
    if (!process.isAlive()) {
      return;
    }
    witness.onPersist(write);
    live.apply(write);
    replicaDisk
        .disk()
        .write(
            new SimulatedDisk.Write() {
              @Override
              public boolean mustSync() {
                return write.mustSync();
              }

              @Override
              public void becomeDurable() {
                replicaDisk.write(write);
              }

              @Override
              public void stayInCache() {
                replicaDisk.cache(write);
              }

              @Override
              public void loseCache() {
                replicaDisk.loseCache();
              }

              @Override
              public void done() {
                process.execute(
                    () -> {
                      witness.onPersisted();
                      Callbacks.succeed(callback);
                    });
              }

              @Override
              public void failed(StorageException cause) {
                process.execute(() -> callback.failed(cause));
              }
            });
  }

  @Override
  public void read(LogFetch fetch, Callback<List<LogEntry>> callback) {
    List<LogEntry> found = live.read(fetch);
    long latency = random.nextLong(READ_MIN_NANOS, READ_MAX_NANOS);
    lastReadNanos = Math.max(lastReadNanos, simulator.nowNanos() + latency);
    simulator.after(
        lastReadNanos - simulator.nowNanos(), () -> process.run(() -> callback.succeeded(found)));
  }
}
