package dev.ostrakon.node.codec;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;

/**
 * A Raft message with its addresses.
 *
 * @param group the Raft group that both replicas belong to
 * @param from the replica that sends it
 * @param to the replica that it is for
 */
public record RoutedMessage(GroupId group, ReplicaId from, ReplicaId to, RaftMessage message) {

  /** What a message costs in queues and frames besides its payload, roughly. */
  public static final int OVERHEAD_BYTES = 64;

  public RoutedMessage {
    if (from.isNone() || to.isNone()) {
      throw new IllegalArgumentException(
          "sender and receiver must be replicas, were " + from + " and " + to);
    }
  }

  /** The size that limits of queues and frames count: payloads exactly, all else roughly. */
  public int sizeBytes() {
    return switch (message.kind()) {
      case APPEND_ENTRIES -> appendBytes((RaftMessage.AppendEntries) message);
      case INSTALL_SNAPSHOT ->
          OVERHEAD_BYTES + ((RaftMessage.InstallSnapshot) message).data().size();
      case PRE_VOTE,
          PRE_VOTE_RESPONSE,
          REQUEST_VOTE,
          REQUEST_VOTE_RESPONSE,
          APPEND_ENTRIES_RESPONSE,
          APPEND_ENTRIES_REJECTION,
          HEARTBEAT,
          HEARTBEAT_RESPONSE,
          INSTALL_SNAPSHOT_RESPONSE,
          TIMEOUT_NOW,
          READ_INDEX,
          READ_INDEX_RESPONSE ->
          OVERHEAD_BYTES;
    };
  }

  private static int appendBytes(RaftMessage.AppendEntries append) {
    int bytes = OVERHEAD_BYTES;
    for (LogEntry entry : append.entries()) {
      bytes += entry.sizeBytes();
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "group=" + group + " " + from + "->" + to + " " + message;
  }
}
