package dev.ostrakon.storage;

import java.nio.ByteBuffer;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;

/**
 * A key of the log environment: 8 bytes group, 1 byte kind, 8 bytes index, big-endian, so that what
 * one group writes lies together and a batch touches few pages.
 */
record LogKey(long group, byte kind, long index) {

  /** Hard state and base of a group; index 0. */
  static final byte META = 0;

  /** The first entry of a term that differs from the term before it. */
  static final byte TERM = 1;

  /** A run of entries, under the index of the first. */
  static final byte ENTRIES = 2;

  static final int BYTES = 17;

  static LogKey meta(long group) {
    return new LogKey(group, META, 0);
  }

  static LogKey term(long group, long index) {
    return new LogKey(group, TERM, index);
  }

  static LogKey entries(long group, long index) {
    return new LogKey(group, ENTRIES, index);
  }

  static LogKey decode(ByteIterable stored) {
    ByteBuffer buffer = ByteBuffer.wrap(stored.getBytesUnsafe(), 0, stored.getLength());
    return new LogKey(buffer.getLong(), buffer.get(), buffer.getLong());
  }

  byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    ByteBuffer.wrap(bytes).putLong(group).put(kind).putLong(index);
    return bytes;
  }

  ArrayByteIterable encode() {
    return new ArrayByteIterable(toBytes());
  }

  /** Whether the other key belongs to the same group and is of the same kind. */
  boolean isSibling(LogKey other) {
    return group == other.group && kind == other.kind;
  }
}
