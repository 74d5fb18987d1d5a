package dev.ostrakon.node.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.ostrakon.protocol.v1.AppendEntries;
import dev.ostrakon.protocol.v1.AppendEntriesRejection;
import dev.ostrakon.protocol.v1.AppendEntriesResponse;
import dev.ostrakon.protocol.v1.Entry;
import dev.ostrakon.protocol.v1.EntryId;
import dev.ostrakon.protocol.v1.GroupMessage;
import dev.ostrakon.protocol.v1.InstallSnapshot;
import dev.ostrakon.protocol.v1.InstallSnapshotResponse;
import dev.ostrakon.protocol.v1.Membership;
import dev.ostrakon.protocol.v1.PreVote;
import dev.ostrakon.protocol.v1.ReadIndex;
import dev.ostrakon.protocol.v1.ReadIndexResponse;
import dev.ostrakon.protocol.v1.RequestVote;
import dev.ostrakon.protocol.v1.TimeoutNow;
import dev.ostrakon.protocol.v1.TransferState;
import dev.ostrakon.protocol.v1.VoteResponse;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;
import java.util.SortedSet;

/**
 * Turns every Raft message but heartbeats and their answers, which travel as columns of the frame,
 * into its wire form.
 *
 * <p>Payloads are not copied: {@link Bytes} never change, so the wire form may share their arrays
 * until it is written.
 */
final class MessageEncoder {

  private MessageEncoder() {}

  /** Encodes a message; one that travels as a column is a programmer's error. */
  static GroupMessage encode(RoutedMessage routed) {
    GroupMessage.Builder wire =
        GroupMessage.newBuilder()
            .setGroup(routed.group().number())
            .setFrom(routed.from().value())
            .setTo(routed.to().value());
    RaftMessage message = routed.message();
    wire =
        switch (message.kind()) {
          case PRE_VOTE -> wire.setPreVote(preVote((RaftMessage.PreVote) message));
          case PRE_VOTE_RESPONSE -> wire.setPreVoteResponse(preVoteResponse(message));
          case REQUEST_VOTE -> wire.setRequestVote(requestVote((RaftMessage.RequestVote) message));
          case REQUEST_VOTE_RESPONSE -> wire.setRequestVoteResponse(requestVoteResponse(message));
          case APPEND_ENTRIES -> wire.setAppendEntries(append((RaftMessage.AppendEntries) message));
          case APPEND_ENTRIES_RESPONSE ->
              wire.setAppendEntriesResponse(
                  appendResponse((RaftMessage.AppendEntriesResponse) message));
          case APPEND_ENTRIES_REJECTION ->
              wire.setAppendEntriesRejection(
                  appendRejection((RaftMessage.AppendEntriesRejection) message));
          case INSTALL_SNAPSHOT ->
              wire.setInstallSnapshot(install((RaftMessage.InstallSnapshot) message));
          case INSTALL_SNAPSHOT_RESPONSE ->
              wire.setInstallSnapshotResponse(
                  installResponse((RaftMessage.InstallSnapshotResponse) message));
          case TIMEOUT_NOW -> wire.setTimeoutNow(TimeoutNow.newBuilder().setTerm(message.term()));
          case READ_INDEX -> wire.setReadIndex(readIndex((RaftMessage.ReadIndex) message));
          case READ_INDEX_RESPONSE ->
              wire.setReadIndexResponse(readIndexResponse((RaftMessage.ReadIndexResponse) message));
          case HEARTBEAT, HEARTBEAT_RESPONSE ->
              throw new IllegalArgumentException("travels as a column of the frame: " + message);
        };
    return wire.build();
  }

  private static PreVote preVote(RaftMessage.PreVote message) {
    return PreVote.newBuilder().setTerm(message.term()).setLast(entryId(message.last())).build();
  }

  private static VoteResponse preVoteResponse(RaftMessage message) {
    boolean granted = ((RaftMessage.PreVoteResponse) message).granted();
    return VoteResponse.newBuilder().setTerm(message.term()).setGranted(granted).build();
  }

  private static RequestVote requestVote(RaftMessage.RequestVote message) {
    return RequestVote.newBuilder()
        .setTerm(message.term())
        .setLast(entryId(message.last()))
        .setTransfer(message.transfer())
        .build();
  }

