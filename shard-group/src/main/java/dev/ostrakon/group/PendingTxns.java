package dev.ostrakon.group;

import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.model.TxnId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

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

  /**
   * Those that have been unfinished for so long; each again after as long. First those that others
   * may wait for, then the rest, each oldest first.
   *
   * @param isFirst whether nothing stands before it here
   */
  List<TxnId> overdue(long nowNanos, long boundNanos, int max, Predicate<TxnId> isFirst) {
    List<TxnId> overdue = takeOverdue(unfinished, nowNanos - boundNanos, max, isFirst);
    overdue.addAll(
        takeOverdue(unfinished, nowNanos - boundNanos, max - overdue.size(), txn -> true));
    overdue.forEach(txn -> unfinished.put(txn, nowNanos));
    return overdue;
  }

  /** Those that have been finished for so long and are not forgotten, oldest first, likewise. */
  List<TxnId> unforgotten(long nowNanos, long boundNanos, int max) {
    List<TxnId> overdue = takeOverdue(unforgotten, nowNanos - boundNanos, max, txn -> true);
    overdue.forEach(txn -> unforgotten.put(txn, nowNanos));
    return overdue;
  }

  /** How many are unfinished. */
  int unfinishedCount() {
    return unfinished.size();
  }

  private static List<TxnId> takeOverdue(
      Map<TxnId, Long> since, long beforeNanos, int max, Predicate<TxnId> isWanted) {
    List<TxnId> overdue = new ArrayList<>();
    Iterator<Map.Entry<TxnId, Long>> all = since.entrySet().iterator();
    while (all.hasNext() && overdue.size() < max) {
      Map.Entry<TxnId, Long> next = all.next();
      if (next.getValue() - beforeNanos > 0) {
        break; // Those that follow are younger.
      }
      if (isWanted.test(next.getKey())) {
        overdue.add(next.getKey());
        all.remove();
      }
    }
    return overdue;
  }
}
