package dev.ostrakon.hlc;

/** What became of a remote timestamp that a clock was shown. */
public sealed interface Observation {
  /**
   * The remote timestamp was merged: everything that the clock returns from now on is above it.
   *
   * @param now the timestamp of the receipt itself, above the remote one
   */
  record Observed(HybridTimestamp now) implements Observation {}

  /**
   * The remote timestamp was too far ahead, and the clock is as it was before. The request or
   * message that carried it is to be refused at the door, and counted.
   *
   * @param offsetMillis how far it was ahead of the physical clock here; more than {@code
   *     maxMillis}
   * @param maxMillis the largest offset that would have been merged
   */
  record Refused(long offsetMillis, long maxMillis) implements Observation {}
}
