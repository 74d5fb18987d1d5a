package dev.ostrakon.group;

import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.TxnId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The records of a group, by id; remembers which of them are still to be written. */
final class TxnRecords {
  private record Expiry(long atMillis, TxnId id) implements Comparable<Expiry> {
    @Override
    public int compareTo(Expiry other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : id.compareTo(other.id);
    }
  }

  private static final int EXPIRY_BYTES = 24 + HeapSizes.TREE_ENTRY;

  /** For every step of a transaction; the order is for attempts, acknowledgements, checkpoints. */
  private final Map<TxnId, TxnRecord> byId = new HashMap<>();

  private final NavigableMap<TxnId, TxnRecord> inOrder = new TreeMap<>();
  private final TreeSet<Expiry> expiries = new TreeSet<>();
  private final Map<TxnId, TxnRecord> dirty = new LinkedHashMap<>();
  private final List<TxnId> removed = new ArrayList<>();
  private final ToLongFunction<TxnRecord> size;
  private long bytes;

  /**
   * @param size how much of the heap a record takes
   */
  TxnRecords(ToLongFunction<TxnRecord> size) {
    this.size = size;
  }

  /** What all of it takes of the heap; an estimate. */
  long heapBytes() {
    return bytes
        + (long) EXPIRY_BYTES * expiries.size()
        + (long) HeapSizes.LINKED_ENTRY * dirty.size()
        + (long) (HeapSizes.TXN_ID + HeapSizes.REFERENCE) * removed.size();
  }

  int size() {
    return byId.size();
  }

  /** Those that are held without a reason: for checks while nothing is pending anywhere. */
  List<TxnRecord> superfluous(Predicate<TxnRecord> isSettled, HybridTimestamp clock) {
    List<TxnRecord> found = new ArrayList<>();
    for (TxnRecord record : byId.values()) {
      boolean mayGo = record.mayExpire() && isSettled.test(record);
      boolean hasExpired =
          record.expiresAtMillis != TxnRecord.NEVER && record.expiresAtMillis < clock.wallMillis();
      if (record.isReadOnly || mayGo || hasExpired || !record.mayExpire()) {
        found.add(record);
      }
    }
    return found;
  }

  @Nullable TxnRecord find(TxnId id) {
    return byId.get(id);
  }

  Collection<TxnRecord> all() {
    return inOrder.values();
  }

  /** Whether some other attempt at the request is pending. */
  boolean isAnotherAttemptPending(TxnId id) {
    if (byId.isEmpty()) {
      return false;
    }
    for (TxnRecord record : attempts(id.request())) {
      if (record.isPending() && !record.id.equals(id)) {
        return true;
      }
    }
    return false;
  }

  /** The records of all attempts at a request, ascending. */
  List<TxnRecord> attempts(RequestId request) {
    if (byId.isEmpty()) {
      return List.of();
    }
    return within(new TxnId(request, 1), new TxnId(request, Integer.MAX_VALUE));
  }

  private List<TxnRecord> within(TxnId from, TxnId to) {
    Map.Entry<TxnId, TxnRecord> next = inOrder.ceilingEntry(from);
    if (next == null || next.getKey().compareTo(to) > 0) {
      return List.of(); // By far the most frequent case.
    }
    List<TxnRecord> records = new ArrayList<>();
    for (TxnRecord record : inOrder.tailMap(from, true).values()) {
      if (record.id.compareTo(to) > 0) {
        break;
      }
      records.add(record);
    }
    return Collections.unmodifiableList(records);
  }

  /** The attempt at the request that is pending, of which there is at most one. */
  Optional<TxnRecord> pendingAttempt(RequestId request) {
    return attempts(request).stream().filter(TxnRecord::isPending).findFirst();
  }

  /** The records of a client's requests with sequences after one and up to another. */
  List<TxnRecord> between(ClientId client, long after, long upTo) {
    if (byId.isEmpty()) {
      return List.of();
    }
    TxnId from = new TxnId(new RequestId(client, after + 1), 1);
    return within(from, new TxnId(new RequestId(client, upTo), Integer.MAX_VALUE));
  }

  /** Whether there is any of these. */
  boolean hasAnyBetween(ClientId client, long after, long upTo) {
    if (byId.isEmpty() || upTo <= after) {
      return false;
    }
    TxnId next = inOrder.ceilingKey(new TxnId(new RequestId(client, after + 1), 1));
    return next != null
        && next.request().client().equals(client)
        && next.request().sequence() <= upTo;
  }

  void add(TxnRecord record) {
    index(record);
    changed(record);
  }

  /** The record takes another part of the heap than before. */
  void resized(TxnRecord record) {
    if (byId.get(record.id) == record) {
      long before = record.heapBytes;
      record.heapBytes = size.applyAsLong(record);
      bytes += record.heapBytes - before;
    }
  }

  private void index(TxnRecord record) {
    byId.put(record.id, record);
    inOrder.put(record.id, record);
  }

  /** The record has changed. */
  void changed(TxnRecord record) {
    resized(record);
    if (!record.isDirty) {
      record.isDirty = true;
      dirty.put(record.id, record);
    }
  }

  /** The record may go when the group's clock has passed {@code at}, whatever was said before. */
  void expireAt(TxnRecord record, HybridTimestamp at) {
    takeBackExpiry(record);
    record.expiresAtMillis = at.wallMillis();
    expiries.add(new Expiry(record.expiresAtMillis, record.id));
  }

  /** Otherwise the expiry of a record that has gone would stay for the rest of its window. */
  private void takeBackExpiry(TxnRecord record) {
    if (record.expiresAtMillis != TxnRecord.NEVER) {
      expiries.remove(new Expiry(record.expiresAtMillis, record.id));
      record.expiresAtMillis = TxnRecord.NEVER;
    }
  }

  /** How many records will expire; for tests. */
  int expiryCount() {
    return expiries.size();
  }

  /** Drops what nobody can ask for any more. */
  void onClock(HybridTimestamp clock) {
    while (!expiries.isEmpty() && expiries.first().atMillis() < clock.wallMillis()) {
      TxnRecord record = byId.get(expiries.pollFirst().id());
      if (record == null) {
        throw new IllegalStateException("what expires has a record, at " + clock);
      }
      record.expiresAtMillis = TxnRecord.NEVER;
      if (record.mayExpire()) {
        remove(record);
      }
    }
  }

  void remove(TxnRecord record) {
    takeBackExpiry(record);
    bytes -= record.heapBytes;
    byId.remove(record.id);
    inOrder.remove(record.id);
    if (record.isDirty) {
      record.isDirty = false;
      dirty.remove(record.id);
    }
    if (record.isPersisted) {
      removed.add(record.id);
    }
  }

  /**
   * Hands over what changed, to be written to the state store: the records that have gone, and the
   * others in the order in which they changed.
   *
   * @param left how many of the others may be left for a later call
   */
  void drainChanges(int left, Consumer<TxnRecord> changed, Consumer<TxnId> gone) {
    removed.forEach(gone);
    removed.clear();
    Iterator<TxnRecord> oldest = dirty.values().iterator();
    while (dirty.size() > left) {
      TxnRecord record = oldest.next();
      oldest.remove();
      record.isDirty = false;
      record.isPersisted = true;
      changed.accept(record);
    }
  }

  void restore(TxnRecord record) {
    record.isPersisted = true;
    record.isRestored = true;
    index(record);
    resized(record);
  }
}
