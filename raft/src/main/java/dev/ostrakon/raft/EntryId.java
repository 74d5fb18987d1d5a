package dev.ostrakon.raft;

/**
 * The name of one log entry. Two entries with the same id are the same entry, and so are all that
 * precede them (log matching, Raft paper 5.3).
 *
 * @param term the term of the leader that created the entry; 0 only in {@link #ZERO}
 * @param index the position, from 1; 0 only in {@link #ZERO}
 */
public record EntryId(long term, long index) {

  /** The position before the first entry of an empty log. */
  public static final EntryId ZERO = new EntryId(0, 0);

  public EntryId {
    if (term < 0 || index < 0) {
      throw new IllegalArgumentException(
          "term and index must not be negative, were term=" + term + " index=" + index);
    }
  }

  /** Whether a log that ends here is at least as up-to-date as one that ends at {@code other}. */
  public boolean isAtLeastAsUpToDateAs(EntryId other) {
    // Raft paper 5.4.1: the later term wins; with equal terms the longer log wins.
    return term != other.term ? term > other.term : index >= other.index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryId that && term == that.term && index == that.index;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(term) + Long.hashCode(index);
  }

  @Override
  public String toString() {
    return index + "@" + term;
  }
}
