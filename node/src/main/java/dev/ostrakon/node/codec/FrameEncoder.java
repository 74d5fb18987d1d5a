package dev.ostrakon.node.codec;

import dev.ostrakon.protocol.v1.Clocks;
import dev.ostrakon.protocol.v1.HeartbeatResponses;
import dev.ostrakon.protocol.v1.Heartbeats;
import dev.ostrakon.protocol.v1.PeerFrame;
import dev.ostrakon.raft.RaftMessage;

/** Gathers the messages of one frame; confined to its caller and used for one frame only. */
public final class FrameEncoder {

  private final PeerFrame.Builder frame = PeerFrame.newBuilder();
  private final Heartbeats.Builder heartbeats = Heartbeats.newBuilder();
  private final HeartbeatResponses.Builder responses = HeartbeatResponses.newBuilder();
  private int sizeBytes;
  private int messageCount;

  /**
   * Adds a message; heartbeats and their answers become rows of the frame's columns.
   *
   * @throws IllegalArgumentException if the message has no wire form, which is a programmer's error
   */
  public void add(RoutedMessage routed) {
    switch (routed.message().kind()) {
      case HEARTBEAT -> addHeartbeat(routed, (RaftMessage.Heartbeat) routed.message());
      case HEARTBEAT_RESPONSE ->
          addResponse(routed, (RaftMessage.HeartbeatResponse) routed.message());
      case PRE_VOTE,
          PRE_VOTE_RESPONSE,
          REQUEST_VOTE,
          REQUEST_VOTE_RESPONSE,
          APPEND_ENTRIES,
          APPEND_ENTRIES_RESPONSE,
          APPEND_ENTRIES_REJECTION,
          INSTALL_SNAPSHOT,
          INSTALL_SNAPSHOT_RESPONSE,
          TIMEOUT_NOW,
          READ_INDEX,
          READ_INDEX_RESPONSE ->
          frame.addMessages(MessageEncoder.encode(routed));
    }
    sizeBytes += routed.sizeBytes();
    messageCount++;
  }

  /** The sizes of the messages added so far. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** How many messages were added. */
  public int messageCount() {
    return messageCount;
  }

  /**
   * Finishes the frame.
   *
   * @param timestamp the sender's, packed
   * @param wallMillis what the clock of the sender's machine shows
   * @param uptimeMillis for how long the sender has been running
   * @param carriedMillis the time that it carries on, or 0
   */
  public PeerFrame finish(long timestamp, long wallMillis, long uptimeMillis, long carriedMillis) {
    if (heartbeats.getGroupCount() > 0) {
      frame.setHeartbeats(heartbeats);
    }
    if (responses.getGroupCount() > 0) {
      frame.setHeartbeatResponses(responses);
    }
    return frame
        .setTimestamp(timestamp)
        .setClocks(
            Clocks.newBuilder()
                .setWallMillis(wallMillis)
                .setUptimeMillis(uptimeMillis)
                .setCarriedMillis(carriedMillis))
        .build();
  }

  private void addHeartbeat(RoutedMessage routed, RaftMessage.Heartbeat message) {
    heartbeats
        .addGroup(routed.group().number())
        .addFrom(routed.from().value())
        .addTo(routed.to().value())
        .addTerm(message.term())
        .addCommitIndex(message.commitIndex())
        .addRound(message.round());
  }

  private void addResponse(RoutedMessage routed, RaftMessage.HeartbeatResponse message) {
    responses
        .addGroup(routed.group().number())
        .addFrom(routed.from().value())
        .addTo(routed.to().value())
        .addTerm(message.term())
        .addRound(message.round());
  }
}
