package dev.ostrakon.hlc;

/**
 * The constants of a hybrid clock.
 *
 * @param maxClockSkewMillis how far a remote timestamp may be ahead of the physical clock here and
 *     still be merged, in [0, 1 hour]; it must exceed what clock synchronisation leaves between any
 *     two nodes, or healthy nodes refuse each other. Safety does not depend on it.
 */
public record ClockConfig(long maxClockSkewMillis) {
  private static final long MAX_CLOCK_SKEW_MILLIS_LIMIT = 3_600_000; // 1 hour

  /** A skew of at most 500 ms. */
  public static final ClockConfig DEFAULTS = new ClockConfig(500);

  /** Requires the skew to be within its bounds. */
  public ClockConfig {
    if (maxClockSkewMillis < 0 || maxClockSkewMillis > MAX_CLOCK_SKEW_MILLIS_LIMIT) {
      throw new IllegalArgumentException(
          "maxClockSkewMillis must be in [0, "
              + MAX_CLOCK_SKEW_MILLIS_LIMIT
              + "], was "
              + maxClockSkewMillis);
    }
  }
}
