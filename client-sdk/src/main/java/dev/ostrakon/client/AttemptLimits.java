package dev.ostrakon.client;

/**
 * How long one sending of a request may go unanswered before the request is sent again: long enough
 * for the latency that was measured, for the bytes that go before it, and twice as long with each
 * sending that was given up before. Pure.
 */
final class AttemptLimits {
  /** Twice what few answers exceed. */
  private static final int LATENCY_FACTOR = 2;

  /** The configured limit holds while nothing is known, and may shrink to this part of itself. */
  private static final int SHRINK_DIVISOR = 2;

  /** Even a slow network carries so much: 1 MiB a second. */
  private static final long BYTES_PER_MILLI_MIN = 1_049;

  /** Doubled so often at most. */
  private static final int DOUBLINGS_MAX = 5;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private AttemptLimits() {}

  /**
   * The limit.
   *
   * @param configuredMillis the limit for a small request to a node whose latency is unknown
   * @param bytesAhead bytes of this request and of those on the same stream without an answer
   * @param givenUp sendings of this request that were given up
   */
  static long millis(int configuredMillis, LatencyEstimate latency, long bytesAhead, int givenUp) {
    long base = configuredMillis;
    if (latency.isKnown()) {
      long measured = LATENCY_FACTOR * latency.highNanos() / NANOS_PER_MILLI;
      base = Math.max(measured, Math.max(1, configuredMillis / SHRINK_DIVISOR));
    }
    long all = base + Math.max(0, bytesAhead) / BYTES_PER_MILLI_MIN;
    return all << Math.min(Math.max(0, givenUp), DOUBLINGS_MAX);
  }
}
