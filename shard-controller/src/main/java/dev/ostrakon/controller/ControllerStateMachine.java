package dev.ostrakon.controller;

import dev.ostrakon.controller.ConfigurationQuery.Numbered;
import dev.ostrakon.controller.ControllerRefusal.Reason;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.SnapshotCheck;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shard controller as a replicated state machine: entries of {@link EntryCodec} in, {@link
 * ControllerAnswer}s out, and queries of any configuration there ever was.
 *
 * <p>Threading: confined to the replica's owner.
 *
 * <p>Memory: the newest configuration, its pinned slots and the finished requests, all bounded by
 * {@link ControllerRules}; older configurations are in the state store only.
 *
 * <p>Failure: bytes in the log that are no entry are refused, on all replicas alike. An entry or a
 * row of a newer format stops the replica, because a replica that skipped what others carry out
 * would go another way than they; so does a failure of the state store.
 */
public final class ControllerStateMachine implements StateMachine<ControllerAnswer> {
  /** Queries that wait for the disk or for the state to be read; more are refused. */
  static final int WAITING_QUERIES_MAX = 1000;

  private final StateStore store;
  private final Consumer<StorageException> onStorageFailure;

  /** What waits until the state is read: at most one entry, and queries within their bound. */
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  /** Volatile: read from the store after each restore; null until then. */
  private @Nullable ControllerState state;

  private long restoreCount;
  private int waitingQueries;

  /**
   * @param onStorageFailure told if the store fails or holds what cannot be read, or the log holds
   *     an entry of a newer format; the replica must stop then, and no answer follows
   */
  public ControllerStateMachine(StateStore store, Consumer<StorageException> onStorageFailure) {
    this.store = store;
    this.onStorageFailure = onStorageFailure;
  }

  @Override
  public void restored(SnapshotMetadata at) {
    restoreCount++;
    long restore = restoreCount;
    state = null;
    StateReader.read(
        store,
        new Callback<>() {
          @Override
          public void succeeded(ControllerState read) {
            if (restore == restoreCount) {
              onRead(read);
            }
          }

          @Override
          public void failed(StorageException cause) {
            if (restore == restoreCount) {
              onStorageFailure.accept(cause);
            }
          }
        });
  }

  private void onRead(ControllerState read) {
    state = read;
    // Whatever these add waits for the next restore, so the number to run is known.
    for (int count = waiting.size(); count > 0; count--) {
      waiting.removeFirst().run();
    }
  }

  @Override
  public void apply(LogEntry entry, Consumer<ControllerAnswer> done) {
    ControllerState present = state;
    if (present == null) {
      waiting.addLast(() -> apply(entry, done));
    } else {
      decode(entry, done).ifPresent(decoded -> done.accept(present.apply(decoded)));
    }
  }

  /** The entry, or nothing if it has been dealt with because it is none. */
  private Optional<ControllerEntry> decode(LogEntry entry, Consumer<ControllerAnswer> done) {
    try {
      return Optional.of(EntryCodec.decode(entry.payload()));
    } catch (UnreadableBytesException e) {
      switch (e.reason()) {
        case MALFORMED -> done.accept(malformed(entry, e));
        case NEWER_FORMAT -> onStorageFailure.accept(RowRange.failureOf(e));
      }
      return Optional.empty();
    }
  }

  private static ControllerAnswer malformed(LogEntry entry, UnreadableBytesException problem) {
    return new ControllerAnswer.Refused(
        new ControllerRefusal(
            Reason.MALFORMED,
            "entry " + entry.id() + " is no controller entry: " + problem.getMessage()));
  }

  @Override
  public boolean isReadable(Bytes command) {
    return EntryCodec.isReadable(command);
  }

  @Override
  public SnapshotCheck snapshotCheck() {
    return new StateCheck();
  }

  /** Does nothing: the store always holds the state of the last applied entry. */
  @Override
  public void beforeCheckpoint() {}

  /**
   * Finds a configuration. The answer is linearizable if the caller asked the replica for a read
   * and calls this when it is ready; the newest configuration is answered at once then, older ones
   * once they are read.
   *
   * @param callback called exactly once, on the owner
   */
  public void query(ConfigurationQuery query, Callback<QueryAnswer> callback) {
    ControllerState present = state;
    if (present != null) {
      queryIn(present, query, callback);
    } else if (admitQuery(callback)) {
      waiting.addLast(
          () -> {
            waitingQueries--;
            query(query, callback);
          });
    }
  }

  private void queryIn(
      ControllerState present, ConfigurationQuery query, Callback<QueryAnswer> callback) {
    Optional<Configuration> newest = present.configuration();
    if (newest.isEmpty()) {
      refuse(callback, Reason.NOT_FOUNDED, "the controller has no configuration yet");
      return;
    }
    long newestNumber = newest.get().number();
    long wanted = query instanceof Numbered numbered ? numbered.number() : newestNumber;
    if (wanted < 0 || wanted > newestNumber) {
      refuse(
          callback,
          Reason.UNKNOWN_CONFIGURATION,
          "configurations are numbered from 0 to %d (-1 stands for the newest), was %d"
              .formatted(newestNumber, wanted));
    } else if (wanted == newestNumber) {
      callback.succeeded(new QueryAnswer.Found(newest.get()));
    } else if (admitQuery(callback)) {
      present.history().read(wanted, new HistoryRead(callback));
    }
  }

  private boolean admitQuery(Callback<QueryAnswer> callback) {
    if (waitingQueries >= WAITING_QUERIES_MAX) {
      refuse(
          callback,
          Reason.OVERLOADED,
          "at most %d queries wait at a time; come back later".formatted(WAITING_QUERIES_MAX));
      return false;
    }
    waitingQueries++;
    return true;
  }

  private static void refuse(Callback<QueryAnswer> callback, Reason reason, String detail) {
    callback.succeeded(new QueryAnswer.Refused(new ControllerRefusal(reason, detail)));
  }

  /**
   * The newest configuration that this replica knows; perhaps not the newest there is. Empty while
   * there is none or the state is being read.
   */
  public Optional<Configuration> newestConfiguration() {
    ControllerState present = state;
    return present == null ? Optional.empty() : present.configuration();
  }

  /** The rules, as far as this replica knows; empty while it knows none. */
  public Optional<ControllerRules> rules() {
    ControllerState present = state;
    return present == null ? Optional.empty() : present.rules();
  }

  /** The group's clock: the highest timestamp of an entry so far. */
  public HybridTimestamp clock() {
    ControllerState present = state;
    return present == null ? HybridTimestamp.ZERO : present.clock();
  }

  /** Checks the invariants of the state; for tests, which call it after every step. */
  public void checkInvariants() {
    ControllerState present = state;
    if (present != null) {
      present.checkInvariants();
    }
  }

  private final class HistoryRead implements Callback<Configuration> {
    private final Callback<QueryAnswer> callback;

    HistoryRead(Callback<QueryAnswer> callback) {
      this.callback = callback;
    }

    @Override
    public void succeeded(Configuration configuration) {
      waitingQueries--;
      callback.succeeded(new QueryAnswer.Found(configuration));
    }

    @Override
    public void failed(StorageException cause) {
      waitingQueries--;
      onStorageFailure.accept(cause);
      callback.failed(cause);
    }
  }
}
