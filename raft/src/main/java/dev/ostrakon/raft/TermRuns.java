package dev.ostrakon.raft;

import java.util.Arrays;

/**
 * The term of every entry of a log, stored as runs of equal terms: a log has few terms and many
 * entries, so the whole log's terms stay in memory though its entries do not.
 *
 * <p>The first run starts at the base, the entry right before the log's first one, so that the term
 * of the entry before any other is known too.
 */
final class TermRuns {

  private static final int INITIAL_CAPACITY = 8;

  /** Invariant: strictly ascending in [0, size); {@code starts[0]} is the index of the base. */
  private long[] starts = new long[INITIAL_CAPACITY];

  private long[] terms = new long[INITIAL_CAPACITY];
  private int size;

  TermRuns(EntryId base) {
    reset(base);
  }

  /** Forgets everything and starts after {@code base}. */
  void reset(EntryId base) {
    starts[0] = base.index();
    terms[0] = base.term();
    size = 1;
  }

  long baseIndex() {
    return starts[0];
  }

  long baseTerm() {
    return terms[0];
  }

  long lastTerm() {
    return terms[size - 1];
  }

  /** Notes the term of the entry that follows all noted so far. */
  void append(long index, long term) {
    if (terms[size - 1] == term) {
      return;
    }
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      terms = Arrays.copyOf(terms, 2 * size);
    }
    starts[size] = index;
    terms[size] = term;
    size++;
  }

  /** The term of the entry at {@code index}, which must not be before the base. */
  long termAt(long index) {
    return terms[runOf(index)];
  }

  /** Forgets the entries from {@code index} on, which must be after the base. */
  void truncateFrom(long index) {
    while (size > 1 && starts[size - 1] >= index) {
      size--;
    }
  }

  /** Makes the entry at {@code index} the base. */
  void dropBefore(long index) {
    int run = runOf(index);
    System.arraycopy(starts, run, starts, 0, size - run);
    System.arraycopy(terms, run, terms, 0, size - run);
    size -= run;
    starts[0] = index;
  }

  /**
   * The greatest index at or before {@code index} whose entry has at most this term, or the index
   * before the base if there is none. Terms ascend along a log, so everything between the result
   * and {@code index} has a later term.
   */
  long floorOfTerm(long index, long term) {
    int run = runOf(index);
    if (terms[run] <= term) {
      return index;
    }
    while (run > 0 && terms[run - 1] > term) {
      run--;
    }
    return starts[run] - 1;
  }

  private int runOf(long index) {
    if (index >= starts[size - 1]) {
      return size - 1;
    }
    int found = Arrays.binarySearch(starts, 0, size, index);
    int run = found >= 0 ? found : -found - 2;
    Invariants.check(run >= 0, "term asked for before the log's base", index, starts[0]);
    return run;
  }
}
