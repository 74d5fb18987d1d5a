package dev.ostrakon.group.command;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.raft.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing string of bytes: fixed big-endian numbers, varints (LEB128), and strings of them. */
public final class ByteWriter {
  private static final int CAPACITY_START = 128;

  private byte[] array;
  private int size;

  /** An empty writer. */
  public ByteWriter() {
    this(CAPACITY_START);
  }

  /** An empty writer with room for so many bytes. */
  public ByteWriter(int capacity) {
    array = new byte[Math.max(1, capacity)];
  }

  /** How many bytes were written. */
  public int size() {
    return size;
  }

  /** What was written, copied to its size. */
  public Bytes toBytes() {
    return Bytes.wrap(Arrays.copyOf(array, size));
  }

  /** The low 8 bits. */
  public ByteWriter u8(int value) {
    ensure(1);
    array[size++] = (byte) value;
    return this;
  }

  /** The low 16 bits. */
  public ByteWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  /** 32 bits. */
  public ByteWriter i32(int value) {
    return u16(value >>> Short.SIZE).u16(value);
  }

  /** 64 bits. */
  public ByteWriter i64(long value) {
    ensure(Long.BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      array[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** 1 to 10 bytes, few for small numbers; the number is taken as unsigned. */
  public ByteWriter varint(long value) {
    ensure(ByteReader.VARINT_BYTES_MAX);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      array[size++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    array[size++] = (byte) rest;
    return this;
  }

  /** Its packed form in 8 bytes. */
  public ByteWriter timestamp(HybridTimestamp timestamp) {
    return i64(timestamp.packed());
  }

  /** The length, then the bytes. */
  public ByteWriter bytes(byte[] bytes) {
    varint(bytes.length);
    return raw(bytes);
  }

  /** The length, then the bytes. */
  public ByteWriter bytes(ByteString bytes) {
    return bytes(bytes.sharedArray());
  }

  /** The length in UTF-8, then the text. */
  public ByteWriter text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes without their length. */
  public ByteWriter raw(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, array, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** All that the other writer has. */
  public ByteWriter append(ByteWriter other) {
    ensure(other.size);
    System.arraycopy(other.array, 0, array, size, other.size);
    size += other.size;
    return this;
  }

  private void ensure(int more) {
    if (array.length - size < more) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, size + more));
    }
  }
}
