package dev.ostrakon.raft;

import java.util.List;

/**
 * A message between two replicas of one group. Each may be lost, duplicated, delayed and reordered.
 *
 * <p>{@code toString} is short and stable: it is the format of transcripts and traces.
 */
public sealed interface RaftMessage {

  /** The sender's term; in {@link PreVote} the term it would campaign in. */
  long term();

  /** The case, for exhaustive switches. */
  Kind kind();

  /** Calls the handler's method for this case. */
  void deliverTo(Handler handler, ReplicaId from);

  /** The cases. The codes are part of the wire format and never change. */
  enum Kind {
    PRE_VOTE(1),
    PRE_VOTE_RESPONSE(2),
    REQUEST_VOTE(3),
    REQUEST_VOTE_RESPONSE(4),
    APPEND_ENTRIES(5),
    APPEND_ENTRIES_RESPONSE(6),
    APPEND_ENTRIES_REJECTION(7),
    HEARTBEAT(8),
    HEARTBEAT_RESPONSE(9),
    INSTALL_SNAPSHOT(10),
    INSTALL_SNAPSHOT_RESPONSE(11),
    TIMEOUT_NOW(12),
    READ_INDEX(13),
    READ_INDEX_RESPONSE(14);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  /** Receives messages, one method for each case. */
  interface Handler {
    void onPreVote(ReplicaId from, PreVote message);

    void onPreVoteResponse(ReplicaId from, PreVoteResponse message);

    void onRequestVote(ReplicaId from, RequestVote message);

    void onRequestVoteResponse(ReplicaId from, RequestVoteResponse message);

    void onAppendEntries(ReplicaId from, AppendEntries message);

    void onAppendEntriesResponse(ReplicaId from, AppendEntriesResponse message);

    void onAppendEntriesRejection(ReplicaId from, AppendEntriesRejection message);

    void onHeartbeat(ReplicaId from, Heartbeat message);

    void onHeartbeatResponse(ReplicaId from, HeartbeatResponse message);

    void onInstallSnapshot(ReplicaId from, InstallSnapshot message);

    void onInstallSnapshotResponse(ReplicaId from, InstallSnapshotResponse message);

    void onTimeoutNow(ReplicaId from, TimeoutNow message);

    void onReadIndex(ReplicaId from, ReadIndex message);

    void onReadIndexResponse(ReplicaId from, ReadIndexResponse message);
  }

  /**
   * Would you vote for me? Changes nothing at the receiver (Ongaro thesis 9.6).
   *
   * @param term the term the sender would campaign in
   * @param last the last entry of the sender's log
   */
  record PreVote(long term, EntryId last) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.PRE_VOTE;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onPreVote(from, this);
    }

