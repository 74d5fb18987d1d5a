package dev.ostrakon.raft;

import java.util.List;

/**
 * What one {@link Ready} asks the log storage to make durable, as one atomic step.
 *
 * <p>In this order: if {@code resetTo} is not {@link EntryId#ZERO}, the whole log is dropped and
 * starts anew after {@code resetTo} (a snapshot took its place); then, if there are {@code
 * entries}, everything stored at or after the first one's index is removed and they are appended;
 * then entries up to and including {@code compactTo} may be dropped; {@code hardState} replaces the
 * stored one.
 *
 * @param hardState the hard state in force, always present
 * @param hardStateChanged whether term or vote differ from what was last handed out
 * @param resetTo where the log starts anew, or {@link EntryId#ZERO}
 * @param entries consecutive entries to append, possibly none
 * @param compactTo the last entry that is no longer needed, or {@link EntryId#ZERO}
 */
public record LogWrite(
    HardState hardState,
    boolean hardStateChanged,
    EntryId resetTo,
    List<LogEntry> entries,
    EntryId compactTo) {

  public LogWrite {
    entries = List.copyOf(entries);
  }

  /** Whether something in here must be durable before messages that depend on it may leave. */
  public boolean mustSync() {
    return hardStateChanged || !entries.isEmpty() || !resetTo.equals(EntryId.ZERO);
  }

  /** Whether there is nothing to write at all. */
  public boolean isEmpty() {
    return !mustSync() && compactTo.equals(EntryId.ZERO);
  }
}
