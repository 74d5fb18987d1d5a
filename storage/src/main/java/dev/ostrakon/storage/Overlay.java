package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
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
  private static final int CHANGE_OVERHEAD_BYTES = 128;

  private final TreeMap<Bytes, Bytes> changes = new TreeMap<>();
  private long bytes;

  /** Whether this is {@link #ABSENT} itself, not merely an equal value. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isAbsent(Bytes value) {
    return value == ABSENT;
  }

  @Nullable Bytes get(Bytes key) {
    return changes.get(key);
  }

  /** Records a value, or {@link #ABSENT} for a deletion. */
  void put(Bytes key, Bytes value) {
    Bytes before = changes.put(key, value);
    bytes += value.size();
    bytes += before == null ? CHANGE_OVERHEAD_BYTES + key.size() : -before.size();
  }

  long bytes() {
    return bytes;
  }

  /** All changes, ascending. */
  NavigableMap<Bytes, Bytes> changes() {
    return Collections.unmodifiableNavigableMap(changes);
  }

  /** The changes from a key on, ascending. */
  NavigableMap<Bytes, Bytes> changesFrom(Bytes from) {
    return changes().tailMap(from, true);
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
    for (Map.Entry<Bytes, Bytes> change : changesFrom(from).entrySet()) {
      if (!to.isEmpty() && change.getKey().compareTo(to) >= 0) {
        break;
      }
      if (copy.size() >= limit && hasValue) {
        return new Part(copy, change.getKey());
      }
      copy.put(change.getKey(), change.getValue());
      hasValue |= !isAbsent(change.getValue());
    }
    return new Part(copy, Bytes.EMPTY);
  }

  /** The beginning of a range. */
  record Part(NavigableMap<Bytes, Bytes> changes, Bytes end) {}
}
