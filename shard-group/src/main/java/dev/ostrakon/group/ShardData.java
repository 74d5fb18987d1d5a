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

  private Slots slots = new Slots(1);

  ShardData(StateStore store) {
    this.store = store;
  }

  void use(Slots newSlots) {
    slots = newSlots;
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
   *
   * @param inForce by which the keys will be looked for
   */
  List<Bytes> rowsToLoad(Collection<Key> keys, Slots inForce) {
    List<Bytes> rows = new ArrayList<>(keys.size());
    boolean isOneOnDisk = false;
    for (Key key : keys) {
      if (pinned.isEmpty() || !pinned.containsKey(key)) {
        Bytes row = StateRows.value(inForce.of(key), key);
        rows.add(row);
        isOneOnDisk |= store.lookup(row).isOnDisk();
      }
    }
    return isOneOnDisk ? rows : List.of();
  }

  /** The same by the slots that are in force. */
  List<Bytes> rowsToLoad(Collection<Key> keys) {
    return rowsToLoad(keys, slots);
  }

  /** The key's value; null if it has none. The key must be in memory. */
  @Nullable StoredValue get(Key key) {
    Pinned pin = pinned.isEmpty() ? null : pinned.get(key);
    if (pin != null) {
      return pin.value;
    }
    StateStore.Lookup lookup = store.lookup(row(key));
    Invariants.check(!lookup.isOnDisk(), "a key is loaded before it is read");
    return lookup.isFound() ? StoredValue.decode(lookup.value()) : null;
  }

  /** Sets the value, or deletes the key if it is null. The key must be in memory. */
  void set(Key key, @Nullable StoredValue value) {
    Bytes row = row(key);
    Pinned pin = pinned.isEmpty() ? null : pinned.get(key);
    boolean isThere = pin == null ? isStored(row) : pin.value != null;
    if (value == null) {
      store.delete(row);
      keyCount -= isThere ? 1 : 0;
    } else {
      store.put(row, value.encode());
      keyCount += isThere ? 0 : 1;
    }
    if (pin != null) {
      pinnedBytes += sizeOf(value) - sizeOf(pin.value);
      pin.value = value;
    }
  }

  private boolean isStored(Bytes row) {
    StateStore.Lookup lookup = store.lookup(row);
    Invariants.check(!lookup.isOnDisk(), "a key is loaded before it is written");
    return lookup.isFound();
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

  /** An entry is applied: what it has unpinned may leave memory, unless it was pinned again. */
  void endEntry() {
    for (Key key : released) {
      Pinned pin = pinned.get(key);
      if (pin != null && pin.count == 0) {
        pinned.remove(key);
        pinnedBytes -= key.bytes().size() + sizeOf(pin.value);
      }
    }
    released.clear();
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
