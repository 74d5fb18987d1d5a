package dev.ostrakon.client;

import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Key;
import java.util.Arrays;

/**
 * A range of keys, ascending as unsigned bytes: {@code Scan.prefix("user/").limit(100)}.
 *
 * @param from the first key that counts; empty for the first of all
 * @param to the first key that does not count any more; empty for no end
 * @param limit the most entries of one result, in [1, {@link #LIMIT_MAX}]
 */
public record Scan(ByteString from, ByteString to, int limit) {
  /** The most entries of one result. */
  public static final int LIMIT_MAX = 10_000;

  /** The most entries of one result if nobody says otherwise. */
  public static final int LIMIT_DEFAULT = 1_000;

  /** Requires a limit within bounds. */
  public Scan {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException(
          "a scan's limit is in [1, " + LIMIT_MAX + "], was " + limit);
    }
  }

  /** All keys. */
  public static Scan all() {
    return new Scan(ByteString.EMPTY, ByteString.EMPTY, LIMIT_DEFAULT);
  }

  /** All keys that begin so. */
  public static Scan prefix(String prefix) {
    return ofPrefix(ByteString.utf8(prefix));
  }

  /** All keys that begin so. */
  public static Scan prefix(byte[] prefix) {
    return ofPrefix(ByteString.copyOf(prefix));
  }

  /**
   * Keys in {@code [from, to)}.
   *
   * @param from empty for the first key of all
   * @param to empty for no end
   */
  public static Scan range(String from, String to) {
    return new Scan(ByteString.utf8(from), ByteString.utf8(to), LIMIT_DEFAULT);
  }

  /** As {@link #range(String, String)}. */
  public static Scan range(byte[] from, byte[] to) {
    return new Scan(ByteString.copyOf(from), ByteString.copyOf(to), LIMIT_DEFAULT);
  }

  /** The same range, with another bound on the entries of one result. */
  public Scan limit(int newLimit) {
    return new Scan(from, to, newLimit);
  }

  /** The rest of the range, just after a key. */
  public Scan after(Key last) {
    byte[] key = last.bytes().sharedArray();
    return new Scan(ByteString.wrap(Arrays.copyOf(key, key.length + 1)), to, limit);
  }

  private static Scan ofPrefix(ByteString prefix) {
    return new Scan(prefix, endOfPrefix(prefix.toByteArray()), LIMIT_DEFAULT);
  }

  /** The least key above all that begin so; empty if there is none, as for FF FF. */
  private static ByteString endOfPrefix(byte[] prefix) {
    for (int length = prefix.length; length > 0; length--) {
      if (prefix[length - 1] != (byte) 0xFF) {
        byte[] end = Arrays.copyOf(prefix, length);
        end[length - 1]++;
        return ByteString.wrap(end);
      }
    }
    return ByteString.EMPTY;
  }
}
