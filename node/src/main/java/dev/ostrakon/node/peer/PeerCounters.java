package dev.ostrakon.node.peer;

import java.util.concurrent.atomic.LongAdder;

/** Counts what the connections of a node do; written by its event loops, read by anybody. */
public final class PeerCounters {

  final LongAdder framesSent = new LongAdder();
  final LongAdder messagesSent = new LongAdder();
  final LongAdder messagesDropped = new LongAdder();
  final LongAdder framesReceived = new LongAdder();
  final LongAdder messagesReceived = new LongAdder();
  final LongAdder messagesUnknown = new LongAdder();
  final LongAdder messagesMalformed = new LongAdder();
  final LongAdder messagesMisrouted = new LongAdder();
  final LongAdder timestampsRefused = new LongAdder();
  final LongAdder connectionsOpened = new LongAdder();
  final LongAdder connectionsLost = new LongAdder();
  final LongAdder hellosRefused = new LongAdder();

  /**
   * The counts at one moment.
   *
   * @param messagesDropped for want of room or connection
   * @param messagesUnknown of a kind that this version does not know
   * @param messagesMalformed frames cut short because a message made no sense
   * @param messagesMisrouted for a group or replica that is not here, or not from its node
   * @param timestampsRefused frames whose timestamp was too far ahead to be merged
   */
  public record Snapshot(
      long framesSent,
      long messagesSent,
      long messagesDropped,
      long framesReceived,
      long messagesReceived,
      long messagesUnknown,
      long messagesMalformed,
      long messagesMisrouted,
      long timestampsRefused,
      long connectionsOpened,
      long connectionsLost,
      long hellosRefused) {}

  public Snapshot snapshot() {
    return new Snapshot(
        framesSent.sum(),
        messagesSent.sum(),
        messagesDropped.sum(),
        framesReceived.sum(),
        messagesReceived.sum(),
        messagesUnknown.sum(),
        messagesMalformed.sum(),
        messagesMisrouted.sum(),
        timestampsRefused.sum(),
        connectionsOpened.sum(),
        connectionsLost.sum(),
        hellosRefused.sum());
  }
}
