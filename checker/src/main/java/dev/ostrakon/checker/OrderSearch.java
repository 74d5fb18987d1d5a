package dev.ostrakon.checker;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Searches for one order of all operations of an object that explains what each of them was told
 * and keeps the order of real time: linearizability.
 *
 * <p>Used once, by one thread.
 */
final class OrderSearch {
  /* The search

  Wing and Gong, "Testing and verifying concurrent objects" (1993), with the memory of Lowe,
  "Testing for linearizability" (2017): depth first over the operations that may come next, which are
  those that were called before the first return of an operation without a place. A configuration,
  that is the set of placed operations and the state they left, is not entered twice.

  Deviation: six rules keep the search nearly linear where values are unique.

  1. A read that fits the state is placed at once, and no alternative to it is tried. If an order
     exists in which it comes later, it may as well come now: it changes nothing.
  2. An operation of unknown outcome may be left out. So an order in which its effect is overwritten
     before any certain operation has observed it is not tried: without it the rest is an order too.
     `unseen` says that the state rests on such an operation that nobody has observed yet.
  3. An operation of unknown outcome is tried only if the model finds it worthwhile.
  4. A branch ends as soon as the model sees that some certain operation can no longer be explained.
  5. A configuration is not entered either if one was that differs only in having used fewer operations
     of unknown outcome: whatever completes the one completes the other.
  6. Of operations of unknown outcome with the same effect, the one that was called first is made use of
     first: it can stand wherever the others can.
  */

  private static final int POLL_GAP = 1 << 12; // steps
  private static final int NONE = -1;

  private final SequentialModel model;
  private final Intervals intervals;
  private final int count;

  /** A ring of calls, returns and {@code head}, in the order of time, without placed operations. */
  private final int[] next;

  private final int[] previous;
  private final int head;

  /** The order so far, with what is needed to take it back. */
  private final int[] order;

  private final int[] statesBefore;
  private final boolean[] unseenBefore;
  private final boolean[] forced;
  private int depth;

  private final Configurations seen = new Configurations();
  private long placedHigh;
  private long placedLow;

  /** For each operation of unknown outcome its bit in {@code used}. */
  private final int[] bits;

  /** For each operation of unknown outcome the one to use first by rule 6, or {@link #NONE}. */
  private final int[] twins;

  /** The operations of unknown outcome that have a place; never changed, only replaced. */
  private long[] used;

  private final long[][] usedBefore;
  private int certainLeft;
  private int state;
  private boolean unseen;
  private long steps;

  OrderSearch(SequentialModel model, Intervals intervals) {
    this.model = model;
    this.intervals = intervals;
    count = intervals.count();
    head = 2 * count;
    next = new int[head + 1];
    previous = new int[head + 1];
    order = new int[count];
    statesBefore = new int[count];
    unseenBefore = new boolean[count];
    forced = new boolean[count];
    usedBefore = new long[count][];
    bits = new int[count];
    twins = new int[count];
    int[] events = intervals.events();
    int last = head;
    for (int event : events) {
      link(last, event);
      last = event;
      certainLeft += event >= count ? 1 : 0;
    }
    link(last, head);
    state = model.initial();
    used = new long[numberUnknown(events) / Long.SIZE + 1];
  }

  /** Gives each operation of unknown outcome its bit and its twin; returns how many there are. */
  private int numberUnknown(int[] events) {
    Map<Object, Integer> lastOfEffect = new HashMap<>();
    int found = 0;
    for (int event : events) {
      if (event < count && !intervals.isCertain(event)) {
        bits[event] = found++;
        Integer twin = lastOfEffect.put(model.effect(event), event);
        twins[event] = twin == null ? NONE : twin;
      }
    }
    return found;
  }

  private void link(int before, int after) {
    next[before] = after;
    previous[after] = before;
  }

  /** Searches until an order is found, or none is left to try, or the budget ends. */
  Verdict run(Budget budget) {
    placeReads();
    int at = next[head];
    while (certainLeft > 0) {
      if (++steps > budget.steps() || (steps % POLL_GAP == 0 && budget.expired().getAsBoolean())) {
        return Verdict.UNDECIDED;
      }
      if (at < count) {
        if (tryToPlace(at)) {
          placeReads();
          at = next[head];
        } else {
          at = next[at];
        }
      } else {
        int removed = backtrack();
        if (removed == NONE) {
          return Verdict.INVALID;
        }
        at = next[removed];
      }
    }
    return Verdict.VALID;
  }

  /** After {@link Verdict#VALID}: the operations in the order that was found. */
  int[] order() {
    return Arrays.copyOf(order, depth);
  }

  private boolean tryToPlace(int operation) {
    int after = model.next(state, operation);
    if (after == SequentialModel.IMPOSSIBLE || (unseen && model.overwrites(operation))) {
      return false;
    }
    boolean certain = intervals.isCertain(operation);
    if (!certain && !(isFirstTwin(operation) && model.isWorthwhile(operation, state, after))) {
      return false;
    }
    boolean unseenAfter = !certain || (unseen && !model.observes(operation));
    int before = state;
    place(operation, after, unseenAfter, false);
    if (model.isHopeless(operation, before, after) || !isNew()) {
      remove();
      return false;
    }
    return true;
  }

  private boolean isFirstTwin(int operation) {
    int twin = twins[operation];
    return twin == NONE || (used[bits[twin] / Long.SIZE] & (1L << bits[twin])) != 0;
  }

  private boolean isNew() {
    long mark = Configurations.mix(state);
    return seen.add(placedHigh ^ mark, placedLow ^ Configurations.mix(mark), used, unseen);
  }

  /** Rule 1. */
  private void placeReads() {
    int at = next[head];
    while (at < count) {
      int before = previous[at];
      if (model.isRead(at) && intervals.isCertain(at) && model.next(state, at) == state) {
        place(at, state, false, true);
        at = next[before]; // A removed return may have brought more calls into reach.
      } else {
        at = next[at];
      }
    }
  }

  private void place(int operation, int after, boolean unseenAfter, boolean isForced) {
    statesBefore[depth] = state;
    unseenBefore[depth] = unseen;
    usedBefore[depth] = used;
    forced[depth] = isForced;
    order[depth++] = operation;
    state = after;
    unseen = unseenAfter;
    model.onPlaced(operation);
    unlink(operation);
    if (intervals.isCertain(operation)) {
      toggle(operation);
      unlink(count + operation);
      certainLeft--;
    } else {
      used = used.clone();
      used[bits[operation] / Long.SIZE] |= 1L << bits[operation];
    }
  }

  /** Takes the operation that was placed last out of the order; returns it. */
  private int remove() {
    int operation = order[--depth];
    if (intervals.isCertain(operation)) {
      toggle(operation);
      relink(count + operation);
      certainLeft++;
    }
    relink(operation);
    model.onRemoved(operation);
    used = usedBefore[depth];
    state = statesBefore[depth];
    unseen = unseenBefore[depth];
    return operation;
  }

  /** Takes back the last choice and what it forced; returns it, or {@link #NONE}. */
  private int backtrack() {
    while (depth > 0) {
      boolean wasForced = forced[depth - 1];
      int removed = remove();
      if (!wasForced) {
        return removed;
      }
    }
    return NONE;
  }

  private void toggle(int operation) {
    placedHigh ^= Configurations.mix(2L * operation);
    placedLow ^= Configurations.mix(~(2L * operation));
  }

  private void unlink(int event) {
    link(previous[event], next[event]);
  }

  private void relink(int event) {
    next[previous[event]] = event;
    previous[next[event]] = event;
  }
}
