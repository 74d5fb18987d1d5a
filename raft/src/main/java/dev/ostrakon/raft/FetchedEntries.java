package dev.ostrakon.raft;

import java.util.List;

/** Checks what the log storage returned against what the log knows of itself. */
final class FetchedEntries {

  private FetchedEntries() {}

  /** Throws unless these are the log's own entries, consecutive from {@code from}. */
  static void requireConsecutive(RaftLog log, List<LogEntry> entries, long from) {
    for (int i = 0; i < entries.size(); i++) {
      LogEntry entry = entries.get(i);
      Invariants.check(
          entry.index() == from + i, "fetched entries are consecutive", entry.index(), from + i);
      Invariants.check(
          entry.index() < log.firstIndex() || entry.term() == log.termAt(entry.index()),
          "a fetched entry has the term it was stored with",
          entry.index(),
          entry.term());
    }
  }
}
