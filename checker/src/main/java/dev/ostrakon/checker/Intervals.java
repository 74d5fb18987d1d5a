package dev.ostrakon.checker;

import java.util.Arrays;

/**
 * When operations were called and when they returned, by their numbers. Times are in any unit that
 * rises; equal times are concurrent. An operation of unknown outcome returns {@link
 * KvOperation#NEVER}.
 */
final class Intervals {
  private final long[] calls;
  private final long[] returns;

  Intervals(long[] calls, long[] returns) {
    this.calls = calls.clone();
    this.returns = returns.clone();
  }

  int count() {
    return calls.length;
  }

  /** Whether the operation must have its place in an order. */
  boolean isCertain(int operation) {
    return returns[operation] != KvOperation.NEVER;
  }

  /**
   * All calls, as the number of the operation, and all returns, as {@code count()} more, in the
   * order of time; calls come before returns of the same time.
   */
  int[] events() {
    int[] byCall = sortedBy(calls);
    int[] byReturn = sortedBy(returns);
    int[] events = new int[2 * count()];
    int called = 0;
    int size = 0;
    for (int operation : byReturn) {
      if (!isCertain(operation)) {
        break;
      }
      while (called < count() && calls[byCall[called]] <= returns[operation]) {
        events[size++] = byCall[called++];
      }
      events[size++] = count() + operation;
    }
    while (called < count()) {
      events[size++] = byCall[called++];
    }
    return Arrays.copyOf(events, size);
  }

  /** The numbers of the operations in the order of their times. */
  private static int[] sortedBy(long[] times) {
    Integer[] order = new Integer[times.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(times[a], times[b]));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }
}
