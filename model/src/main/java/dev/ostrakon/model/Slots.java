package dev.ostrakon.model;

import java.util.zip.CRC32C;

/**
 * How keys map to slots: {@code slot = hash(tag) mod count}. The tag is the part of the key between
 * the first <code>{</code> and the next <code>}</code> if that is not empty, else the whole key; so
 * keys with the same tag stay together.
 *
 * <p>The hash is CRC-32C followed by the finalizer of MurmurHash3, which spreads its bits over the
 * lower ones. It is part of the data format and never changes.
 *
 * @param count the number of slots, a power of two in [1, {@link #COUNT_MAX}]; chosen when the
 *     cluster is made
 */
public record Slots(int count) {
  /** The most slots that a cluster can have. */
  public static final int COUNT_MAX = 1 << 16; // 65,536

  /** The number of slots if nobody chose one. */
  public static final int COUNT_DEFAULT = 256;

  /** Requires a power of two within bounds. */
  public Slots {
    if (count < 1 || count > COUNT_MAX || Integer.bitCount(count) != 1) {
      throw new IllegalArgumentException(
          "the number of slots is a power of two in [1, " + COUNT_MAX + "], was " + count);
    }
  }

  /** The slot of a key. */
  public Slot of(Key key) {
    byte[] bytes = key.bytes().sharedArray();
    int open = indexOf(bytes, '{', 0);
    int close = open < 0 ? -1 : indexOf(bytes, '}', open + 1);
    CRC32C crc = new CRC32C();
    if (close > open + 1) {
      crc.update(bytes, open + 1, close - open - 1);
    } else {
      crc.update(bytes);
    }
    return new Slot(mix((int) crc.getValue()) & (count - 1));
  }

  private static int indexOf(byte[] bytes, char wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static int mix(int hash) {
    int h = hash;
    h = (h ^ (h >>> 16)) * 0x85EBCA6B;
    h = (h ^ (h >>> 13)) * 0xC2B2AE35;
    return h ^ (h >>> 16);
  }
}
