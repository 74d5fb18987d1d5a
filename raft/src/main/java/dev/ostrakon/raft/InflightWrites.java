package dev.ostrakon.raft;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The log writes handed to the disk and not yet durable, in order.
 *
 * <p>A write that was handed out may be overwritten in memory before it is durable. Its completion
 * then speaks of entries that are no longer in the log, so each write carries how much of it still
 * stands.
 */
final class InflightWrites {

  /** One Ready's entries on their way. */
  private static final class Write {
    private final long readyNumber;

    /** The last index that this write makes durable in the log as it is now; 0 for none. */
    private long lastIndex;

    private final long bytes;

    Write(long readyNumber, long lastIndex, long bytes) {
      this.readyNumber = readyNumber;
      this.lastIndex = lastIndex;
      this.bytes = bytes;
    }
  }

  private final ArrayDeque<Write> writes = new ArrayDeque<>();
  private long bytes;

  /** The Ready with this number carries entries of this size up to {@code lastIndex}. */
  void add(long readyNumber, long lastIndex, long entryBytes) {
    writes.addLast(new Write(readyNumber, lastIndex, entryBytes));
    bytes += entryBytes;
  }

  /** Size of the entries on their way, also of those that were overwritten since. */
  long bytes() {
    return bytes;
  }

  /** Entries from {@code index} on were replaced or dropped. */
  void truncateFrom(long index) {
    Iterator<Write> newestFirst = writes.descendingIterator();
    while (newestFirst.hasNext()) {
      Write write = newestFirst.next();
      if (write.lastIndex < index) {
        return; // The older ones end before this one does.
      }
      write.lastIndex = index - 1;
    }
  }

  /** The whole log was replaced: nothing under way is part of it. */
  void forgetEntries() {
    for (Write write : writes) {
      write.lastIndex = 0;
    }
  }

  /**
   * The writes of all Readys up to this number are durable.
   *
   * @return the last index of the present log that they made durable, 0 for none
   */
  long complete(long readyNumber) {
    long durable = 0;
    while (!writes.isEmpty() && writes.getFirst().readyNumber <= readyNumber) {
      Write done = writes.removeFirst();
      bytes -= done.bytes;
      durable = Math.max(durable, done.lastIndex);
    }
    return durable;
  }
}
