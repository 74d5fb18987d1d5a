package dev.ostrakon.checker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds appends that were acknowledged before a read of their list was called that misses them. */
final class LostAppends {
  private final List<TxnOperation> history;
  private final Anomalies anomalies;

  LostAppends(List<TxnOperation> history, Anomalies anomalies) {
    this.history = history;
    this.anomalies = anomalies;
  }

  void check(ListReads reads) {
    Map<ListHistory, TxnOperation> lastReaders = new LinkedHashMap<>();
    for (ListReads.Seen seen : reads.seen()) {
      lastReaders.merge(seen.list(), history.get(seen.operation()), LostAppends::later);
    }
    lastReaders.forEach(this::checkList);
  }

  private static TxnOperation later(TxnOperation left, TxnOperation right) {
    return left.span().called() >= right.span().called() ? left : right;
  }

  private void checkList(ListHistory list, TxnOperation lastReader) {
    for (int writer : list.unobserved()) {
      TxnOperation append = history.get(writer);
      if (append.span().isBefore(lastReader.span())) {
        anomalies.add(
            "lost-append",
            "an append to "
                + list.key()
                + " is in no read, not even in one called after its answer",
            List.of(append, lastReader));
      }
    }
  }
}
