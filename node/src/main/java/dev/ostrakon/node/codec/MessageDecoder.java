package dev.ostrakon.node.codec;

import com.google.protobuf.ByteString;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.protocol.v1.AppendEntries;
import dev.ostrakon.protocol.v1.AppendEntriesRejection;
import dev.ostrakon.protocol.v1.AppendEntriesResponse;
import dev.ostrakon.protocol.v1.Entry;
import dev.ostrakon.protocol.v1.GroupMessage;
import dev.ostrakon.protocol.v1.InstallSnapshot;
import dev.ostrakon.protocol.v1.InstallSnapshotResponse;
import dev.ostrakon.protocol.v1.ReadIndexResponse;
import dev.ostrakon.protocol.v1.RequestVote;
import dev.ostrakon.protocol.v1.TransferState;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Turns the wire form of a Raft message back into the message, and lets nothing pass that a core
 * could take for a broken invariant of its own.
 */
final class MessageDecoder {

  private MessageDecoder() {}

  /**
   * Decodes a message.
   *
   * @return empty if it is of a kind that this version does not know
   * @throws MalformedMessageException if no correct node sends this
   */
  static Optional<RoutedMessage> decode(GroupMessage wire) throws MalformedMessageException {
    try {
      if (wire.getBodyCase() == GroupMessage.BodyCase.BODY_NOT_SET) {
        return Optional.empty();
      }
      return Optional.of(
          new RoutedMessage(
              new GroupId(wire.getGroup()),
              new ReplicaId(wire.getFrom()),
              new ReplicaId(wire.getTo()),
              body(wire)));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException(
          "message of group " + wire.getGroup() + ": " + e.getMessage(), e);
    }
  }

  private static RaftMessage body(GroupMessage wire) {
    return switch (wire.getBodyCase()) {
      case PRE_VOTE ->
          new RaftMessage.PreVote(
              term(wire.getPreVote().getTerm()), entryId(wire.getPreVote().getLast()));
      case PRE_VOTE_RESPONSE ->
          new RaftMessage.PreVoteResponse(
              term(wire.getPreVoteResponse().getTerm()), wire.getPreVoteResponse().getGranted());
      case REQUEST_VOTE -> requestVote(wire.getRequestVote());
      case REQUEST_VOTE_RESPONSE ->
          new RaftMessage.RequestVoteResponse(
              term(wire.getRequestVoteResponse().getTerm()),
              wire.getRequestVoteResponse().getGranted());
      case APPEND_ENTRIES -> append(wire.getAppendEntries());
      case APPEND_ENTRIES_RESPONSE -> appendResponse(wire.getAppendEntriesResponse());
      case APPEND_ENTRIES_REJECTION -> appendRejection(wire.getAppendEntriesRejection());
      case INSTALL_SNAPSHOT -> install(wire.getInstallSnapshot());
      case INSTALL_SNAPSHOT_RESPONSE -> installResponse(wire.getInstallSnapshotResponse());
      case TIMEOUT_NOW -> new RaftMessage.TimeoutNow(term(wire.getTimeoutNow().getTerm()));
      case READ_INDEX ->
          new RaftMessage.ReadIndex(
              term(wire.getReadIndex().getTerm()), wire.getReadIndex().getRequestId());
      case READ_INDEX_RESPONSE -> readIndexResponse(wire.getReadIndexResponse());
      case BODY_NOT_SET -> throw new IllegalArgumentException("unknown kind");
    };
  }

  private static RaftMessage requestVote(RequestVote wire) {
    return new RaftMessage.RequestVote(
        term(wire.getTerm()), entryId(wire.getLast()), wire.getTransfer());
  }

  private static RaftMessage append(AppendEntries wire) {
    long term = term(wire.getTerm());
    EntryId previous = entryId(wire.getPrevious());
    List<LogEntry> entries = new ArrayList<>(wire.getEntriesCount());
    long index = previous.index();
    long lastTerm = previous.term();
    for (Entry entry : wire.getEntriesList()) {
      index++;
      if (entry.getTerm() < lastTerm || entry.getTerm() > term) {
        throw new IllegalArgumentException(
            "term of entry "
                + index
                + " expected in "
                + lastTerm
                + ".."
                + term
                + ", was "
                + entry.getTerm());
      }
      lastTerm = entry.getTerm();
      entries.add(
          new LogEntry(
              index, lastTerm, EntryKind.fromCode(entry.getKind()), bytes(entry.getPayload())));
    }
    return new RaftMessage.AppendEntries(
        term,
        previous,
        entries,
        notNegative("commit index", wire.getCommitIndex()),
        notNegative("round", wire.getRound()));
  }

  private static RaftMessage appendResponse(AppendEntriesResponse wire) {
    return new RaftMessage.AppendEntriesResponse(
        term(wire.getTerm()),
        notNegative("match index", wire.getMatchIndex()),
        notNegative("round", wire.getRound()));
  }

  private static RaftMessage appendRejection(AppendEntriesRejection wire) {
    return new RaftMessage.AppendEntriesRejection(
        term(wire.getTerm()),
        entryId(wire.getRejected()),
        entryId(wire.getHint()),
        notNegative("round", wire.getRound()));
  }

  private static RaftMessage install(InstallSnapshot wire) {
    SnapshotMetadata metadata =
        new SnapshotMetadata(
            entryId(wire.getLastIncluded()),
            new Membership(
                ids(wire.getMembership().getVotersList()),
                ids(wire.getMembership().getOutgoingList()),
                ids(wire.getMembership().getLearnersList())));
    return new RaftMessage.InstallSnapshot(
        term(wire.getTerm()),
        wire.getTransfer(),
        metadata,
        notNegative("sequence", wire.getSequence()),
        bytes(wire.getData()),
        wire.getCrc32C(),
        wire.getLast());
  }

  private static RaftMessage installResponse(InstallSnapshotResponse wire) {
    return new RaftMessage.InstallSnapshotResponse(
        term(wire.getTerm()),
        wire.getTransfer(),
        notNegative("next sequence", wire.getNextSequence()),
        transferState(wire.getState()));
  }

  private static RaftMessage.TransferState transferState(TransferState wire) {
    return switch (wire) {
      case TRANSFER_STATE_RECEIVING -> RaftMessage.TransferState.RECEIVING;
      case TRANSFER_STATE_INSTALLED -> RaftMessage.TransferState.INSTALLED;
      case TRANSFER_STATE_REFUSED -> RaftMessage.TransferState.REFUSED;
      case TRANSFER_STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("unknown state of a snapshot transfer: " + wire);
    };
  }

  private static RaftMessage readIndexResponse(ReadIndexResponse wire) {
    return new RaftMessage.ReadIndexResponse(
        term(wire.getTerm()), wire.getRequestId(), notNegative("read index", wire.getReadIndex()));
  }

  static long term(long value) {
    return notNegative("term", value);
  }

  static long notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, was " + value);
    }
    return value;
  }

  private static EntryId entryId(dev.ostrakon.protocol.v1.EntryId wire) {
    return new EntryId(wire.getTerm(), wire.getIndex());
  }

  private static SortedSet<ReplicaId> ids(List<Long> values) {
    SortedSet<ReplicaId> ids = new TreeSet<>();
    for (long value : values) {
      ids.add(new ReplicaId(value));
    }
    return ids;
  }

  /** The one copy of a payload: the wire form may be a view of a receive buffer. */
  private static Bytes bytes(ByteString wire) {
    return wire.isEmpty() ? Bytes.EMPTY : Bytes.wrap(wire.toByteArray());
  }
}
