package dev.ostrakon.node.codec;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.protocol.v1.GroupMessage;
import dev.ostrakon.protocol.v1.HeartbeatResponses;
import dev.ostrakon.protocol.v1.Heartbeats;
import dev.ostrakon.protocol.v1.PeerFrame;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes frames apart into messages. */
public final class FrameDecoder {

  private FrameDecoder() {}

  /**
   * Hands over the messages of a frame: first heartbeats, then their answers, then all others in
   * the order sent. Kinds that this version does not know are left out.
   *
   * @return how many messages were of an unknown kind
   * @throws MalformedMessageException if no correct node sends this; messages before the malformed
   *     one have been handed over, those after it are lost
   */
  public static int decode(PeerFrame frame, Consumer<RoutedMessage> receiver)
      throws MalformedMessageException {
    if (frame.hasHeartbeats()) {
      heartbeats(frame.getHeartbeats(), receiver);
    }
    if (frame.hasHeartbeatResponses()) {
      responses(frame.getHeartbeatResponses(), receiver);
    }
    int unknownCount = 0;
    for (GroupMessage wire : frame.getMessagesList()) {
      Optional<RoutedMessage> message = MessageDecoder.decode(wire);
      message.ifPresent(receiver);
      unknownCount += message.isPresent() ? 0 : 1;
    }
    return unknownCount;
  }

  private static void heartbeats(Heartbeats wire, Consumer<RoutedMessage> receiver)
      throws MalformedMessageException {
    int rows = wire.getGroupCount();
    requireRows("from", rows, wire.getFromCount());
    requireRows("to", rows, wire.getToCount());
    requireRows("term", rows, wire.getTermCount());
    requireRows("commit_index", rows, wire.getCommitIndexCount());
    requireRows("round", rows, wire.getRoundCount());
    for (int row = 0; row < rows; row++) {
      receiver.accept(heartbeat(wire, row));
    }
  }

  private static RoutedMessage heartbeat(Heartbeats wire, int row)
      throws MalformedMessageException {
    try {
      return new RoutedMessage(
          new GroupId(wire.getGroup(row)),
          new ReplicaId(wire.getFrom(row)),
          new ReplicaId(wire.getTo(row)),
          new RaftMessage.Heartbeat(
              MessageDecoder.term(wire.getTerm(row)),
              MessageDecoder.notNegative("commit index", wire.getCommitIndex(row)),
              MessageDecoder.notNegative("round", wire.getRound(row))));
    } catch (IllegalArgumentException e) {
      throw malformedRow("heartbeat", row, e);
    }
  }

  private static void responses(HeartbeatResponses wire, Consumer<RoutedMessage> receiver)
      throws MalformedMessageException {
    int rows = wire.getGroupCount();
    requireRows("from", rows, wire.getFromCount());
    requireRows("to", rows, wire.getToCount());
    requireRows("term", rows, wire.getTermCount());
    requireRows("round", rows, wire.getRoundCount());
    for (int row = 0; row < rows; row++) {
      receiver.accept(response(wire, row));
    }
  }

  private static RoutedMessage response(HeartbeatResponses wire, int row)
      throws MalformedMessageException {
    try {
      return new RoutedMessage(
          new GroupId(wire.getGroup(row)),
          new ReplicaId(wire.getFrom(row)),
          new ReplicaId(wire.getTo(row)),
          new RaftMessage.HeartbeatResponse(
              MessageDecoder.term(wire.getTerm(row)),
              MessageDecoder.notNegative("round", wire.getRound(row))));
    } catch (IllegalArgumentException e) {
      throw malformedRow("heartbeat response", row, e);
    }
  }

  private static MalformedMessageException malformedRow(
      String what, int row, IllegalArgumentException cause) {
    return new MalformedMessageException(what + " " + row + ": " + cause.getMessage(), cause);
  }

  private static void requireRows(String column, int expected, int actual)
      throws MalformedMessageException {
    if (actual != expected) {
      throw new MalformedMessageException(
          "column " + column + " expected " + expected + " rows, was " + actual);
    }
  }
}
