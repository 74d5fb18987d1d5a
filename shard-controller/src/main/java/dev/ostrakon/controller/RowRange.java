package dev.ostrakon.controller;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads a whole range of rows, page after page, and decodes them together.
 *
 * <p>Bytes that cannot be read are a failure of the storage: {@code CORRUPT} or {@code
 * NEWER_FORMAT}.
 */
final class RowRange<T> implements Callback<ScanPage> {
  private static final int PAGE_ROWS = 1024;
  private static final int PAGE_BYTES = 1 << 20; // 1 MiB

  private final StateStore store;
  private final Bytes to;
  private final Function<List<Row>, T> format;
  private final Callback<T> callback;
  private final List<Row> rows = new ArrayList<>();

  private RowRange(
      StateStore store, Bytes to, Function<List<Row>, T> format, Callback<T> callback) {
    this.store = store;
    this.to = to;
    this.format = format;
    this.callback = callback;
  }

  /** Reads the rows in [from, to). */
  static <T> void read(
      StateStore store, Bytes from, Bytes to, Function<List<Row>, T> format, Callback<T> callback) {
    new RowRange<>(store, to, format, callback).scan(from);
  }

  private void scan(Bytes from) {
    store.scan(new ScanRequest(from, to, PAGE_ROWS, PAGE_BYTES), this);
  }

  @Override
  public void succeeded(ScanPage page) {
    rows.addAll(page.rows());
    if (page.continuation().isEmpty()) {
      finish();
    } else {
      scan(page.continuation());
    }
  }

  private void finish() {
    T value;
    try {
      value = format.apply(rows);
    } catch (UnreadableBytesException e) {
      failed(failureOf(e));
      return;
    }
    callback.succeeded(value);
  }

  @Override
  public void failed(StorageException cause) {
    callback.failed(cause);
  }

  /** What unreadable bytes in storage, or in the log, mean for the replica. */
  static StorageException failureOf(UnreadableBytesException cause) {
    String what = "the shard controller's state cannot be read: " + cause.getMessage();
    return switch (cause.reason()) {
      case MALFORMED -> StorageException.corrupt(what, cause);
      case NEWER_FORMAT ->
          new StorageException(
              StorageException.Reason.NEWER_FORMAT,
              what + ": nothing is lost; run the version that wrote it, or a newer one",
              cause);
    };
  }
}
