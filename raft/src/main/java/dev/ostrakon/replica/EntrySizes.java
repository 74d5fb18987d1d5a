package dev.ostrakon.replica;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import java.util.List;

/**
 * Whether received entries fit into the own log. No leader takes a proposal that does not fit into
 * its log, but another node may have been set up otherwise.
 */
final class EntrySizes {

  private EntrySizes() {}

  static boolean fit(RaftMessage message, int entryBytesMax) {
    if (message instanceof AppendEntries append) {
      List<LogEntry> entries = append.entries();
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).payload().size() > entryBytesMax) {
          return false;
        }
      }
    }
    return true;
  }

  static ReplicaEvent problemOf(ReplicaId from, RaftMessage message) {
    return new ReplicaEvent.MalformedMessage(
        from, message.kind(), "an entry is larger than the log takes");
  }
}
