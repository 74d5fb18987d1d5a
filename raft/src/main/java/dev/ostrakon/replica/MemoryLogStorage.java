package dev.ostrakon.replica;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.Invariants;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RecoveredLog;
import java.util.ArrayList;
import java.util.List;

/**
 * A Raft log in memory: the same contract as a disk, for tests and simulations without crashes.
 *
 * <p>Deterministic; confined to the owner, like its user. Writes take effect at once and complete
 * in the owner's next turn.
 */
public final class MemoryLogStorage implements LogStorage {

  private final Scheduler scheduler;

  /** Invariant: entry i has index base.index() + 1 + i. */
  private final List<LogEntry> entries;

  private HardState hardState;
  private EntryId base;
  private boolean syncsFail;

  public MemoryLogStorage(Scheduler scheduler) {
    this(scheduler, HardState.INITIAL, EntryId.ZERO, List.of());
  }

  private MemoryLogStorage(
      Scheduler scheduler, HardState hardState, EntryId base, List<LogEntry> entries) {
    this.scheduler = scheduler;
    this.hardState = hardState;
    this.base = base;
    this.entries = new ArrayList<>(entries);
  }

  /** A copy as a restarted replica finds it; what happens here from now on does not reach it. */
  public MemoryLogStorage reopen(Scheduler newScheduler) {
    return new MemoryLogStorage(newScheduler, hardState, base, entries);
  }

  /** From now on every write fails and is lost, as if the disk below had failed. */
  public void failSyncs() {
    syncsFail = true;
  }

  @Override
  public RecoveredLog recover() {
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

  @Override
  public void persist(LogWrite write, Callback<Void> callback) {
    if (syncsFail) {
      StorageException cause =
          new StorageException(
              StorageException.Reason.IO_ERROR, "the log in memory was told to fail");
      scheduler.execute(() -> callback.failed(cause));
      return;
    }
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
    scheduler.execute(() -> Callbacks.succeed(callback));
  }

  @Override
  public void read(LogFetch fetch, Callback<List<LogEntry>> callback) {
    List<LogEntry> found = new ArrayList<>();
    long bytes = 0;
    long index = fetch.fromIndex();
    boolean stored = index > base.index();
    while (stored && index < fetch.toIndex() && index <= lastIndex()) {
      LogEntry entry = entries.get((int) (index - base.index() - 1));
      found.add(entry);
      bytes += entry.sizeBytes();
      stored = bytes < fetch.maxBytes();
      index++;
    }
    scheduler.execute(() -> callback.succeeded(List.copyOf(found)));
  }

  private long lastIndex() {
    return base.index() + entries.size();
  }

  private void append(List<LogEntry> added) {
    long first = added.get(0).index();
    Invariants.check(
        first > base.index() && first <= lastIndex() + 1,
        "entries must follow the stored ones: first and last stored index",
        first,
        lastIndex());
    entries.subList((int) (first - base.index() - 1), entries.size()).clear();
    for (LogEntry entry : added) {
      Invariants.check(
          entry.index() == lastIndex() + 1, "entry index", entry.index(), lastIndex() + 1);
      entries.add(entry);
    }
  }

  private void compact(EntryId compactTo) {
    Invariants.check(
        compactTo.index() <= lastIndex(),
        "only what is stored can be compacted",
        compactTo.index(),
        lastIndex());
    LogEntry last = entries.get((int) (compactTo.index() - base.index() - 1));
    Invariants.check(
        last.term() == compactTo.term(), "term of compactTo", compactTo.term(), last.term());
    entries.subList(0, (int) (compactTo.index() - base.index())).clear();
    base = compactTo;
  }
}
