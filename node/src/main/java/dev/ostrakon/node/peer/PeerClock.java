package dev.ostrakon.node.peer;

/** The hybrid clock as the wire sees it: packed timestamps. Any thread. */
public interface PeerClock {

  /** The timestamp for a message that is about to leave. */
  long now();

  /**
   * Learns of a timestamp that came from a peer.
   *
   * @return false if it is too far ahead and was not merged
   */
  boolean observe(long timestamp);

  /** How far the wall part of a timestamp is ahead of the wall clock here, in milliseconds. */
  long offsetMillis(long timestamp);
}
