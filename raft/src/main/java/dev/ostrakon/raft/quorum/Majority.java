package dev.ostrakon.raft.quorum;

/** What a majority of a set of voters has reached or decided. */
public final class Majority {

  private Majority() {}

  /** The least number of voters that is more than half of {@code voters}. */
  public static int size(int voters) {
    return voters / 2 + 1;
  }

  /**
   * The greatest value that a majority has reached, each voter having reached everything up to its
   * own value. The first {@code count} values are reordered.
   *
   * @return {@link Long#MAX_VALUE} for no voters: an empty set restricts nothing
   */
  public static long reached(long[] values, int count) {
    if (count == 0) {
      return Long.MAX_VALUE;
    }
    sortAscending(values, count);
    return values[count - size(count)];
  }

  /** The outcome of an election among {@code voters}; won at once if there are none. */
  public static VoteOutcome outcome(int granted, int denied, int voters) {
    if (voters == 0 || granted >= size(voters)) {
      return VoteOutcome.WON;
    }
    return voters - denied < size(voters) ? VoteOutcome.LOST : VoteOutcome.PENDING;
  }

  /** Insertion sort: the sets have three to seven members and this runs for every answer. */
  private static void sortAscending(long[] values, int count) {
    for (int end = 1; end < count; end++) {
      long value = values[end];
      int position = end;
      while (position > 0 && values[position - 1] > value) {
        values[position] = values[position - 1];
        position--;
      }
      values[position] = value;
    }
  }
}
