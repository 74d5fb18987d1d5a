package dev.ostrakon.raft;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable string of bytes: a command, a key or a value. Ordered as unsigned bytes,
 * lexicographically.
 */
public final class Bytes implements Comparable<Bytes> {

  /** The empty string of bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  /** Cached; 0 means "not computed yet", which is merely recomputed if it is the true hash. */
  private int hash;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /** Copies {@code array}. */
  public static Bytes copyOf(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array.clone());
  }

  /** Takes {@code array} over without a copy; the caller must never change it again. */
  public static Bytes wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public int size() {
    return array.length;
  }

  public boolean isEmpty() {
    return array.length == 0;
  }

  public byte at(int position) {
    return array[position];
  }

  /** These bytes, then the others. */
  public Bytes append(Bytes other) {
    byte[] whole = Arrays.copyOf(array, array.length + other.array.length);
    System.arraycopy(other.array, 0, whole, array.length, other.array.length);
    return wrap(whole);
  }

  /** The bytes from a position on. */
  public Bytes from(int position) {
    return wrap(Arrays.copyOfRange(array, position, array.length));
  }

  /** The least bytes above all that begin with these; empty if there are none. */
  public Bytes successor() {
    int length = array.length;
    while (length > 0 && array[length - 1] == (byte) 0xFF) {
      length--;
    }
    byte[] next = Arrays.copyOf(array, length);
    if (length > 0) {
      next[length - 1]++;
    }
    return wrap(next);
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return array.clone();
  }

  /** The bytes themselves, for encoders that only read them; the caller must not change them. */
  public byte[] sharedArray() {
    return array;
  }

  public String toUtf8() {
    return new String(array, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    int result = hash;
    if (result == 0) {
      result = Arrays.hashCode(array);
      hash = result;
    }
    return result;
  }

  /** The size only: contents may be a user's and do not belong into logs. */
  @Override
  public String toString() {
    return "Bytes[" + array.length + "]";
  }
}
