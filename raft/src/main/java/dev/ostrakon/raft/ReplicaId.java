package dev.ostrakon.raft;

/**
 * The identity of one member of a Raft group, bound to one disk for its whole life.
 *
 * <p>A replica that lost its disk is another replica: it must come back under another id, because
 * it no longer knows what it voted for and what it acknowledged.
 *
 * @param value a positive number, unique in the group; 0 is {@link #NONE}
 */
public record ReplicaId(long value) implements Comparable<ReplicaId> {

  /** Nobody: no vote cast, no leader known. */
  public static final ReplicaId NONE = new ReplicaId(0);

  public ReplicaId {
    if (value < 0) {
      throw new IllegalArgumentException("replica id must not be negative, was " + value);
    }
  }

  public boolean isNone() {
    return value == 0;
  }

  @Override
  public int compareTo(ReplicaId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReplicaId that && value == that.value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }

  @Override
  public String toString() {
    return isNone() ? "none" : Long.toString(value);
  }
}
