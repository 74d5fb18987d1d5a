package dev.ostrakon.group;

import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.model.TxnId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Since when this replica knows of transactions that somebody has to bring to their end: first to
 * an outcome, then to be forgotten.
 */
final class PendingTxns {
  /** An entry and a boxed number. */
  private static final int ENTRY_BYTES = HeapSizes.LINKED_ENTRY + 24;

  private final Map<TxnId, Long> unfinished = new LinkedHashMap<>();
  private final Map<TxnId, Long> unforgotten = new LinkedHashMap<>();

  /** What it takes of the heap besides the ids, which are the records'; an estimate. */
  long heapBytes() {
    return (long) ENTRY_BYTES * (unfinished.size() + unforgotten.size());
  }

  void clear() {
    unfinished.clear();
    unforgotten.clear();
  }

  void onOrdered(TxnId txn, long nowNanos) {
    unfinished.put(txn, nowNanos);
  }

  void onFinished(TxnId txn, long nowNanos) {
    unfinished.remove(txn);
    unforgotten.put(txn, nowNanos);
  }

  void onDropped(TxnId txn) {
    unfinished.remove(txn);
  }

  void onForgotten(TxnId txn) {
    unforgotten.remove(txn);
  }

  /** The time before had another origin: everything begins now. */
  void restart(long nowNanos) {
    unfinished.replaceAll((txn, since) -> nowNanos);
    unforgotten.replaceAll((txn, since) -> nowNanos);
  }

  /** Those that have been unfinished for so long, oldest first; each again after as long. */
  List<TxnId> overdue(long nowNanos, long boundNanos, int max) {
    return takeOverdue(unfinished, nowNanos, boundNanos, max);
  }

  /** Those that have been finished for so long and are not forgotten, oldest first, likewise. */
  List<TxnId> unforgotten(long nowNanos, long boundNanos, int max) {
    return takeOverdue(unforgotten, nowNanos, boundNanos, max);
  }

  private static List<TxnId> takeOverdue(
      Map<TxnId, Long> since, long nowNanos, long boundNanos, int max) {
    List<TxnId> overdue = new ArrayList<>();
    Iterator<Map.Entry<TxnId, Long>> all = since.entrySet().iterator();
    while (all.hasNext() && overdue.size() < max) {
      Map.Entry<TxnId, Long> next = all.next();
      if (nowNanos - next.getValue() < boundNanos) {
        break; // Those that follow are younger.
      }
      overdue.add(next.getKey());
      all.remove();
    }
    overdue.forEach(txn -> since.put(txn, nowNanos));
    return overdue;
  }
}
