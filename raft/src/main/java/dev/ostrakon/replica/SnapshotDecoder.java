package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StorageException.Reason;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parts of a snapshot back into rows; the format is that of {@link SnapshotEncoder}.
 *
 * <p>Trusts nothing: whatever does not fit is a {@link StorageException} with reason CORRUPT, or
 * NEWER_FORMAT for a version it does not know. Rows already handed out are to be thrown away then.
 * Not thread-safe.
 */
public final class SnapshotDecoder {

  private static final int HEADER_BYTES = SnapshotEncoder.MAGIC.length + 1;

  /** What {@link #varintAt} returns if the number is not complete yet. */
  private static final int INCOMPLETE = -1;

  private final CRC32C crc = new CRC32C();
  private byte[] buffer = new byte[4096];

  /** The bytes in [from, to) were fed and not yet decoded. */
  private int from;

  private int to;

  /** Where the varint after the one last read starts. */
  private int cursor;

  private boolean headerRead;
  private boolean endRead;
  private long rowCount;
  private @Nullable Bytes lastKey;

  /** Decodes as far as the bytes reach and hands out complete rows. */
  public void feed(Bytes part, BiConsumer<Bytes, Bytes> rows) {
    append(part);
    if (!headerRead && to - from >= HEADER_BYTES) {
      readHeader();
    }
    boolean more = headerRead;
    while (more && from < to) {
      require(!endRead, "bytes after the end");
      more = buffer[from] == SnapshotEncoder.ROW ? readRow(rows) : readEnd();
    }
  }

  /** Throws unless the stream was read to its end and its checksum held. */
  public void requireComplete() {
    require(endRead, "the end is missing");
  }

  private void readHeader() {
    boolean magic = Arrays.equals(buffer, from, from + 4, SnapshotEncoder.MAGIC, 0, 4);
    require(magic, "the stream does not start like a snapshot");
    int version = buffer[from + 4];
    if (version > SnapshotEncoder.VERSION) {
      throw new StorageException(
          Reason.NEWER_FORMAT,
          "snapshot has format "
              + version
              + ", expected at most "
              + SnapshotEncoder.VERSION
              + ": run the version that wrote it, or a newer one");
    }
    require(version == SnapshotEncoder.VERSION, "unknown version " + version);
    headerRead = true;
    consume(HEADER_BYTES);
  }

  /** Returns whether the row was complete. */
  private boolean readRow(BiConsumer<Bytes, Bytes> rows) {
    int keyLength = varintAt(from + 1);
    int valueLength = keyLength == INCOMPLETE ? INCOMPLETE : varintAt(cursor);
    if (valueLength == INCOMPLETE || to - cursor < keyLength + valueLength) {
      return false;
    }
    int keyEnd = cursor + keyLength;
    int end = keyEnd + valueLength;
    Bytes key = Bytes.wrap(Arrays.copyOfRange(buffer, cursor, keyEnd));
    Bytes last = lastKey;
    require(last == null || last.compareTo(key) < 0, "keys are not ascending");
    lastKey = key;
    rowCount++;
    Bytes value = Bytes.wrap(Arrays.copyOfRange(buffer, keyEnd, end));
    consume(end - from);
    rows.accept(key, value);
    return true;
  }

  /** Returns whether the end was complete. */
  private boolean readEnd() {
    require(buffer[from] == SnapshotEncoder.END, "unknown record type " + buffer[from]);
    if (to - from < SnapshotEncoder.END_BYTES) {
      return false;
    }
    long count = bigEndian(from + 1, 8);
    require(count == rowCount, "expected " + count + " rows, was " + rowCount);
    consume(SnapshotEncoder.END_BYTES - 4);
    require(bigEndian(from, 4) == crc.getValue(), "the checksum does not hold");
    from += 4;
    endRead = true;
    return true;
  }

  private int varintAt(int position) {
    int value = 0;
    for (int count = 0; position + count < to; count++) {
      byte next = buffer[position + count];
      value |= (next & 0x7f) << (7 * count);
      if (next >= 0) {
        require(value <= SnapshotEncoder.MAX_LENGTH, "a length of " + value);
        cursor = position + count + 1;
        return value;
      }
      require(count < 4, "a length that does not end");
    }
    return INCOMPLETE;
  }

  private long bigEndian(int position, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = (value << 8) | (buffer[position + i] & 0xff);
    }
    return value;
  }

  private void consume(int count) {
    crc.update(buffer, from, count);
    from += count;
  }

  private void append(Bytes part) {
    int pending = to - from;
    if (buffer.length - to < part.size()) {
      int needed = Math.addExact(pending, part.size());
      byte[] target = needed > buffer.length ? new byte[Math.max(needed, 8192)] : buffer;
      System.arraycopy(buffer, from, target, 0, pending);
      buffer = target;
      from = 0;
      to = pending;
    }
    System.arraycopy(part.sharedArray(), 0, buffer, to, part.size());
    to += part.size();
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new StorageException(
          Reason.CORRUPT,
          "snapshot cannot be used, expected the format of SnapshotEncoder, was: "
              + problem
              + "; transfer it again");
    }
  }
}
