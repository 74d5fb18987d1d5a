package dev.ostrakon.controller;

import dev.ostrakon.controller.StateRows.Head;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Rebuilds the state from the store, after a restart or a snapshot. */
final class StateReader {
  private final StateStore store;
  private final Callback<ControllerState> callback;

  private StateReader(StateStore store, Callback<ControllerState> callback) {
    this.store = store;
    this.callback = callback;
  }

  static void read(StateStore store, Callback<ControllerState> callback) {
    new StateReader(store, callback).start();
  }

  /** All rows but the configurations. */
  record Small(Head head, SortedSet<Slot> pinned, SortedMap<RequestId, FinishedRequest> finished) {}

  private void start() {
    RowRange.read(
        store,
        StateRows.HEAD_KEY,
        StateRows.CONFIGURATIONS_START,
        StateReader::decode,
        then(
            small ->
                small.ifPresentOrElse(
                    this::readNewest, () -> callback.succeeded(ControllerState.empty(store)))));
  }

  static Optional<Small> decode(List<Row> rows) {
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    ByteReader.require(
        rows.size() >= 2
            && rows.get(0).key().equals(StateRows.HEAD_KEY)
            && rows.get(1).key().equals(StateRows.PINNED_KEY),
        "the head or the pinned slots are missing");
    TreeMap<RequestId, FinishedRequest> finished = new TreeMap<>();
    for (Row row : rows.subList(2, rows.size())) {
      finished.put(StateRows.readFinishedKey(row.key()), StateRows.readFinished(row.value()));
    }
    Bytes head = rows.get(0).value();
    Bytes pinned = rows.get(1).value();
    return Optional.of(new Small(StateRows.readHead(head), StateRows.readPinned(pinned), finished));
  }

  private void readNewest(Small small) {
    new ConfigurationHistory(store)
        .read(small.head().number(), then(configuration -> finish(small, configuration)));
  }

  private void finish(Small small, Configuration configuration) {
    Head head = small.head();
    Assignment assignment = new Assignment(configuration, small.pinned());
    ControllerState state =
        ControllerState.of(
            store,
            new ControllerState.Stored(
                new Founded(head.rules(), assignment),
                head.clock(),
                head.floor(),
                small.finished()));
    state.checkInvariants();
    callback.succeeded(state);
  }

  private <T> Callback<T> then(Consumer<T> next) {
    return new Callback<>() {
      @Override
      public void succeeded(T value) {
        next.accept(value);
      }

      @Override
      public void failed(StorageException cause) {
        callback.failed(cause);
      }
    };
  }
}
