package dev.ostrakon.group;

import dev.ostrakon.model.Key;
import dev.ostrakon.model.Slots;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.Invariants;
import dev.ostrakon.replica.StateStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a group's keys over its state store.
 *
 * <p>The keys of what is pending are pinned: their values stay in memory, so that what was waiting
 * can go on in the middle of another entry without a look at the disk.
 */
final class ShardData {
  private static final class Pinned {
    @Nullable StoredValue value;
    int count;
  }

  /** A key that was looked for. */
  private static final class Found {
    final Bytes row;
    @Nullable StoredValue value;

    Found(Bytes row, StateStore.Lookup lookup) {
      this.row = row;
      this.value = lookup.isFound() ? StoredValue.decode(lookup.value()) : null;
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

  /** What the entry that is being applied has looked for, so that it does so once; but see pins. */
  private Map<Key, Found> found = new HashMap<>();

  private boolean isInEntry;

  private Slots slots = new Slots(1);

  ShardData(StateStore store) {
    this.store = store;
  }

  void use(Slots newSlots) {
    slots = newSlots;
    found = new HashMap<>();
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
    return rowsToLoad(keys, slots, null);
  }

  /**
   * The same before an entry; if there are none, the entry is to be applied right away.
   *
   * @param inForce by which the keys will be looked for
   */
  List<Bytes> rowsToLoad(Collection<Key> keys, Slots inForce) {
    Map<Key, Found> all = new HashMap<>();
    List<Bytes> rows = rowsToLoad(keys, inForce, all);
    found = rows.isEmpty() ? all : new HashMap<>();
    return rows;
  }

  private List<Bytes> rowsToLoad(
      Collection<Key> keys, Slots inForce, @Nullable Map<Key, Found> all) {
    List<Bytes> rows = new ArrayList<>(keys.size());
    boolean isOneOnDisk = false;
    for (Key key : keys) {
      if (pinned.isEmpty() || !pinned.containsKey(key)) {
        Bytes row = StateRows.value(inForce.of(key), key);
        rows.add(row);
        StateStore.Lookup lookup = store.lookup(row);
        isOneOnDisk |= lookup.isOnDisk();
        if (all != null && !isOneOnDisk) {
          all.put(key, new Found(row, lookup));
        }
      }
    }
    return isOneOnDisk ? rows : List.of();
  }

  /** An entry begins to be applied. */
  void beginEntry() {
    isInEntry = true;
  }

  /** The key's value; null if it has none. The key must be in memory. */
  @Nullable StoredValue get(Key key) {
    Pinned pin = pinned.isEmpty() ? null : pinned.get(key);
    return pin == null ? find(key).value : pin.value;
  }

  private Found find(Key key) {
    Found known = isInEntry ? found.get(key) : null;
    if (known != null) {
      return known;
    }
    Bytes row = row(key);
    StateStore.Lookup lookup = store.lookup(row);
    Invariants.check(!lookup.isOnDisk(), "a key is loaded before it is read or written");
    Found now = new Found(row, lookup);
    if (isInEntry) {
      found.put(key, now);
    }
    return now;
  }

  /** Sets the value, or deletes the key if it is null. The key must be in memory. */
  void set(Key key, @Nullable StoredValue value) {
    Pinned pin = pinned.isEmpty() ? null : pinned.get(key);
    if (pin == null) {
      Found known = find(key);
      change(known.row, known.value, value);
      known.value = value;
    } else {
      change(row(key), pin.value, value);
      pinnedBytes += sizeOf(value) - sizeOf(pin.value);
      pin.value = value;
    }
  }

  private void change(Bytes row, @Nullable StoredValue before, @Nullable StoredValue after) {
    if (after == null) {
      store.delete(row);
    } else {
      store.put(row, after.encode());
    }
    keyCount += (after == null ? 0 : 1) - (before == null ? 0 : 1);
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
        pinnedBytes += key.bytes().size() + sizeOf(pin.value);
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

  /**
   * An entry is applied: what it has unpinned may leave memory, unless it was pinned again. Until
   * then a pin hides what was found before.
   */
  void endEntry() {
    for (Key key : released) {
      Pinned pin = pinned.get(key);
      if (pin != null && pin.count == 0) {
        pinned.remove(key);
        pinnedBytes -= key.bytes().size() + sizeOf(pin.value);
      }
    }
    released.clear();
    found = new HashMap<>();
    isInEntry = false;
  }

  /** Size of the keys and values that are pinned. */
  long pinnedBytes() {
    return pinnedBytes;
  }

  private static long sizeOf(@Nullable StoredValue value) {
    return value == null ? 0 : value.value().bytes().size();
  }

  int pinnedCount() {
    return pinned.size();
  }
}
