package dev.ostrakon.simulation.mutant;

import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Callbacks;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import java.util.ArrayDeque;
import java.util.List;

/** A log storage that breaks one promise. */
final class MutantLogStorage implements LogStorage {

  private final LogStorage real;
  private final SimulatedProcess process;
  private final LogMutation mutation;

  /** Callbacks of writes that were handed over and not reported. */
  private final ArrayDeque<Callback<Void>> waiting = new ArrayDeque<>();

  MutantLogStorage(LogStorage real, SimulatedProcess process, LogMutation mutation) {
    this.real = real;
    this.process = process;
    this.mutation = mutation;
  }

  @Override
  public RecoveredLog recover() {
    return real.recover();
  }

  @Override
  public void persist(LogWrite write, Callback<Void> callback) {
    switch (mutation) {
      case NONE -> real.persist(write, callback);
      case FORGET_VOTE ->
          real.persist(
              withHardState(
                  write, write.hardState().term(), ReplicaId.NONE, write.hardState().commitIndex()),
              callback);
      case FORGET_TERM ->
          real.persist(
              withHardState(write, 0, ReplicaId.NONE, write.hardState().commitIndex()), callback);
      case REPORT_EARLY -> {
        real.persist(write, ignoring(callback));
        process.execute(() -> Callbacks.succeed(callback));
      }
      case REPORT_LATER_ONES_TOO -> {
        waiting.addLast(callback);
        real.persist(write, reportingAll(callback));
      }
    }
  }

  private static LogWrite withHardState(
      LogWrite write, long term, ReplicaId votedFor, long commitIndex) {
    return new LogWrite(
        new HardState(term, votedFor, commitIndex),
        write.hardStateChanged(),
        write.resetTo(),
        write.entries(),
        write.compactTo());
  }

  private static Callback<Void> ignoring(Callback<Void> callback) {
    return new Callback<>() {
      @Override
      public void succeeded(Void nothing) {}

      @Override
      public void failed(StorageException cause) {
        callback.failed(cause);
      }
    };
  }

  private Callback<Void> reportingAll(Callback<Void> callback) {
    return new Callback<>() {
      @Override
      public void succeeded(Void nothing) {
        while (!waiting.isEmpty()) {
          Callbacks.succeed(waiting.removeFirst());
        }
      }

      @Override
      public void failed(StorageException cause) {
        callback.failed(cause);
      }
    };
  }

  @Override
  public void read(LogFetch fetch, Callback<List<LogEntry>> callback) {
    real.read(fetch, callback);
  }
}