    @Override
    public String toString() {
      return "PreVote term=" + term + " last=" + last;
    }
  }

  /**
   * Answer to {@link PreVote}.
   *
   * @param term the term asked for if granted, else the answerer's own term
   * @param granted whether the answerer would vote for the asker
   */
  record PreVoteResponse(long term, boolean granted) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.PRE_VOTE_RESPONSE;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onPreVoteResponse(from, this);
    }

    @Override
    public String toString() {
      return "PreVoteResponse term=" + term + (granted ? " granted" : " denied");
    }
  }

  /**
   * Vote for me (Raft paper 5.2).
   *
   * @param last the last entry of the candidate's log
   * @param transfer whether the leader itself asked for this election, so that stickiness to it
   *     does not count (Ongaro thesis 4.2.3)
   */
  record RequestVote(long term, EntryId last, boolean transfer) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.REQUEST_VOTE;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onRequestVote(from, this);
    }

    @Override
    public String toString() {
      return "RequestVote term=" + term + " last=" + last + (transfer ? " transfer" : "");
    }
  }

  /** Answer to {@link RequestVote}. */
  record RequestVoteResponse(long term, boolean granted) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.REQUEST_VOTE_RESPONSE;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onRequestVoteResponse(from, this);
    }

    @Override
    public String toString() {
      return "RequestVoteResponse term=" + term + (granted ? " granted" : " denied");
    }
  }

  /**
   * Entries that follow {@code previous} (Raft paper 5.3).
   *
   * @param previous the entry right before the first of {@code entries}
   * @param entries consecutive entries, possibly none (a probe)
   * @param commitIndex the leader's commit index
   * @param round the leader's newest round; echoed by the answer
   */
  record AppendEntries(
      long term, EntryId previous, List<LogEntry> entries, long commitIndex, long round)
      implements RaftMessage {
    public AppendEntries {
      entries = List.copyOf(entries);
    }

    /** The index of the last entry sent, or of {@code previous} if there are none. */
    public long lastIndex() {
      return previous.index() + entries.size();
    }

    @Override
    public Kind kind() {
      return Kind.APPEND_ENTRIES;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onAppendEntries(from, this);
    }

    @Override
    public String toString() {
      return "AppendEntries term="
          + term
          + " previous="
          + previous
          + " count="
          + entries.size()
          + " commit="
          + commitIndex
          + " round="
          + round;
    }
  }

  /**
   * The receiver's log durably agrees with the leader's up to {@code matchIndex}.
   *
   * @param round echo of the round in the message answered
   */
  record AppendEntriesResponse(long term, long matchIndex, long round) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.APPEND_ENTRIES_RESPONSE;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onAppendEntriesResponse(from, this);
    }

    @Override
    public String toString() {
      return "AppendEntriesResponse term=" + term + " match=" + matchIndex + " round=" + round;
    }
  }

  /**
   * The receiver's log does not contain {@code rejected}.
   *
   * @param rejected the {@code previous} that did not fit; tells a late answer from a fresh one
   * @param hint the newest entry of the receiver that may still agree with the leader: whole terms
   *     that cannot match are skipped (Raft paper 5.3, last paragraphs)
   * @param round echo of the round in the message answered
   */
  record AppendEntriesRejection(long term, EntryId rejected, EntryId hint, long round)
      implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.APPEND_ENTRIES_REJECTION;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onAppendEntriesRejection(from, this);
    }

    @Override
    public String toString() {
      return "AppendEntriesRejection term="
          + term
          + " rejected="
          + rejected
          + " hint="
          + hint
          + " round="
          + round;
    }
  }

  /**
   * The leader lives. Transports may send the heartbeats of many groups as one.
   *
   * @param commitIndex never above what the receiver is known to hold
   * @param round the leader's newest round; echoed by the answer
   */
  record Heartbeat(long term, long commitIndex, long round) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.HEARTBEAT;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onHeartbeat(from, this);
    }

    @Override
    public String toString() {
      return "Heartbeat term=" + term + " commit=" + commitIndex + " round=" + round;
    }
  }

  /** Answer to {@link Heartbeat}. */
  record HeartbeatResponse(long term, long round) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.HEARTBEAT_RESPONSE;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onHeartbeatResponse(from, this);
    }

    @Override
    public String toString() {
      return "HeartbeatResponse term=" + term + " round=" + round;
    }
  }

  /**
   * One chunk of a snapshot (Raft paper 7).
   *
   * @param transfer number of this transfer, unique per sender and term; chunks of different
   *     transfers never mix
   * @param metadata what the snapshot stands for
   * @param sequence number of the chunk, from 0
   * @param data the bytes of the chunk
   * @param crc32c checksum of {@code data}
   * @param last whether this is the final chunk
   */
  record InstallSnapshot(
      long term,
      long transfer,
      SnapshotMetadata metadata,
      long sequence,
      Bytes data,
      int crc32c,
      boolean last)
      implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.INSTALL_SNAPSHOT;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onInstallSnapshot(from, this);
    }

    @Override
    public String toString() {
      return "InstallSnapshot term="
          + term
          + " transfer="
          + transfer
          + " at="
          + metadata.lastIncluded()
          + " sequence="
          + sequence
          + " bytes="
          + data.size()
          + (last ? " last" : "");
    }
  }

  /**
   * Progress of a snapshot transfer.
   *
   * @param transfer echo
   * @param nextSequence the chunk that the receiver expects next; all before it are written
   * @param state whether the transfer goes on, is installed, or was given up by the receiver
   */
  record InstallSnapshotResponse(long term, long transfer, long nextSequence, TransferState state)
      implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.INSTALL_SNAPSHOT_RESPONSE;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onInstallSnapshotResponse(from, this);
    }

    @Override
    public String toString() {
      return "InstallSnapshotResponse term="
          + term
          + " transfer="
          + transfer
          + " next="
          + nextSequence
          + " "
          + state;
    }
  }

  /** What became of a snapshot transfer, as its receiver sees it. */
  enum TransferState {
    RECEIVING,
    INSTALLED,
    /** Gave up: another transfer, a bad checksum, or not needed any more. */
    REFUSED
  }

  /** Campaign at once: the leader hands over (Ongaro thesis 3.10). */
  record TimeoutNow(long term) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.TIMEOUT_NOW;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onTimeoutNow(from, this);
    }

    @Override
    public String toString() {
      return "TimeoutNow term=" + term;
    }
  }

  /** A follower asks the leader for a read index; {@code requestId} is the follower's. */
  record ReadIndex(long term, long requestId) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.READ_INDEX;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onReadIndex(from, this);
    }

    @Override
    public String toString() {
      return "ReadIndex term=" + term + " request=" + requestId;
    }
  }

  /** The leader's answer: state that contains {@code readIndex} may serve the read. */
  record ReadIndexResponse(long term, long requestId, long readIndex) implements RaftMessage {
    @Override
    public Kind kind() {
      return Kind.READ_INDEX_RESPONSE;
    }

    @Override
    public void deliverTo(Handler handler, ReplicaId from) {
      handler.onReadIndexResponse(from, this);
    }

    @Override
    public String toString() {
      return "ReadIndexResponse term=" + term + " request=" + requestId + " index=" + readIndex;
    }
  }
}
