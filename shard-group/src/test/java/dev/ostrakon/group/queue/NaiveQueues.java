package dev.ostrakon.group.queue;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.TxnId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The queues by definition: one list, every question answered by looking at all pairs. */
final class NaiveQueues {
  private static final class Entry {
    final TxnId txn;
    final SortedMap<Key, Access> accesses;
    final HybridTimestamp timestamp;

    Entry(TxnId txn, SortedMap<Key, Access> accesses, HybridTimestamp timestamp) {
      this.txn = txn;
      this.accesses = accesses;
      this.timestamp = timestamp;
    }

    Place place() {
      return new Place(timestamp, txn);
    }
  }

  private final List<Entry> pending = new ArrayList<>();
  private final Map<Key, Map<Access, HybridTimestamp>> touched = new TreeMap<>();

  HybridTimestamp conflictTimestamp(SortedMap<Key, Access> accesses) {
    HybridTimestamp highest = HybridTimestamp.ZERO;
    for (Map.Entry<Key, Access> mine : accesses.entrySet()) {
      for (Map.Entry<Access, HybridTimestamp> touch :
          touched.getOrDefault(mine.getKey(), Map.of()).entrySet()) {
        if (conflict(touch.getKey(), mine.getValue())) {
          highest = HybridTimestamp.max(highest, touch.getValue());
        }
      }
    }
    return highest;
  }

  void put(TxnId txn, SortedMap<Key, Access> accesses, HybridTimestamp timestamp) {
    remove(txn);
    pending.add(new Entry(txn, accesses, timestamp));
    accesses.forEach(
        (key, access) ->
            touched
                .computeIfAbsent(key, ignored -> new TreeMap<>())
                .merge(access, timestamp, HybridTimestamp::max));
  }

  void remove(TxnId txn) {
    pending.removeIf(entry -> entry.txn.equals(txn));
  }

  /** Everything that is ready, lowest place first. */
  List<TxnId> ready() {
    return pending.stream()
        .filter(this::isReady)
        .sorted(Comparator.comparing(Entry::place))
        .map(entry -> entry.txn)
        .toList();
  }

  private boolean isReady(Entry entry) {
    return pending.stream()
        .noneMatch(other -> other.place().compareTo(entry.place()) < 0 && conflict(other, entry));
  }

  private static boolean conflict(Entry a, Entry b) {
    for (Map.Entry<Key, Access> mine : a.accesses.entrySet()) {
      Access theirs = b.accesses.get(mine.getKey());
      if (theirs != null && conflict(mine.getValue(), theirs)) {
        return true;
      }
    }
    return false;
  }

  private static boolean conflict(Access mine, Access theirs) {
    boolean bothRead = mine == Access.READ && theirs == Access.READ;
    boolean bothAdd = mine == Access.ADD && theirs == Access.ADD;
    return !bothRead && !bothAdd;
  }
}
