package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StateStore.MergedScan;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Carries a merged scan out by one scan a prefix, all called in the same turn and therefore of the
 * same moment.
 */
final class MergedScans {

  private final MergedScan request;
  private final Callback<ScanPage> callback;
  private final List<Row> rows = new ArrayList<>();

  /** Beyond this not every range was read; empty for no such end. */
  private Bytes end = Bytes.EMPTY;

  private int missing;
  private boolean failed;

  MergedScans(MergedScan request, Callback<ScanPage> callback) {
    this.request = request;
    this.callback = callback;
    this.missing = request.prefixes().size();
  }

  void run(StateStore store) {
    for (Bytes prefix : request.prefixes()) {
      store.scan(
          request.behind(prefix),
          new Callback<>() {
            @Override
            public void succeeded(ScanPage page) {
              onPage(page);
            }

            @Override
            public void failed(StorageException cause) {
              if (!failed) {
                failed = true;
                callback.failed(cause);
              }
            }
          });
    }
  }

  private void onPage(ScanPage page) {
    rows.addAll(page.rows());
    if (!page.continuation().isEmpty()) {
      Bytes continuation = request.suffixOf(page.continuation());
      end = end.isEmpty() || continuation.compareTo(end) < 0 ? continuation : end;
    }
    missing--;
    if (missing == 0 && !failed) {
      callback.succeeded(merge());
    }
  }

  private ScanPage merge() {
    rows.sort(Comparator.comparing(row -> request.suffixOf(row.key())));
    List<Row> merged = new ArrayList<>();
    long bytes = 0;
    for (Row row : rows) {
      Bytes suffix = request.suffixOf(row.key());
      if (!end.isEmpty() && suffix.compareTo(end) >= 0) {
        break;
      }
      if (merged.size() >= request.maxKeys() || bytes >= request.maxBytes()) {
        return new ScanPage(merged, suffix);
      }
      merged.add(row);
      bytes += row.key().size() + row.value().size();
    }
    return new ScanPage(merged, end);
  }
}
