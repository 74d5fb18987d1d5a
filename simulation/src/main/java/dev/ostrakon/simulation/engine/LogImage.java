package dev.ostrakon.simulation.engine;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RecoveredLog;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of one replica's log and hard state.
 *
 * <p>Invariant: the entry at position i has index base.index() + 1 + i.
 */
public final class LogImage {

  private final List<LogEntry> entries;
  private HardState hardState;
  private EntryId base;

  /** A log that was never written. */
  public LogImage() {
    this(HardState.INITIAL, EntryId.ZERO, List.of());
  }

  private LogImage(HardState hardState, EntryId base, List<LogEntry> entries) {
    this.hardState = hardState;
    this.base = base;
    this.entries = new ArrayList<>(entries);
  }

  public LogImage copy() {
    return new LogImage(hardState, base, entries);
  }

  /** Applies a write, in the order of its parts. */
  public void apply(LogWrite write) {
    if (!write.resetTo().equals(EntryId.ZERO)) {
      entries.clear();
      base = write.resetTo();
    }
    if (!write.entries().isEmpty()) {
      append(write.entries());
    }
    if (write.compactTo().index() > base.index()) {
      compact(write.compactTo());
    }
    hardState = write.hardState();
  }

  private void append(List<LogEntry> added) {
    long first = added.get(0).index();
    if (first <= base.index() || first > lastIndex() + 1) {
      throw new IllegalStateException(
          "a write leaves a gap: log is "
              + base
              + ".."
              + lastIndex()
              + ", first entry is "
              + added.get(0));
    }
    entries.subList(position(first), entries.size()).clear();
    entries.addAll(added);
  }

  private void compact(EntryId to) {
    if (to.index() > lastIndex() || termAt(to.index()) != to.term()) {
      throw new IllegalStateException(
          "compacted to " + to + ", which log " + base + ".." + lastIndex() + " does not hold");
    }
    entries.subList(0, position(to.index()) + 1).clear();
    base = to;
  }

  private int position(long index) {
    return (int) (index - base.index() - 1);
  }

  public HardState hardState() {
    return hardState;
  }

  /** The entry right before the first one stored. */
  public EntryId base() {
    return base;
  }

  public long lastIndex() {
    return base.index() + entries.size();
  }

  public EntryId last() {
    return entries.isEmpty() ? base : entries.get(entries.size() - 1).id();
  }

  /** The entry with this index, which must be in (base, lastIndex]. */
  public LogEntry entry(long index) {
    return entries.get(position(index));
  }

  /** Whether an entry with this index is stored. */
  public boolean holds(long index) {
    return index > base.index() && index <= lastIndex();
  }

  /** The term at this index, or 0 if it is neither stored nor the base. */
  public long termAt(long index) {
    if (index == base.index()) {
      return base.term();
    }
    return holds(index) ? entry(index).term() : 0;
  }

  /** Roughly what the log takes on disk. */
  public long sizeBytes() {
    long size = 0;
    for (LogEntry entry : entries) {
      size += entry.sizeBytes();
    }
    return size;
  }

  List<LogEntry> read(LogFetch fetch) {
    List<LogEntry> found = new ArrayList<>();
    long bytes = 0;
    for (long index = fetch.fromIndex();
        holds(index) && index < fetch.toIndex() && (found.isEmpty() || bytes < fetch.maxBytes());
        index++) {
      found.add(entry(index));
      bytes += entry(index).sizeBytes();
    }
    return found;
  }

  RecoveredLog recovered() {
    List<EntryId> termStarts = new ArrayList<>();
    long lastTerm = 0;
    for (LogEntry entry : entries) {
      if (entry.term() != lastTerm) {
        termStarts.add(entry.id());
        lastTerm = entry.term();
      }
    }
    return new RecoveredLog(hardState, base, lastIndex(), termStarts);
  }
}
