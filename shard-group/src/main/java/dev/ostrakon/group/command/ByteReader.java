package dev.ostrakon.group.command;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.raft.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a {@link ByteWriter} wrote. Never looks beyond the end and never allocates more than
 * what is there.
 *
 * <p>Every method throws {@link MalformedException} if the bytes cannot be what it is asked for.
 */
public final class ByteReader {
  static final int VARINT_BYTES_MAX = 10;

  private final byte[] array;
  private int position;

  /** A reader at the beginning. */
  public ByteReader(Bytes bytes) {
    array = bytes.sharedArray();
  }

  /** How many bytes are left. */
  public int remaining() {
    return array.length - position;
  }

  /** Requires that everything was read. */
  public void requireEnd() {
    if (remaining() != 0) {
      throw new MalformedException(remaining() + " bytes follow the end");
    }
  }

  /** 8 bits. */
  public int u8() {
    require(1);
    return array[position++] & 0xFF;
  }

  /** 16 bits. */
  public int u16() {
    return (u8() << 8) | u8();
  }

  /** 32 bits. */
  public int i32() {
    return (u16() << Short.SIZE) | u16();
  }

  /** 64 bits. */
  public long i64() {
    require(Long.BYTES);
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = (value << 8) | (array[position++] & 0xFF);
    }
    return value;
  }

  /** A number of 1 to 10 bytes, as unsigned. */
  public long varint() {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      int next = u8();
      value |= (long) (next & 0x7F) << (7 * i);
      if (next < 0x80) {
        if (i == VARINT_BYTES_MAX - 1 && next > 1) {
          break;
        }
        return value;
      }
    }
    throw new MalformedException("a number has more than 64 bits");
  }

  /** A varint that fits a non-negative {@code int}. */
  public int size() {
    long value = varint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new MalformedException("a size is out of range: " + Long.toUnsignedString(value));
    }
    return (int) value;
  }

  /** The number of elements that follow, each of which takes at least one byte. */
  public int count() {
    int count = size();
    require(count);
    return count;
  }

  /** 8 bytes; every value is a timestamp. */
  public HybridTimestamp timestamp() {
    return HybridTimestamp.fromPacked(i64());
  }

  /** A length and so many bytes. */
  public byte[] bytes() {
    int length = size();
    require(length);
    byte[] result = Arrays.copyOfRange(array, position, position + length);
    position += length;
    return result;
  }

  /** A length and so many bytes. */
  public ByteString byteString() {
    return ByteString.wrap(bytes());
  }

  /** A length and a text in UTF-8. */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  private void require(int bytes) {
    if (remaining() < bytes) {
      throw new MalformedException(
          "expected " + bytes + " more bytes, were " + remaining() + " at " + position);
    }
  }
}
