package dev.ostrakon.storage;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Invariants;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.Scheduler;
import java.util.List;

/**
 * The Raft log of one group in the log environment that all groups of a node share.
 *
 * <p>Its fields belong to the owner; the stored side of it, {@link GroupLog}, to the log writer.
 */
final class XodusLogStorage implements LogStorage {

  private final LogWriter writer;
  private final LogHandover handover;
  private final GroupLog stored;
  private final Scheduler scheduler;
  private final int entryBytesMax;

  /** The log as it will be after all writes handed over. Invariant: baseIndex <= lastIndex. */
  private long baseIndex;

  private long lastIndex;

  XodusLogStorage(
      LogWriter writer,
      LogHandover handover,
      GroupLog stored,
      Scheduler scheduler,
      int entryBytesMax) {
    this.writer = writer;
    this.handover = handover;
    this.stored = stored;
    this.scheduler = scheduler;
    this.entryBytesMax = entryBytesMax;
  }

  @Override
  public RecoveredLog recover() {
    RecoveredLog recovered = writer.recover(stored);
    baseIndex = recovered.base().index();
    lastIndex = recovered.lastIndex();
    return recovered;
  }

  @Override
  public void persist(LogWrite write, Callback<Void> callback) {
    long bytes = 0;
    if (!write.resetTo().equals(EntryId.ZERO)) {
      baseIndex = write.resetTo().index();
      lastIndex = baseIndex;
    }
    if (!write.entries().isEmpty()) {
      bytes = checkEntries(write.entries());
    }
    if (write.compactTo().index() > baseIndex) {
      baseIndex = write.compactTo().index();
      Invariants.check(
          baseIndex <= lastIndex, "only what is stored can be compacted", baseIndex, lastIndex);
    }
    int counted = (int) Math.min(bytes, Integer.MAX_VALUE);
    handover.add(new LogJob.Persist(this, write, counted, callback));
  }

  @Override
  public void read(LogFetch fetch, Callback<List<LogEntry>> callback) {
    handover.add(new LogJob.Read(this, fetch, baseIndex, callback));
  }

  @Override
  public int entryBytesMax() {
    return entryBytesMax;
  }

  GroupLog stored() {
    return stored;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Checks that the entries follow the log and each other, and returns their size. */
  private long checkEntries(List<LogEntry> entries) {
    long next = entries.get(0).index();
    Invariants.check(
        next > baseIndex && next <= lastIndex + 1,
        "entries must follow the stored ones: first and last stored index",
        next,
        lastIndex);
    long bytes = 0;
    for (LogEntry entry : entries) {
      Invariants.check(entry.index() == next, "entry index", entry.index(), next);
      Invariants.check(
          entry.payload().size() <= entryBytesMax,
          "an entry fits into half a file of the log",
          entry.payload().size(),
          entryBytesMax);
      next++;
      bytes += entry.sizeBytes();
    }
    lastIndex = next - 1;
    return bytes;
  }
}
