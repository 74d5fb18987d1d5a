package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Turns the rows of a state into the byte stream of a snapshot, which is cut into parts anywhere.
 *
 * <p>The stream does not depend on the engine that stores the state:
 *
 * <pre>
 * header   4 bytes "OSNP", 1 byte version
 * row      1 byte 1, varint key length, varint value length, key, value; keys strictly ascending
 * end      1 byte 0, 8 bytes number of rows, 4 bytes CRC32C of everything before it
 * </pre>
 *
 * <p>Numbers are big-endian, varints carry seven bits a byte, low bits first. Not thread-safe.
 */
public final class SnapshotEncoder {

  /** The version written; a reader refuses newer ones. */
  public static final int VERSION = 1;

  /** Longest key or value of a row. */
  public static final int MAX_LENGTH = 1 << 28; // 256 MiB

  static final byte[] MAGIC = {'O', 'S', 'N', 'P'};
  static final byte END = 0;
  static final byte ROW = 1;
  static final int END_BYTES = 1 + 8 + 4;

  private final CRC32C crc = new CRC32C();
  private byte[] buffer = new byte[4096];

  /** The bytes in [from, to) are encoded and not yet taken. */
  private int from;

  private int to;
  private long rowCount;

  public SnapshotEncoder() {
    append(MAGIC, MAGIC.length);
    append((byte) VERSION);
    crc.update(buffer, 0, to);
  }

  /** Adds a row; keys must come in ascending order. */
  public void add(Bytes key, Bytes value) {
    if (key.size() > MAX_LENGTH || value.size() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a row holds at most " + MAX_LENGTH + " bytes, was " + key.size() + "+" + value.size());
    }
    reserve(1 + 5 + 5 + key.size() + value.size());
    int start = to;
    append(ROW);
    appendVarint(key.size());
    appendVarint(value.size());
    append(key.sharedArray(), key.size());
    append(value.sharedArray(), value.size());
    crc.update(buffer, start, to - start);
    rowCount++;
  }

  /** Adds the end of the stream; nothing may be added after it. */
  public void end() {
    int start = reserve(END_BYTES);
    append(END);
    appendBigEndian(rowCount, 8);
    crc.update(buffer, start, to - start);
    appendBigEndian(crc.getValue(), 4);
  }

  /** How many encoded bytes wait to be taken. */
  public int pendingBytes() {
    return to - from;
  }

  /** Takes the next bytes, at most {@code maxBytes} and at most those pending. */
  public Bytes take(int maxBytes) {
    int end = from + Math.min(maxBytes, pendingBytes());
    Bytes part = Bytes.wrap(Arrays.copyOfRange(buffer, from, end));
    from = end;
    return part;
  }

  /** Makes room for so many more bytes and returns where they will start. */
  private int reserve(int count) {
    if (buffer.length - to < count) {
      int pending = pendingBytes();
      byte[] target =
          pending + count > buffer.length
              ? new byte[Math.max(pending + count, 2 * buffer.length)]
              : buffer;
      System.arraycopy(buffer, from, target, 0, pending);
      buffer = target;
      from = 0;
      to = pending;
    }
    return to;
  }

  private void append(byte value) {
    buffer[to++] = value;
  }

  private void append(byte[] bytes, int count) {
    System.arraycopy(bytes, 0, buffer, to, count);
    to += count;
  }

  private void appendVarint(int value) {
    int rest = value;
    while (rest >= 0x80) {
      append((byte) (rest | 0x80));
      rest >>>= 7;
    }
    append((byte) rest);
  }

  private void appendBigEndian(long value, int count) {
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
      append((byte) (value >>> shift));
    }
  }
}
