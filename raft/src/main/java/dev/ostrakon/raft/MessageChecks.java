package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.RaftMessage.AppendEntriesRejection;
import dev.ostrakon.raft.RaftMessage.AppendEntriesResponse;
import dev.ostrakon.raft.RaftMessage.Heartbeat;
import dev.ostrakon.raft.RaftMessage.HeartbeatResponse;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.InstallSnapshotResponse;
import dev.ostrakon.raft.RaftMessage.PreVote;
import dev.ostrakon.raft.RaftMessage.ReadIndexResponse;
import dev.ostrakon.raft.RaftMessage.RequestVote;
import java.util.List;

/**
 * Tells messages that a correct replica may send from others, without looking at the receiver's
 * state. What fails here is ignored.
 */
final class MessageChecks {

  /** The value of a message without a problem. */
  static final String SOUND = "";

  /** Beyond it terms and indexes could overflow; no group ever gets there. */
  private static final long MAX_NUMBER = 1L << 60;

  private MessageChecks() {}

  /** What is wrong with the message, or {@link #SOUND}. */
  static String problemOf(ReplicaId self, ReplicaId from, RaftMessage message) {
    if (from.isNone() || from.equals(self)) {
      return "sender is not a peer";
    }
    if (isOutOfRange(message.term())) {
      return "term out of range";
    }
    return switch (message.kind()) {
      case PRE_VOTE -> position(((PreVote) message).last());
      case REQUEST_VOTE -> position(((RequestVote) message).last());
      case APPEND_ENTRIES -> appendEntries((AppendEntries) message);
      case APPEND_ENTRIES_RESPONSE -> {
        AppendEntriesResponse response = (AppendEntriesResponse) message;
        yield numbers(response.matchIndex(), response.round());
      }
      case APPEND_ENTRIES_REJECTION -> rejection((AppendEntriesRejection) message);
      case HEARTBEAT -> {
        Heartbeat heartbeat = (Heartbeat) message;
        yield numbers(heartbeat.commitIndex(), heartbeat.round());
      }
      case HEARTBEAT_RESPONSE -> numbers(0, ((HeartbeatResponse) message).round());
      case INSTALL_SNAPSHOT -> installSnapshot((InstallSnapshot) message);
      case INSTALL_SNAPSHOT_RESPONSE ->
          numbers(0, ((InstallSnapshotResponse) message).nextSequence());
      case READ_INDEX_RESPONSE -> numbers(((ReadIndexResponse) message).readIndex(), 0);
      case PRE_VOTE_RESPONSE, REQUEST_VOTE_RESPONSE, TIMEOUT_NOW, READ_INDEX -> SOUND;
    };
  }

  private static boolean isOutOfRange(long number) {
    return number < 0 || number > MAX_NUMBER;
  }

  private static String numbers(long index, long other) {
    return isOutOfRange(index) || isOutOfRange(other) ? "number out of range" : SOUND;
  }

  /** An entry exists and has a term, or neither. */
  private static String position(EntryId entry) {
    boolean isConsistent = (entry.index() == 0) == (entry.term() == 0);
    return isConsistent ? numbers(entry.index(), entry.term()) : "index and term contradict";
  }

  private static String rejection(AppendEntriesRejection message) {
    String problem = position(message.rejected());
    if (problem.equals(SOUND)) {
      problem = position(message.hint());
    }
    return problem.equals(SOUND) ? numbers(0, message.round()) : problem;
  }

  private static String appendEntries(AppendEntries message) {
    String problem = position(message.previous());
    if (!problem.equals(SOUND)) {
      return problem;
    }
    List<LogEntry> entries = message.entries();
    long term = message.previous().term();
    for (int i = 0; i < entries.size(); i++) {
      LogEntry entry = entries.get(i);
      if (entry.index() != message.previous().index() + 1 + i) {
        return "entries are not consecutive";
      }
      if (entry.term() < term) {
        return "terms of entries descend";
      }
      term = entry.term();
    }
    if (term > message.term()) {
      return "entry of a later term than its leader";
    }
    return numbers(message.commitIndex(), message.round());
  }

  private static String installSnapshot(InstallSnapshot message) {
    SnapshotMetadata metadata = message.metadata();
    if (metadata.index() < 1 || metadata.membership().voters().isEmpty()) {
      return "snapshot of nothing";
    }
    if (metadata.lastIncluded().term() > message.term()) {
      return "snapshot of a later term than its leader";
    }
    String problem = position(metadata.lastIncluded());
    return problem.equals(SOUND) ? numbers(message.transfer(), message.sequence()) : problem;
  }
}
