package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.AppendEntries;
import dev.ostrakon.raft.RaftMessage.Heartbeat;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import java.util.List;

/**
 * Tells messages that contradict what this replica knows to be true, so that no correct replica can
 * have sent them. What fails here is ignored as a whole, before it changes anything; otherwise one
 * message could end the replica, or leave its group without a leader for good.
 */
final class Contradictions {
  /** How far a snapshot may be ahead of the log: years of entries at a million a second. */
  static final long SNAPSHOT_JUMP_MAX = 1L << 48;

  private Contradictions() {}

  /** What contradicts this replica's state, or {@link MessageChecks#SOUND}. */
  static String problemOf(ReplicaState state, ReplicaId from, RaftMessage message) {
    long term = state.terms().term();
    if (!state.rules().believesTerm(message.term(), term)) {
      return "term too far ahead";
    }
    if (message.term() < term) {
      return MessageChecks.SOUND; // Old, and answered as such.
    }
    return switch (message.kind()) {
      case APPEND_ENTRIES ->
          leading(state, from, message, appended(state, (AppendEntries) message));
      case HEARTBEAT -> leading(state, from, message, heartbeat(state, (Heartbeat) message));
      case INSTALL_SNAPSHOT ->
          leading(state, from, message, snapshot(state, (InstallSnapshot) message));
      case PRE_VOTE,
          PRE_VOTE_RESPONSE,
          REQUEST_VOTE,
          REQUEST_VOTE_RESPONSE,
          APPEND_ENTRIES_RESPONSE,
          APPEND_ENTRIES_REJECTION,
          HEARTBEAT_RESPONSE,
          INSTALL_SNAPSHOT_RESPONSE,
          TIMEOUT_NOW,
          READ_INDEX,
          READ_INDEX_RESPONSE ->
          MessageChecks.SOUND;
    };
  }

  private static String leading(
      ReplicaState state, ReplicaId from, RaftMessage message, String problem) {
    ReplicaId known = state.terms().leaderOfTerm();
    boolean isSecond =
        message.term() == state.terms().term() && !state.rules().believesLeader(known, from);
    return isSecond ? "a second leader of the term" : problem;
  }

  private static String heartbeat(ReplicaState state, Heartbeat message) {
    return state.rules().believesCommitIndex(message.commitIndex(), state.log().lastIndex())
        ? MessageChecks.SOUND
        : "commit index beyond the log";
  }

  /** Raft paper, figure 3, leader completeness: a leader has every committed entry. */
  private static String appended(ReplicaState state, AppendEntries message) {
    RaftLog log = state.log();
    long commitIndex = state.feed().commitIndex();
    EntryId previous = message.previous();
    if (isCommittedOtherwise(log, previous, commitIndex)) {
      return "its log lacks what is committed";
    }
    List<LogEntry> entries = message.entries();
    long last = Math.min(message.lastIndex(), commitIndex);
    for (long index = Math.max(previous.index(), log.baseIndex() - 1) + 1; index <= last; index++) {
      EntryId entry = entries.get((int) (index - previous.index() - 1)).id();
      if (isCommittedOtherwise(log, entry, commitIndex)) {
        return "its log lacks what is committed";
      }
    }
    return MessageChecks.SOUND;
  }

  private static boolean isCommittedOtherwise(RaftLog log, EntryId entry, long commitIndex) {
    return entry.index() >= log.baseIndex() && entry.index() <= commitIndex && !log.contains(entry);
  }

  private static String snapshot(ReplicaState state, InstallSnapshot message) {
    EntryId last = message.metadata().lastIncluded();
    RaftLog log = state.log();
    if (last.index() - log.lastIndex() > SNAPSHOT_JUMP_MAX) {
      return "snapshot too far ahead";
    }
    return isCommittedOtherwise(log, last, state.feed().commitIndex())
        ? "snapshot contradicts what is committed"
        : MessageChecks.SOUND;
  }
}
