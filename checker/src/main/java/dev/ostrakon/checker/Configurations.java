package dev.ostrakon.checker;

import java.util.Arrays;

/**
 * The configurations that a search has entered.
 *
 * <p>A configuration is the set of certain operations that have their place together with the
 * state, both as one 128-bit fingerprint; the set of operations of unknown outcome that were made
 * use of; and whether the state rests on one of these that nobody has observed. One that has used a
 * subset of what another one has used can do all that the other one can.
 *
 * <p>Two different configurations with the same fingerprint would cut off a part of a search. With
 * 10^9 of them the chance is below 10^-20.
 */
final class Configurations {
  private static final int INITIAL_SLOTS = 1 << 10;
  private static final int NONE = -1;

  /** Three numbers a slot: the fingerprint, and the first of its configurations plus one. */
  private long[] slots = new long[3 * INITIAL_SLOTS];

  private int slotsTaken;
  private long[][] used = new long[INITIAL_SLOTS][];
  private boolean[] unseen = new boolean[INITIAL_SLOTS];
  private int[] following = new int[INITIAL_SLOTS];
  private int size;

  /**
   * Adds a configuration unless one that can do all that it can is there already.
   *
   * @param usedNow bits by operation, which the caller does not change any more
   * @return whether it was added
   */
  boolean add(long high, long low, long[] usedNow, boolean unseenNow) {
    int at = find(slots, high, low);
    int first = (int) slots[at + 2] - 1;
    for (int i = first; i != NONE; i = following[i]) {
      if ((unseenNow || !unseen[i]) && isSubset(used[i], usedNow)) {
        return false;
      }
    }
    if (size == following.length) {
      used = Arrays.copyOf(used, 2 * size);
      unseen = Arrays.copyOf(unseen, 2 * size);
      following = Arrays.copyOf(following, 2 * size);
    }
    used[size] = usedNow;
    unseen[size] = unseenNow;
    following[size] = first;
    slots[at] = high;
    slots[at + 1] = low;
    slots[at + 2] = ++size;
    if (first == NONE && ++slotsTaken * 6L > slots.length) {
      grow();
    }
    return true;
  }

  private static boolean isSubset(long[] small, long[] large) {
    for (int i = 0; i < small.length; i++) {
      if ((small[i] & ~large[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int find(long[] slots, long high, long low) {
    int count = slots.length / 3;
    int slot = (int) Long.remainderUnsigned(low, count);
    while (slots[3 * slot + 2] != 0 && (slots[3 * slot] != high || slots[3 * slot + 1] != low)) {
      slot = slot + 1 == count ? 0 : slot + 1;
    }
    return 3 * slot;
  }

  private void grow() {
    long[] larger = new long[Math.multiplyExact(slots.length, 2)];
    for (int i = 0; i < slots.length; i += 3) {
      if (slots[i + 2] != 0) {
        System.arraycopy(slots, i, larger, find(larger, slots[i], slots[i + 1]), 3);
      }
    }
    slots = larger;
  }

  /** Spreads a number over 64 bits (the finaliser of SplitMix64). */
  static long mix(long number) {
    long mixed = number + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