  private static VoteResponse requestVoteResponse(RaftMessage message) {
    boolean granted = ((RaftMessage.RequestVoteResponse) message).granted();
    return VoteResponse.newBuilder().setTerm(message.term()).setGranted(granted).build();
  }

  private static AppendEntries append(RaftMessage.AppendEntries message) {
    AppendEntries.Builder wire =
        AppendEntries.newBuilder()
            .setTerm(message.term())
            .setPrevious(entryId(message.previous()))
            .setCommitIndex(message.commitIndex())
            .setRound(message.round());
    long expected = message.previous().index() + 1;
    for (LogEntry entry : message.entries()) {
      if (entry.index() != expected) {
        // The wire form has no indexes: it could not say what this message says.
        throw new IllegalArgumentException(
            "entries must be consecutive, expected index " + expected + ", was " + entry.index());
      }
      expected++;
      wire.addEntries(
          Entry.newBuilder()
              .setTerm(entry.term())
              .setKind(entry.kind().code())
              .setPayload(share(entry.payload()))
              .build());
    }
    return wire.build();
  }

  private static AppendEntriesResponse appendResponse(RaftMessage.AppendEntriesResponse message) {
    return AppendEntriesResponse.newBuilder()
        .setTerm(message.term())
        .setMatchIndex(message.matchIndex())
        .setRound(message.round())
        .build();
  }

  private static AppendEntriesRejection appendRejection(
      RaftMessage.AppendEntriesRejection message) {
    return AppendEntriesRejection.newBuilder()
        .setTerm(message.term())
        .setRejected(entryId(message.rejected()))
        .setHint(entryId(message.hint()))
        .setRound(message.round())
        .build();
  }

  private static InstallSnapshot install(RaftMessage.InstallSnapshot message) {
    return InstallSnapshot.newBuilder()
        .setTerm(message.term())
        .setTransfer(message.transfer())
        .setLastIncluded(entryId(message.metadata().lastIncluded()))
        .setMembership(membership(message.metadata().membership()))
        .setSequence(message.sequence())
        .setData(share(message.data()))
        .setCrc32C(message.crc32c())
        .setLast(message.last())
        .build();
  }

  private static InstallSnapshotResponse installResponse(
      RaftMessage.InstallSnapshotResponse message) {
    return InstallSnapshotResponse.newBuilder()
        .setTerm(message.term())
        .setTransfer(message.transfer())
        .setNextSequence(message.nextSequence())
        .setState(transferState(message.state()))
        .build();
  }

  private static TransferState transferState(RaftMessage.TransferState state) {
    return switch (state) {
      case RECEIVING -> TransferState.TRANSFER_STATE_RECEIVING;
      case INSTALLED -> TransferState.TRANSFER_STATE_INSTALLED;
      case REFUSED -> TransferState.TRANSFER_STATE_REFUSED;
    };
  }

  private static ReadIndex readIndex(RaftMessage.ReadIndex message) {
    return ReadIndex.newBuilder().setTerm(message.term()).setRequestId(message.requestId()).build();
  }

  private static ReadIndexResponse readIndexResponse(RaftMessage.ReadIndexResponse message) {
    return ReadIndexResponse.newBuilder()
        .setTerm(message.term())
        .setRequestId(message.requestId())
        .setReadIndex(message.readIndex())
        .build();
  }

  private static EntryId entryId(dev.ostrakon.raft.EntryId id) {
    return EntryId.newBuilder().setTerm(id.term()).setIndex(id.index()).build();
  }

  private static Membership membership(dev.ostrakon.raft.Membership membership) {
    Membership.Builder wire = Membership.newBuilder();
    values(membership.voters()).forEach(wire::addVoters);
    values(membership.outgoing()).forEach(wire::addOutgoing);
    values(membership.learners()).forEach(wire::addLearners);
    return wire.build();
  }

  private static java.util.stream.LongStream values(SortedSet<ReplicaId> ids) {
    return ids.stream().mapToLong(ReplicaId::value);
  }

  private static ByteString share(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.sharedArray());
  }
}
