package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;

/**
 * The clocks of a node as the wire sees them: packed hybrid timestamps, and readings. Any thread.
 */
public interface PeerClock {

  /**
   * What a node's clocks show.
   *
   * @param wallMillis the machine's own clock, whatever others say, in milliseconds since 1970
   * @param uptimeMillis for how long the node has been running, by the monotonic clock
   * @param carriedMillis the time that the node carries on because clocks were set back; 0 if it
   *     does not
   */
  record Reading(long wallMillis, long uptimeMillis, long carriedMillis) {}

  /** Hears what the clocks of one life of a peer show, in the order in which it said it. */
  interface Listener {
    /** Learns of a reading; tells how far it was ahead of the time here, in milliseconds. */
    long told(Reading reading);
  }

  /** The timestamp for a message that is about to leave. */
  long now();

  /**
   * Learns of a timestamp that came from a peer.
   *
   * @return false if it is too far ahead and was not merged
   */
  boolean observe(long timestamp);

  /** What the clocks here show, for a message that is about to leave. */
  Reading reading();

  /** A peer has connected: from its first reading on it counts instead of its earlier lives. */
  Listener follow(NodeId peer);
}
