package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.RaftMessage;

/** Roughly what messages take on the wire, for the limits of traffic. */
public final class MessageSizes {

  private static final int HEADER_BYTES = 40;

  private MessageSizes() {}

  /** The size of a message with its frame. */
  public static int bytes(RaftMessage message) {
    int size = HEADER_BYTES;
    if (message instanceof RaftMessage.AppendEntries append) {
      for (LogEntry entry : append.entries()) {
        size += entry.sizeBytes();
      }
    } else if (message instanceof RaftMessage.InstallSnapshot chunk) {
      size += chunk.data().size();
    }
    return size;
  }
}
