package dev.ostrakon.client;

/** Clocks of the cluster's nodes are too far apart for any of them to take the call. */
public final class ClockSkewException extends NotExecutedException {
  private static final long serialVersionUID = 1L;

  private final long offsetMillis;

  ClockSkewException(String message, long offsetMillis) {
    super(message, null);
    this.offsetMillis = offsetMillis;
  }

  /** How far the timestamp was ahead of the clock of the node that refused it, in milliseconds. */
  public long offsetMillis() {
    return offsetMillis;
  }
}
