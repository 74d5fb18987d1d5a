package dev.ostrakon.storage;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.replica.Callback;
import java.util.List;

/** What a replica hands to the log writer. */
sealed interface LogJob {

  XodusLogStorage log();

  /** What it counts for in the bounds of a batch. */
  int bytes();

  /** Make a write durable. */
  record Persist(XodusLogStorage log, LogWrite write, int bytes, Callback<Void> callback)
      implements LogJob {}

  /** Read entries, after the writes before it. */
  record Read(
      XodusLogStorage log, LogFetch fetch, long baseIndex, Callback<List<LogEntry>> callback)
      implements LogJob {
    @Override
    public int bytes() {
      return 0;
    }
  }
}
