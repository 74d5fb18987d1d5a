package dev.ostrakon.group.queue;

import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The highest timestamp at which anything touched a key: exact for keys touched lately, and one low
 * mark for all the rest. Raising the mark is always safe, it only costs a newcomer its proposal.
 *
 * <p>Part of the replicated state: what is kept exactly depends on nothing but the calls, so all
 * replicas propose the same.
 *
 * <p>Deviation: PROTOCOL.md keeps one timestamp a key; here an access counts only what conflicts
 * with it, so that adds to a hot key do not push each other off the fast path. The proof needs no
 * more: a newcomer stands above everything that it conflicts with.
 */
public final class ConflictTimestamps {
  /* Two generations. Touches go to the young one; when it has grown old or large the old one is
   * dropped, the mark is raised to the highest timestamp in it, and the young one becomes the old. So
   * a key is remembered for at least one life of a generation after its last touch, and forgetting
   * costs nothing a touch.
   *
   * A key that enters the young generation brings along what the old one knows of it, so it has to be
   * looked for in the old one only if the young one does not know it. What it brings along makes no
   * difference: it counts as long as the old one is there, and after that lies below the mark.
   */

  /** When a generation is full. The values are part of what replicas must agree on. */
  private static final int KEYS_MAX = 16_384;

  private static final int BYTES_MAX = 1 << 20; // 1 MiB of keys

  private static final long AGE_MILLIS_MAX = 1_000;

  /** A touched key besides its bytes: an entry, the touches, the objects around the bytes. */
  private static final int KEY_BYTES = HeapSizes.LINKED_ENTRY + 40 + 32 + HeapSizes.ARRAY + 4;

  /** When one key was touched last, by access; packed timestamps, 0 for never. */
  static final class Touches {
    long read;
    long add;
    long write;

    long conflictingWith(Access access) {
      return switch (access) {
        case READ -> Math.max(add, write);
        case ADD -> Math.max(read, write);
        case WRITE -> Math.max(read, Math.max(add, write));
      };
    }

    void raise(Touches other) {
      read = Math.max(read, other.read);
      add = Math.max(add, other.add);
      write = Math.max(write, other.write);
    }

    void raise(Access access, long timestamp) {
      switch (access) {
        case READ -> read = Math.max(read, timestamp);
        case ADD -> add = Math.max(add, timestamp);
        case WRITE -> write = Math.max(write, timestamp);
      }
    }
  }

  /** The keys touched within a span of time. */
  static final class Generation {
    final Map<Key, Touches> keys = new LinkedHashMap<>();
    long bytes;
    long highest;

    long heapBytes() {
      return (long) KEY_BYTES * keys.size() + bytes;
    }

    void touch(Key key, Access access, long timestamp, Generation before) {
      Touches touches = keys.get(key);
      if (touches == null) {
        touches = new Touches();
        keys.put(key, touches);
        bytes += key.bytes().size();
        Touches earlier = before.keys.get(key);
        if (earlier != null) {
          touches.raise(earlier);
        }
      }
      touches.raise(access, timestamp);
      highest = Math.max(highest, timestamp);
    }
  }

  private Generation young = new Generation();
  private Generation old = new Generation();
  private long youngSinceMillis;
  private long mark;

  /** The group's clock has moved; what was touched long ago may be forgotten. */
  public void onClock(HybridTimestamp clock) {
    if (young.keys.isEmpty()) {
      youngSinceMillis = clock.wallMillis();
    } else if (young.keys.size() >= KEYS_MAX
        || young.bytes >= BYTES_MAX
        || clock.wallMillis() - youngSinceMillis >= AGE_MILLIS_MAX) {
      mark = Math.max(mark, old.highest);
      old = young;
      young = new Generation();
      youngSinceMillis = clock.wallMillis();
    }
  }

  /** What it takes of the heap; an estimate. */
  public long heapBytes() {
    return young.heapBytes() + old.heapBytes();
  }

  /** Something touched the key. */
  public void touch(Key key, Access access, HybridTimestamp timestamp) {
    young.touch(key, access, timestamp.packed(), old);
  }

  /** All keys were perhaps touched up to here: nothing new goes below. */
  public void raiseMark(HybridTimestamp timestamp) {
    mark = Math.max(mark, timestamp.packed());
  }

  /** The highest timestamp of what conflicts with any of these accesses. */
  public HybridTimestamp of(SortedMap<Key, Access> accesses) {
    long highest = mark;
    for (Map.Entry<Key, Access> access : accesses.entrySet()) {
      highest = Math.max(highest, of(access.getKey(), access.getValue()));
    }
    return HybridTimestamp.fromPacked(highest);
  }

  /** The highest timestamp at which any of the keys was touched; for checks. */
  HybridTimestamp touched(SortedMap<Key, Access> accesses) {
    long highest = mark;
    for (Key key : accesses.keySet()) {
      highest = Math.max(highest, of(key, Access.WRITE));
    }
    return HybridTimestamp.fromPacked(highest);
  }

  private long of(Key key, Access access) {
    @Nullable Touches touches = young.keys.get(key);
    if (touches == null) {
      touches = old.keys.get(key);
    }
    return touches == null ? 0 : touches.conflictingWith(access);
  }

  /** Receives the content; restoring it by the same calls gives the same behaviour. */
  public interface Visitor {
    /** The low mark and since when the young generation gathers. */
    void header(HybridTimestamp mark, long youngSinceMillis);

    /** A touched key: packed timestamps, 0 for never. */
    void touched(boolean inYoung, Key key, long read, long add, long write);
  }

  /** Shows everything, in a fixed order, the old generation first. */
  public void visit(Visitor visitor) {
    visitor.header(HybridTimestamp.fromPacked(mark), youngSinceMillis);
    old.keys.forEach((key, t) -> visitor.touched(false, key, t.read, t.add, t.write));
    young.keys.forEach((key, t) -> visitor.touched(true, key, t.read, t.add, t.write));
  }

  /** The counterpart of {@link Visitor#header}. */
  public void restoreHeader(HybridTimestamp restoredMark, long restoredYoungSinceMillis) {
    mark = restoredMark.packed();
    youngSinceMillis = restoredYoungSinceMillis;
  }

  /** The counterpart of {@link Visitor#touched}. */
  public void restoreTouched(boolean inYoung, Key key, long read, long add, long write) {
    Generation generation = inYoung ? young : old;
    generation.touch(key, Access.READ, read, old);
    generation.touch(key, Access.ADD, add, old);
    generation.touch(key, Access.WRITE, write, old);
  }
}
