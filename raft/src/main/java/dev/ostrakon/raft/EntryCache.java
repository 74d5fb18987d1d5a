package dev.ostrakon.raft;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The newest entries of a log, in memory: a ring that grows by doubling. The log decides what may
 * leave it.
 */
final class EntryCache {

  private static final int INITIAL_CAPACITY = 16;

  private static final LogEntry NO_ENTRY = new LogEntry(1, 1, EntryKind.NOOP, Bytes.EMPTY);

  /** A power of two long. Slots outside [firstIndex, endIndex) hold {@link #NO_ENTRY}. */
  private LogEntry[] ring;

  private long firstIndex;
  private long endIndex;
  private long bytes;

  /** The newest slice made: a leader sends the same one to every follower and to its own log. */
  private List<LogEntry> lastSlice = List.of();

  private long lastSliceFrom;
  private long lastSliceTo;
  private int lastSliceMaxBytes;
  private long lastSliceBytes;

  EntryCache(long firstIndex) {
    this.ring = newRing(INITIAL_CAPACITY);
    this.firstIndex = firstIndex;
    this.endIndex = firstIndex;
  }

  /** The first index held; equals {@link #endIndex} if nothing is. */
  long firstIndex() {
    return firstIndex;
  }

  /** The index after the last one held. */
  long endIndex() {
    return endIndex;
  }

  /** The size of everything held, as {@link LogEntry#sizeBytes} counts. */
  long bytes() {
    return bytes;
  }

  boolean contains(long index) {
    return index >= firstIndex && index < endIndex;
  }

  LogEntry get(long index) {
    Invariants.check(contains(index), "entry is not in the cache", index, firstIndex);
    return ring[slot(index)];
  }

  /** Adds the entry that follows the last one. */
  void append(LogEntry entry) {
    Invariants.check(entry.index() == endIndex, "entry must follow", entry.index(), endIndex);
    if (endIndex - firstIndex == ring.length) {
      grow();
    }
    ring[slot(endIndex)] = entry;
    endIndex++;
    bytes += entry.sizeBytes();
  }

  /** Removes the entries from {@code index} on; what comes next has this index. */
  void truncateFrom(long index) {
    while (endIndex > firstIndex && endIndex > index) {
      endIndex--;
      release(endIndex);
    }
    firstIndex = Math.min(firstIndex, index);
    endIndex = index;
    forgetSlice();
  }

  /** Removes the first entry. */
  void evictFirst() {
    release(firstIndex);
    firstIndex++;
  }

  /** Removes everything; what comes next has this index. */
  void reset(long index) {
    Arrays.fill(ring, NO_ENTRY);
    firstIndex = index;
    endIndex = index;
    bytes = 0;
    forgetSlice();
  }

  /**
   * Consecutive entries from {@code from}, which must be held, to {@code to}, exclusive.
   *
   * @param maxBytes the slice ends before the entry that would exceed it, but has one at least
   */
  List<LogEntry> slice(long from, long to, int maxBytes) {
    if (from == lastSliceFrom && to == lastSliceTo && fitsLastSlice(maxBytes)) {
      return lastSlice;
    }
    int count = countWithin(from, to, maxBytes);
    LogEntry[] entries = new LogEntry[count];
    for (int i = 0; i < count; i++) {
      entries[i] = ring[slot(from + i)];
    }
    lastSlice = List.of(entries);
    lastSliceFrom = from;
    lastSliceTo = to;
    lastSliceMaxBytes = maxBytes;
    return lastSlice;
  }

  private boolean fitsLastSlice(int maxBytes) {
    boolean isWhole = lastSliceFrom + lastSlice.size() == lastSliceTo;
    return maxBytes == lastSliceMaxBytes || (isWhole && lastSliceBytes <= maxBytes);
  }

  /** How many entries a slice has; leaves their size in {@link #lastSliceBytes}. */
  private int countWithin(long from, long to, int maxBytes) {
    Invariants.check(contains(from) && to <= endIndex, "slice is not in the cache", from, to);
    lastSliceBytes = ring[slot(from)].sizeBytes();
    long index = from + 1;
    while (index < to) {
      int size = ring[slot(index)].sizeBytes();
      if (lastSliceBytes + size > maxBytes) {
        break;
      }
      lastSliceBytes += size;
      index++;
    }
    return (int) (index - from);
  }

  private void release(long index) {
    int slot = slot(index);
    bytes -= ring[slot].sizeBytes();
    ring[slot] = NO_ENTRY;
  }

  private void forgetSlice() {
    lastSlice = List.of();
    lastSliceFrom = 0;
    lastSliceTo = 0;
    lastSliceMaxBytes = 0;
  }

  private void grow() {
    LogEntry[] grown = newRing(2 * ring.length);
    for (long index = firstIndex; index < endIndex; index++) {
      grown[(int) (index & (grown.length - 1))] = ring[slot(index)];
    }
    ring = grown;
  }

  private int slot(long index) {
    return (int) (index & (ring.length - 1));
  }

  private static LogEntry[] newRing(int capacity) {
    return Collections.nCopies(capacity, NO_ENTRY).toArray(new LogEntry[0]);
  }
}
