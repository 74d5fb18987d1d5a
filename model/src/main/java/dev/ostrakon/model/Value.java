package dev.ostrakon.model;

import java.util.OptionalLong;

/** A user's value: any bytes, possibly none. A number is its decimal text. */
public record Value(ByteString bytes) {
  /** The longest text of a signed 64-bit number, {@code -9223372036854775808}. */
  public static final int NUMBER_CHARACTERS_MAX = 20;

  /** The value with this text in UTF-8. */
  public static Value utf8(String text) {
    return new Value(ByteString.utf8(text));
  }

  /** The value that is this number. */
  public static Value number(long number) {
    return utf8(Long.toString(number));
  }

  /**
   * The number that this value is: an optional minus sign and decimal digits, nothing else, within
   * 64 bits signed. Empty if it is none.
   */
  public OptionalLong asNumber() {
    byte[] text = bytes.sharedArray();
    int first = text.length > 0 && text[0] == '-' ? 1 : 0;
    if (text.length == first || text.length > NUMBER_CHARACTERS_MAX) {
      return OptionalLong.empty();
    }
    // Accumulates below zero, because the smallest number has no positive counterpart.
    long negated = 0;
    for (int i = first; i < text.length; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9 || negated < (Long.MIN_VALUE + digit) / 10) {
        return OptionalLong.empty();
      }
      negated = negated * 10 - digit;
    }
    if (first == 0) {
      return negated == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(-negated);
    }
    return OptionalLong.of(negated);
  }

  @Override
  public String toString() {
    return "value of " + bytes;
  }
}
