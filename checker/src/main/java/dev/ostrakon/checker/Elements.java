package dev.ostrakon.checker;

import java.util.Arrays;
import java.util.stream.Collectors;

/** An immutable list of numbers: what a read of a list found. */
public final class Elements {
  /** The empty list, which a missing key is too. */
  public static final Elements EMPTY = new Elements(new long[0]);

  private static final int SHOWN_MAX = 16; // numbers in a text

  private final long[] numbers;

  private Elements(long[] numbers) {
    this.numbers = numbers;
  }

  /** The list of these numbers, which are copied. */
  public static Elements of(long... numbers) {
    return numbers.length == 0 ? EMPTY : new Elements(numbers.clone());
  }

  public int size() {
    return numbers.length;
  }

  public boolean isEmpty() {
    return numbers.length == 0;
  }

  /** The number at an index from 0 on. */
  public long at(int index) {
    return numbers[index];
  }

  /** The list of the first so many numbers. */
  Elements first(int count) {
    return count == size() ? this : new Elements(Arrays.copyOf(numbers, count));
  }

  /** Whether this list begins with the whole other one. */
  public boolean startsWith(Elements other) {
    return size() >= other.size()
        && Arrays.equals(numbers, 0, other.size(), other.numbers, 0, other.size());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Elements elements && Arrays.equals(numbers, elements.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }

  /** A long list shows its length, its beginning and its end. */
  @Override
  public String toString() {
    if (numbers.length <= SHOWN_MAX) {
      return text(0, numbers.length, "[", "]");
    }
    int part = SHOWN_MAX / 2;
    return text(0, part, "[", " ..")
        + text(numbers.length - part, numbers.length, " ", "] (" + numbers.length + ")");
  }

  private String text(int from, int to, String before, String after) {
    return Arrays.stream(numbers, from, to)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(" ", before, after));
  }
}
