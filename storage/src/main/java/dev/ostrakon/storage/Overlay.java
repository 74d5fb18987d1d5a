package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a state that are not checkpointed yet, in key order. Confined to the owner until it is
 * frozen; from then on it never changes and may be read from anywhere.
 */
final class Overlay {

  /** Stands for a key that was deleted, or that is known not to exist. Compared by identity. */
  static final Bytes ABSENT = Bytes.wrap(new byte[] {0});

  static final Overlay EMPTY = new Overlay();

  /** What one change costs in memory besides its bytes, roughly. */
  private static final int CHANGE_OVERHEAD_BYTES = 184;

  /** For single keys: the order costs a dozen comparisons, each with a key somewhere in memory. */
  private final Map<Bytes, Change> byKey = new HashMap<>();

  /** The same changes, for ranges and checkpoints. */
  private final NavigableMap<Bytes, Change> inOrder = new TreeMap<>();

  private long bytes;

  /** Whether this is {@link #ABSENT} itself, not merely an equal value. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isAbsent(Bytes value) {
    return value == ABSENT;
  }

  @Nullable Bytes get(Bytes key) {
    Change change = byKey.get(key);
    return change == null ? null : change.value;
  }

  /** Records a value, or {@link #ABSENT} for a deletion. */
  void put(Bytes key, Bytes value) {
    Change change = byKey.get(key);
    if (change == null) {
      change = new Change(value);
      byKey.put(key, change);
      inOrder.put(key, change);
      bytes += CHANGE_OVERHEAD_BYTES + key.size();
    } else {
      bytes -= change.value.size();
      change.value = value;
    }
    bytes += value.size();
  }

  long bytes() {
    return bytes;
  }

  /** Shows all changes, ascending. */
  void forEach(BiConsumer<Bytes, Bytes> visitor) {
    inOrder.forEach((key, change) -> visitor.accept(key, change.value));
  }

  /** The changes from a key on, ascending. */
  Iterator<Map.Entry<Bytes, Bytes>> from(Bytes from) {
    Iterator<Map.Entry<Bytes, Change>> rows = inOrder.tailMap(from, true).entrySet().iterator();
    // Not a stream: that would begin by counting all of them.
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Map.Entry<Bytes, Bytes> next() {
        Map.Entry<Bytes, Change> row = rows.next();
        return Map.entry(row.getKey(), row.getValue().value);
      }
    };
  }

  /**
   * Copies the beginning of a range, so that another thread can read it while this goes on
   * changing. The copy holds a value, not only deletions, unless the range has none: so a page that
   * ends with the copy is not empty.
   *
   * @param limit most changes to copy once there is a value among them
   * @return the copy and where it ends: the first key not looked at, or empty if there is none
   */
  Part copyFrom(Bytes from, Bytes to, int limit) {
    TreeMap<Bytes, Bytes> copy = new TreeMap<>();
    boolean hasValue = false;
    for (Map.Entry<Bytes, Change> row : inOrder.tailMap(from, true).entrySet()) {
      if (!to.isEmpty() && row.getKey().compareTo(to) >= 0) {
        break;
      }
      if (copy.size() >= limit && hasValue) {
        return new Part(copy, row.getKey());
      }
      Bytes value = row.getValue().value;
      copy.put(row.getKey(), value);
      hasValue |= !isAbsent(value);
    }
    return new Part(copy, Bytes.EMPTY);
  }

  /** The beginning of a range. */
  record Part(NavigableMap<Bytes, Bytes> changes, Bytes end) {}

  /** What a key was changed to last. */
  private static final class Change {
    Bytes value;

    Change(Bytes value) {
      this.value = value;
    }
  }
}
