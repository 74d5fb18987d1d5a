package dev.ostrakon.model;

/**
 * The id of a Raft group. Group 0 is the shard controller; all others are shard groups.
 *
 * @param number not negative
 */
public record GroupId(long number) implements Comparable<GroupId> {
  /** The group of the shard controller; it owns no slots. */
  public static final GroupId CONTROLLER = new GroupId(0);

  /** Requires a number that is not negative. */
  public GroupId {
    if (number < 0) {
      throw new IllegalArgumentException("a group's number is not negative, was " + number);
    }
  }

  @Override
  public int compareTo(GroupId other) {
    return Long.compare(number, other.number);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupId that && number == that.number;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number);
  }

  @Override
  public String toString() {
    return "g" + number;
  }
}
