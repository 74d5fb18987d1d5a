package dev.ostrakon.group;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Callbacks;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import dev.ostrakon.replica.StorageException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads a group's rows back into memory, then the values of the keys of what is pending. */
final class StateLoader {
  private static final int PAGE_KEYS = 4096;
  private static final int PAGE_BYTES = 1 << 20; // 1 MiB

  private final ShardState state;
  private final Turns turns;
  private final StateStore store;

  StateLoader(ShardState state, Turns turns, StateStore store) {
    this.state = state;
    this.turns = turns;
    this.store = store;
  }

  void load(Callback<Void> callback) {
    scan(StateRows.GROUP_START, callback);
  }

  private void scan(Bytes from, Callback<Void> callback) {
    store.scan(
        new ScanRequest(from, StateRows.GROUP_END, PAGE_KEYS, PAGE_BYTES),
        new Callback<>() {
          @Override
          public void succeeded(ScanPage page) {
            onPage(page, callback);
          }

          @Override
          public void failed(StorageException cause) {
            callback.failed(cause);
          }
        });
  }

  private void onPage(ScanPage page, Callback<Void> callback) {
    try {
      for (Row row : page.rows()) {
        state.rows.read(row, whole -> StatePersistence.read(state, whole));
      }
      if (page.continuation().isEmpty()) {
        state.rows.endReading(whole -> StatePersistence.read(state, whole));
      }
    } catch (StorageException e) {
      callback.failed(e);
      return;
    }
    if (page.continuation().isEmpty()) {
      loadPending(callback);
    } else {
      scan(page.continuation(), callback);
    }
  }

  private void loadPending(Callback<Void> callback) {
    state.beginLoaded();
    Set<Bytes> rows = new LinkedHashSet<>();
    for (TxnRecord record : state.records.all()) {
      if (record.isPending()) {
        record.requireAccesses().keySet().forEach(key -> rows.add(state.data.row(key)));
      }
    }
    if (rows.isEmpty()) {
      Callbacks.succeed(callback);
      return;
    }
    store.load(
        rows,
        new Callback<>() {
          @Override
          public void succeeded(Void nothing) {
            enqueueAgain();
            Callbacks.succeed(callback);
          }

          @Override
          public void failed(StorageException cause) {
            callback.failed(cause);
          }
        });
  }

  private void enqueueAgain() {
    for (TxnRecord record : state.records.all()) {
      if (record.isPending()) {
        state.data.pin(record.requireAccesses().keySet());
        state.onEnqueued(record);
        state.queues.enqueueAgain(record.id, record.requireAccesses(), record.timestamp);
      }
    }
    for (TxnRecord record : state.records.all()) {
      if (record.isPending()) {
        turns.reserveAgain(record);
      }
    }
  }
}
