package dev.ostrakon.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The disk of one test replica: what was written is readable at once, and survives a crash once it
 * is durable.
 */
final class TestDisk {

  /** A log as it stands on the disk. */
  private static final class Image {
    private HardState hardState = HardState.INITIAL;
    private EntryId base = EntryId.ZERO;
    private TreeMap<Long, LogEntry> entries = new TreeMap<>();

    private Image copy() {
      Image copy = new Image();
      copy.hardState = hardState;
      copy.base = base;
      copy.entries = new TreeMap<>(entries);
      return copy;
    }

    private void apply(LogWrite write) {
      if (!write.resetTo().equals(EntryId.ZERO)) {
        entries.clear();
        base = write.resetTo();
      }
      if (!write.entries().isEmpty()) {
        long first = write.entries().get(0).index();
        long last = entries.isEmpty() ? base.index() : entries.lastKey();
        Invariants.check(first <= last + 1 && first > base.index(), "no gap on disk", first, last);
        entries.tailMap(first, true).clear();
        write.entries().forEach(entry -> entries.put(entry.index(), entry));
      }
      if (write.compactTo().index() > base.index()) {
        base = write.compactTo();
        LogEntry last = entries.get(base.index());
        Invariants.check(
            last != null && last.id().equals(base), "compaction names an entry of the log");
        entries.headMap(base.index(), true).clear();
      }
      hardState = write.hardState();
    }
  }

  private record Pending(long readyNumber, LogWrite write) {}

  private Image written = new Image();
  private Image durable = new Image();
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private SnapshotMetadata checkpoint;
  private long checkpointDigest;

  TestDisk(SnapshotMetadata checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Puts a log there as if it had been written long ago. */
  void preset(HardState hardState, List<LogEntry> entries) {
    written.hardState = hardState;
    entries.forEach(entry -> written.entries.put(entry.index(), entry));
    durable = written.copy();
  }

  void write(long readyNumber, LogWrite write) {
    written.apply(write);
    pending.addLast(new Pending(readyNumber, write));
  }

  boolean hasPending() {
    return !pending.isEmpty();
  }

  /** The number of the oldest Ready whose write is not durable. */
  long oldestPendingNumber() {
    return pending.isEmpty() ? Long.MAX_VALUE : pending.getFirst().readyNumber();
  }

  /** Makes the oldest write durable; returns the number of its Ready. */
  long syncNext() {
    Pending next = pending.removeFirst();
    durable.apply(next.write());
    return next.readyNumber();
  }

  /** Everything not yet durable is lost. */
  void crash() {
    pending.clear();
    written = durable.copy();
  }

  RecoveredLog recover() {
    List<EntryId> starts = new ArrayList<>();
    long term = durable.base.term();
    for (LogEntry entry : durable.entries.values()) {
      if (entry.term() != term) {
        term = entry.term();
        starts.add(entry.id());
      }
    }
    long last = durable.entries.isEmpty() ? durable.base.index() : durable.entries.lastKey();
    return new RecoveredLog(durable.hardState, durable.base, last, starts);
  }

  List<LogEntry> read(LogFetch fetch) {
    List<LogEntry> found = new ArrayList<>();
    long bytes = 0;
    for (long i = fetch.fromIndex(); i < fetch.toIndex() && bytes < fetch.maxBytes(); i++) {
      LogEntry entry = written.entries.get(i);
      if (entry == null) {
        break;
      }
      found.add(entry);
      bytes += entry.sizeBytes();
    }
    return found;
  }

  /** All entries as the replica last handed them out. */
  List<LogEntry> writtenEntries() {
    return List.copyOf(written.entries.values());
  }

  EntryId writtenBase() {
    return written.base;
  }

  HardState durableHardState() {
    return durable.hardState;
  }

  SnapshotMetadata checkpoint() {
    return checkpoint;
  }

  long checkpointDigest() {
    return checkpointDigest;
  }

  void saveCheckpoint(SnapshotMetadata at, long digest) {
    checkpoint = at;
    checkpointDigest = digest;
  }
}
