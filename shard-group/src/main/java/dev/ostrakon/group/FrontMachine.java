package dev.ostrakon.group;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.SnapshotCheck;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A state machine that tells a front what has happened: not in the middle of an entry, but after
 * it, when those who proposed the entry have their answers.
 */
final class FrontMachine implements StateMachine<BatchResult> {
  /** Is told what happened, between two entries. */
  interface Listener {
    /** A request that had been queued was carried out; told at once, for the entry's results. */
    void onExecuted(TxnId txn, RequestOutcome outcome);

    /** An entry was applied and answered. */
    void afterEntry();

    /** Something about this transaction is other than it was. */
    void onChange(TxnId txn);

    /** This transaction is not ready any more, or not where it was. */
    void onUnready(TxnId txn);

    /** The state was read back. */
    void onLoaded();

    /** The state cannot be read or trusted. */
    void onFailed(StorageException cause);
  }

  private final ShardStateMachine machine;
  private final Listener listener;
  private final PendingTxns txns = new PendingTxns();
  private final FrontReplica replica;
  private Set<TxnId> changed = new LinkedHashSet<>();
  private Set<TxnId> unready = new LinkedHashSet<>();
  private long entryCount;

  FrontMachine(Place place, StateStore store, FrontReplica replica, Listener listener) {
    this.replica = replica;
    this.listener = listener;
    this.machine =
        new ShardStateMachine(
            place.group(), store, new Observer(), place.rules(), place.changesLeftMax());
  }

  /** Which group, under which rules; see {@link ShardFrontConfig#changesLeftMax}. */
  record Place(GroupId group, GroupRules rules, int changesLeftMax) {}

  ShardStateMachine machine() {
    return machine;
  }

  PendingTxns txns() {
    return txns;
  }

  long entryCount() {
    return entryCount;
  }

  @Override
  public void restored(SnapshotMetadata at) {
    txns.clear();
    changed.clear();
    unready.clear();
    machine.restored(at);
  }

  @Override
  public void apply(LogEntry entry, Consumer<BatchResult> done) {
    machine.apply(
        entry,
        result -> {
          entryCount++;
          done.accept(result);
          tell();
        });
  }

  @Override
  public boolean isReadable(Bytes command) {
    return machine.isReadable(command);
  }

  @Override
  public SnapshotCheck snapshotCheck() {
    return machine.snapshotCheck();
  }

  @Override
  public void beforeCheckpoint() {
    machine.beforeCheckpoint();
  }

  private void tell() {
    listener.afterEntry();
    if (!unready.isEmpty()) {
      Set<TxnId> past = unready;
      unready = new LinkedHashSet<>();
      past.forEach(listener::onUnready);
    }
    if (!changed.isEmpty()) {
      Set<TxnId> news = changed;
      changed = new LinkedHashSet<>();
      news.forEach(listener::onChange);
    }
  }

  /** Only notes: the state machine is in the middle of an entry. */
  private final class Observer implements ShardObserver {
    @Override
    public void onExecuted(TxnId txn, RequestOutcome outcome) {
      changed.add(txn);
      listener.onExecuted(txn, outcome);
    }

    @Override
    public void onOrdered(TxnId txn) {
      txns.onOrdered(txn, replica.nowNanos());
      changed.add(txn);
    }

    @Override
    public void onReady(TxnId txn, TxnStatus.Ready status) {
      changed.add(txn);
    }

    @Override
    public void onUnready(TxnId txn) {
      unready.add(txn);
      changed.add(txn);
    }

    @Override
    public void onFinished(TxnId txn) {
      txns.onFinished(txn, replica.nowNanos());
    }

    @Override
    public void onDropped(TxnId txn) {
      txns.onDropped(txn);
    }

    @Override
    public void onForgotten(TxnId txn) {
      txns.onForgotten(txn);
    }

    @Override
    public void onLoaded() {
      for (TxnRecord record : machine.state().records.all()) {
        if (record.state == TxnRecord.State.PENDING_FRAGMENT) {
          txns.onOrdered(record.id, replica.nowNanos());
        } else if (record.state == TxnRecord.State.FINISHED && !record.isForgotten) {
          txns.onFinished(record.id, replica.nowNanos());
        }
      }
      listener.onLoaded();
    }

    @Override
    public void onFailed(StorageException cause) {
      listener.onFailed(cause);
    }
  }
}
