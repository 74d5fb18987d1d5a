package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.StorageException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;

/**
 * The values of the log environment. Each starts with a CRC32C of its key and the rest of it, so
 * that a value under a wrong key is noticed.
 *
 * <pre>
 * META     crc, 8 term, 8 voted for, 8 commit index, 8 base term, 8 base index
 * TERM     crc, 8 term
 * ENTRIES  crc, 8 commit index, 4 count, then per entry: 8 term, 1 kind, 4 length, payload
 * </pre>
 */
final class LogRecord {

  /** A run of entries is closed when it reaches this size; a larger entry has one of its own. */
  static final int TARGET_BYTES = 64 << 10; // 64 KiB

  private static final int CRC_BYTES = 4;
  private static final int RUN_HEADER_BYTES = CRC_BYTES + 8 + 4;
  private static final int ENTRY_HEADER_BYTES = 8 + 1 + 4;

  private final Path path;

  /** Decodes values of the environment at this place, which only serves messages. */
  LogRecord(Path path) {
    this.path = path;
  }

  /** The hard state and base of a group. */
  record Meta(HardState hardState, EntryId base) {

    static final Meta NEW = new Meta(HardState.INITIAL, EntryId.ZERO);

    ArrayByteIterable encode(LogKey key) {
      byte[] bytes = new byte[CRC_BYTES + 5 * 8];
      ByteBuffer buffer = ByteBuffer.wrap(bytes).position(CRC_BYTES);
      buffer.putLong(hardState.term()).putLong(hardState.votedFor().value());
      buffer.putLong(hardState.commitIndex()).putLong(base.term()).putLong(base.index());
      return seal(key, bytes);
    }
  }

  /** A run of entries as stored. */
  record Run(long commitIndex, List<LogEntry> entries) {}

  static ArrayByteIterable encodeTerm(LogKey key, long term) {
    byte[] bytes = new byte[CRC_BYTES + 8];
    ByteBuffer.wrap(bytes).putLong(CRC_BYTES, term);
    return seal(key, bytes);
  }

  /** How many of the entries from {@code from} on go into the next run; at least one. */
  static int runLength(List<LogEntry> entries, int from) {
    long bytes = 0;
    int next = from;
    while (next < entries.size() && bytes < TARGET_BYTES) {
      bytes += ENTRY_HEADER_BYTES + entries.get(next).payload().size();
      next++;
    }
    return next - from;
  }

  static ArrayByteIterable encodeRun(LogKey key, long commitIndex, List<LogEntry> entries) {
    long size = RUN_HEADER_BYTES;
    for (LogEntry entry : entries) {
      size += ENTRY_HEADER_BYTES + entry.payload().size();
    }
    byte[] bytes = new byte[Math.toIntExact(size)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(CRC_BYTES);
    buffer.putLong(commitIndex).putInt(entries.size());
    for (LogEntry entry : entries) {
      buffer.putLong(entry.term()).put((byte) entry.kind().code());
      buffer.putInt(entry.payload().size()).put(entry.payload().sharedArray());
    }
    return seal(key, bytes);
  }

  Meta decodeMeta(LogKey key, ByteIterable stored) {
    ByteBuffer buffer = open(key, stored);
    try {
      HardState hardState =
          new HardState(buffer.getLong(), new ReplicaId(buffer.getLong()), buffer.getLong());
      return new Meta(hardState, new EntryId(buffer.getLong(), buffer.getLong()));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw unreadable(key, e);
    }
  }

  long decodeTerm(LogKey key, ByteIterable stored) {
    ByteBuffer buffer = open(key, stored);
    try {
      return buffer.getLong();
    } catch (BufferUnderflowException e) {
      throw unreadable(key, e);
    }
  }

  Run decodeRun(LogKey key, ByteIterable stored) {
    ByteBuffer buffer = open(key, stored);
    try {
      long commitIndex = buffer.getLong();
      int count = buffer.getInt();
      List<LogEntry> entries = new ArrayList<>(Math.min(count, 1 << 16));
      for (int i = 0; i < count; i++) {
        entries.add(decodeEntry(key.index() + i, buffer));
      }
      return new Run(commitIndex, entries);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw unreadable(key, e);
    }
  }

  /** The number of entries in a run, without reading them. */
  int runCount(LogKey key, ByteIterable stored) {
    if (stored.getLength() < RUN_HEADER_BYTES) {
      throw unreadable(key, new BufferUnderflowException());
    }
    return ByteBuffer.wrap(stored.getBytesUnsafe(), 0, stored.getLength()).getInt(CRC_BYTES + 8);
  }

  private static LogEntry decodeEntry(long index, ByteBuffer buffer) {
    long term = buffer.getLong();
    EntryKind kind = EntryKind.fromCode(buffer.get());
    int length = buffer.getInt();
    if (length < 0 || length > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] payload = new byte[length];
    buffer.get(payload);
    return new LogEntry(index, term, kind, Bytes.wrap(payload));
  }

  /** Puts the checksum in front; the rest has been written through a buffer around the bytes. */
  private static ArrayByteIterable seal(LogKey key, byte[] bytes) {
    ByteBuffer.wrap(bytes).putInt(checksum(key, bytes, bytes.length));
    return new ArrayByteIterable(bytes);
  }

  private ByteBuffer open(LogKey key, ByteIterable stored) {
    int length = stored.getLength();
    byte[] bytes = stored.getBytesUnsafe();
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    if (length < CRC_BYTES || buffer.getInt() != checksum(key, bytes, length)) {
      throw Failures.corrupt(path, "a matching checksum of " + key, "another one");
    }
    return buffer;
  }

  private static int checksum(LogKey key, byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(key.toBytes(), 0, LogKey.BYTES);
    crc.update(bytes, CRC_BYTES, length - CRC_BYTES);
    return (int) crc.getValue();
  }

  /** The failure to report when the entries do not follow each other. */
  StorageException gap(LogKey key, long expectedIndex) {
    return Failures.corrupt(path, "entry " + expectedIndex, "a gap at " + key);
  }

  /** The failure to report when the terms that are stored apart are not those of the entries. */
  StorageException otherTerm(LogKey key, LogEntry entry, long term) {
    return Failures.corrupt(
        path, "entry " + entry.index() + " in term " + term, entry.term() + " in " + key);
  }

  /** The failure to report when a term begins after the last entry, or below the term before. */
  StorageException strayTerm(LogKey key, long term) {
    return Failures.corrupt(path, "ascending terms of entries that exist", term + " in " + key);
  }

  private StorageException unreadable(LogKey key, RuntimeException cause) {
    return Failures.corrupt(path, "a readable value of " + key, String.valueOf(cause));
  }
}
