package dev.ostrakon.group;

import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Slots;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.Invariants;
import dev.ostrakon.replica.StateStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of a group's keys over its state store.
 *
 * <p>The keys of what is pending are pinned: their values stay in memory, so that what was waiting
 * can go on in the middle of another entry without a look at the disk.
 */
final class ShardData {
  /** A pin and its entry. */
  private static final int PIN_BYTES = HeapSizes.HASH_ENTRY + 24;

  /** A value with its version, without what it wraps. */
  private static final int STORED_BYTES = 24 + HeapSizes.TIMESTAMP;

  private static final class Pinned {
    @Nullable StoredValue value;
    int count;
  }

  /** Where a key is in the state store, and what is there. */
  private static final class Found {
    final Bytes row;
    StateStore.Lookup lookup;

    Found(Bytes row, StateStore.Lookup lookup) {
      this.row = row;
      this.lookup = lookup;
    }
  }

  private final StateStore store;
  private final Map<Key, Pinned> pinned = new HashMap<>();
  private long pinnedBytes;

  /** Invariant: the number of keys that have a value, as of all that was applied. */
  private long keyCount;

  /**
   * Unpinned by the entry that is being applied, and still here: a later command of the entry may
   * touch them, and they were not loaded because they were pinned when the entry began.
   */
  private final List<Key> released = new ArrayList<>();

  /**
   * What the entry under way has looked for, so that it does so once; null between entries. Not
   * asked for keys that are pinned: what their pins have is newer.
   */
  private @Nullable Map<Key, Found> found;

  private Slots slots = new Slots(1);

  ShardData(StateStore store) {
    this.store = store;
  }

  void use(Slots newSlots) {
    slots = newSlots;
    if (found != null) {
      found.clear();
    }
  }

  Slots slots() {
    return slots;
  }

  /** Where the key is in the state store. */
  Bytes row(Key key) {
    return StateRows.value(slots.of(key), key);
  }

  /**
   * The rows to load before these keys can be read: none if memory knows all of them, else those of
   * all keys, because what memory knows now may have given way by the time others are loaded.
   */
  List<Bytes> rowsToLoad(Collection<Key> keys) {
    return rowsToLoad(keys, slots);
  }

  /**
   * The rows to load before an entry; if there are none, the entry begins here.
   *
   * @param inForce by which the keys will be looked for
   */
  List<Bytes> prepareEntry(Collection<Key> keys, Slots inForce) {
    beginEntry();
    List<Bytes> rows = rowsToLoad(keys, inForce);
    if (!rows.isEmpty()) {
      found = null;
    }
    return rows;
  }

  /** What was to be loaded is there. */
  void beginEntry() {
    if (found == null) {
      found = new HashMap<>();
    }
  }

  private List<Bytes> rowsToLoad(Collection<Key> keys, Slots inForce) {
    List<Bytes> rows = new ArrayList<>(keys.size());
    boolean isOneOnDisk = false;
    for (Key key : keys) {
      if (pinned.isEmpty() || !pinned.containsKey(key)) {
        Found now = look(key, inForce);
        rows.add(now.row);
        isOneOnDisk |= now.lookup.isOnDisk();
      }
    }
    return isOneOnDisk ? rows : List.of();
  }

  private Found look(Key key, Slots inForce) {
    Bytes row = StateRows.value(inForce.of(key), key);
    Found now = new Found(row, store.lookup(row));
    if (found != null) {
      found.put(key, now);
    }
    return now;
  }

  private Found find(Key key) {
    Found known = found == null ? null : found.get(key);
    Found now = known == null ? look(key, slots) : known;
    Invariants.check(!now.lookup.isOnDisk(), "a key is loaded before it is read or written");
    return now;
  }

  /** The key's value; null if it has none. The key must be in memory. */
  @Nullable StoredValue get(Key key) {
    Pinned pin = pinned.isEmpty() ? null : pinned.get(key);
    if (pin != null) {
      return pin.value;
    }
    StateStore.Lookup lookup = find(key).lookup;
    return lookup.isFound() ? StoredValue.decode(lookup.value()) : null;
  }

  /** Sets the value, or deletes the key if it is null. The key must be in memory. */
  void set(Key key, @Nullable StoredValue value) {
    StateStore.Lookup after =
        value == null ? StateStore.Lookup.ABSENT : StateStore.Lookup.found(value.encode());
    Pinned pin = pinned.isEmpty() ? null : pinned.get(key);
    if (pin == null) {
      Found known = find(key);
      change(known.row, known.lookup.isFound(), after);
      known.lookup = after;
    } else {
      change(row(key), pin.value != null, after);
      pinnedBytes += sizeOf(value) - sizeOf(pin.value);
      pin.value = value;
    }
  }

  private void change(Bytes row, boolean isThere, StateStore.Lookup after) {
    if (after.isFound()) {
      store.put(row, after.value());
    } else {
      store.delete(row);
    }
    keyCount += (after.isFound() ? 1 : 0) - (isThere ? 1 : 0);
  }

  /** How many keys have a value. */
  long keyCount() {
    return keyCount;
  }

  /** The number of keys was read back. */
  void restoreKeyCount(long count) {
    keyCount = count;
  }

  void pin(Collection<Key> keys) {
    for (Key key : keys) {
      Pinned pin = pinned.get(key);
      if (pin == null) {
        pin = new Pinned();
        pin.value = get(key);
        pinned.put(key, pin);
        pinnedBytes += sizeOf(pin.value);
      }
      pin.count++;
    }
  }

  void unpin(Collection<Key> keys) {
    for (Key key : keys) {
      Pinned pin = pinned.get(key);
      if (pin == null) {
        throw new IllegalStateException("a key is unpinned as often as it was pinned");
      }
      pin.count--;
      if (pin.count == 0) {
        released.add(key);
      }
    }
  }

  /** An entry is applied: what it has unpinned may leave memory, unless it was pinned again. */
  void endEntry() {
    for (Key key : released) {
      Pinned pin = pinned.get(key);
      if (pin != null && pin.count == 0) {
        pinned.remove(key);
        pinnedBytes -= sizeOf(pin.value);
      }
    }
    released.clear();
    found = null;
  }

  /** What the pinned values take of the heap; the keys are those of what is pending. */
  long pinnedBytes() {
    return pinnedBytes;
  }

  /** The value of a pinned key, the object itself. */
  Optional<Value> pinnedValue(Key key) {
    Pinned pin = pinned.get(key);
    return pin == null ? Optional.empty() : Optional.ofNullable(pin.value).map(StoredValue::value);
  }

  private static long sizeOf(@Nullable StoredValue value) {
    return PIN_BYTES + (value == null ? 0 : STORED_BYTES + HeapSizes.wrapped(value.size()));
  }

  int pinnedCount() {
    return pinned.size();
  }
}
