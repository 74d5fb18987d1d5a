package dev.ostrakon.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An immutable string of bytes, ordered as unsigned bytes, lexicographically. */
public final class ByteString implements Comparable<ByteString> {
  /** No bytes at all. */
  public static final ByteString EMPTY = new ByteString(new byte[0]);

  private final byte[] array;

  private ByteString(byte[] array) {
    this.array = array;
  }

  /** Copies {@code array}. */
  public static ByteString copyOf(byte[] array) {
    return wrap(array.clone());
  }

  /** Takes {@code array} over without a copy; the caller must never change it again. */
  public static ByteString wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new ByteString(array);
  }

  /**
   * The UTF-8 encoding of {@code text}.
   *
   * @throws IllegalArgumentException if the text holds half of a surrogate pair, which has none
   */
  public static ByteString utf8(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        requirePaired(text, i);
        break;
      }
    }
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void requirePaired(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          throw new IllegalArgumentException(
              "a text expected that UTF-8 can encode, was one of "
                  + text.length()
                  + " chars with half of a surrogate pair at index "
                  + i
                  + ": pass bytes instead");
        }
        i++;
      }
    }
  }

  /** The number of bytes. */
  public int size() {
    return array.length;
  }

  /** Whether there are no bytes. */
  public boolean isEmpty() {
    return array.length == 0;
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return array.clone();
  }

  /** The bytes themselves, for encoders that only read them; the caller must not change them. */
  public byte[] sharedArray() {
    return array;
  }

  /** The bytes as UTF-8 text; malformed sequences become U+FFFD. */
  public String toUtf8() {
    return new String(array, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  /** The size only: contents are a user's and do not belong into logs. */
  @Override
  public String toString() {
    return array.length + " bytes";
  }
}
