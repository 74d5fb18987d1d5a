package dev.ostrakon.model;

/** One of a fixed number of hash buckets of keys, from 0. */
public record Slot(int number) implements Comparable<Slot> {
  /** Requires a number that is not negative. */
  public Slot {
    if (number < 0) {
      throw new IllegalArgumentException("a slot's number is not negative, was " + number);
    }
  }

  @Override
  public int compareTo(Slot other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Slot that && number == that.number;
  }

  @Override
  public int hashCode() {
    return number;
  }

  @Override
  public String toString() {
    return "slot " + number;
  }
}
