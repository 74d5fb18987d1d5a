package dev.ostrakon.group.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is pending on one key, by access and place.
 *
 * <p>What is not blocked is a prefix of each access: readers stand before the first add and the
 * first write, adds before the first read and the first write, and of the writers only the first
 * can, if it stands before all others. So a change only concerns what lies between the old and the
 * new end of a prefix.
 */
final class KeyQueue {
  private static final Access[] ACCESSES = Access.values();

  private final NavigableMap<Place, Queued> reads = new TreeMap<>();
  private final NavigableMap<Place, Queued> adds = new TreeMap<>();
  private final NavigableMap<Place, Queued> writes = new TreeMap<>();

  boolean isEmpty() {
    return reads.isEmpty() && adds.isEmpty() && writes.isEmpty();
  }

  /** Adds it at its place and counts whom it blocks, and whether it is blocked. */
  void add(Queued queued, Access access, Set<Queued> changed) {
    Unblocked before = new Unblocked();
    of(access).put(queued.place, queued);
    Unblocked after = new Unblocked();
    before.forEachBeyond(
        after,
        other -> {
          if (other != queued) {
            other.blockedKeys++;
            changed.add(other);
          }
        });
    if (isBlocked(queued, access)) {
      queued.blockedKeys++;
    }
  }

  /** Removes it and counts whom it does not block any more. */
  void remove(Queued queued, Access access, Set<Queued> changed) {
    if (isBlocked(queued, access)) {
      queued.blockedKeys--;
    }
    Unblocked before = new Unblocked();
    of(access).remove(queued.place);
    Unblocked after = new Unblocked();
    after.forEachBeyond(
        before,
        other -> {
          other.blockedKeys--;
          changed.add(other);
        });
  }

  /** Whether something that conflicts stands before it on this key. */
  boolean isBlocked(Queued queued, Access access) {
    for (Access other : ACCESSES) {
      if (access.conflictsWith(other)) {
        Place first = first(other);
        if (first != null && first.compareTo(queued.place) < 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether anything pending conflicts with this access, wherever it stands. */
  boolean hasConflict(Access access) {
    for (Access other : ACCESSES) {
      if (access.conflictsWith(other) && !of(other).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** A transaction that changes the key and is ready; the lowest of its access. */
  @Nullable Queued readyWriter() {
    for (Access access : List.of(Access.WRITE, Access.ADD)) {
      for (Queued queued : of(access).values()) {
        if (queued.ready) {
          return queued;
        }
        if (isBlocked(queued, access)) {
          break; // All that follow are blocked, too.
        }
      }
    }
    return null;
  }

  /** Everything pending on the key; for checks. */
  List<Queued> all() {
    List<Queued> all = new ArrayList<>(reads.values());
    all.addAll(adds.values());
    all.addAll(writes.values());
    return all;
  }

  private NavigableMap<Place, Queued> of(Access access) {
    return switch (access) {
      case READ -> reads;
      case ADD -> adds;
      case WRITE -> writes;
    };
  }

  private @Nullable Place first(Access access) {
    NavigableMap<Place, Queued> part = of(access);
    return part.isEmpty() ? null : part.firstKey();
  }

  /** Where the prefixes of what is not blocked end, at one moment; null means: nowhere. */
  private final class Unblocked {
    private final @Nullable Place readEnd;
    private final @Nullable Place addEnd;
    private final @Nullable Queued writer;

    Unblocked() {
      Place read = first(Access.READ);
      Place add = first(Access.ADD);
      Place write = first(Access.WRITE);
      readEnd = lower(add, write);
      addEnd = lower(read, write);
      Place others = lower(read, add);
      boolean writerLeads = write != null && (others == null || write.compareTo(others) < 0);
      writer = writerLeads ? writes.get(write) : null;
    }

    /** Those in the queue now that these prefixes contain and the other ones do not. */
    void forEachBeyond(Unblocked other, Consumer<Queued> action) {
      between(reads, other.readEnd, readEnd).forEach(action);
      between(adds, other.addEnd, addEnd).forEach(action);
      if (writer != null && writer != other.writer) {
        action.accept(writer);
      }
    }

    private Iterable<Queued> between(
        NavigableMap<Place, Queued> part, @Nullable Place from, @Nullable Place to) {
      if (from == null || (to != null && to.compareTo(from) <= 0)) {
        return List.of();
      }
      NavigableMap<Place, Queued> tail = part.tailMap(from, true);
      return to == null ? tail.values() : tail.headMap(to, false).values();
    }
  }

  private static @Nullable Place lower(@Nullable Place a, @Nullable Place b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) <= 0 ? a : b;
  }
}
