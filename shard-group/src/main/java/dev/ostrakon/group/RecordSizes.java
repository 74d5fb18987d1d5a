package dev.ostrakon.group;

import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.model.Value;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;

/** How much of the heap a transaction's record takes, without what the queues keep of it. */
final class RecordSizes {
  /** The record itself and its entries in two maps. */
  private static final int RECORD = 88 + HeapSizes.HASH_ENTRY + HeapSizes.TREE_ENTRY;

  private RecordSizes() {}

  static long of(TxnRecord record, ShardData data) {
    long bytes = RECORD + HeapSizes.groups(record.participants) + HeapSizes.TIMESTAMP;
    bytes += record.timestamp.equals(record.proposal) ? 0 : HeapSizes.TIMESTAMP;
    if (record.request == null) {
      bytes += HeapSizes.TXN_ID + HeapSizes.TIMESTAMP;
    } else {
      bytes += HeapSizes.request(record.request);
    }
    if (record.accesses != null) {
      bytes += HeapSizes.TREE + (long) HeapSizes.TREE_ENTRY * record.accesses.size();
    }
    if (record.evaluation != null) {
      bytes += HeapSizes.evaluation(record.evaluation, isPinned(record, data));
    }
    if (record.outcome != null) {
      bytes += HeapSizes.outcome(record.outcome) + HeapSizes.results(record.results);
    }
    if (record.refusal != null && !record.refusal.equals(TxnRecord.NOT_ORDERED)) {
      bytes += HeapSizes.refusal(record.refusal);
    }
    return bytes;
  }

  /** What was read of a pinned key is the value that is pinned. */
  private static Predicate<Value> isPinned(TxnRecord record, ShardData data) {
    Set<Value> pinned = Collections.newSetFromMap(new IdentityHashMap<>());
    record.requireAccesses().keySet().forEach(key -> data.pinnedValue(key).ifPresent(pinned::add));
    return pinned::contains;
  }
}
