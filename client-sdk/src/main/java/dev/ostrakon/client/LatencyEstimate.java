package dev.ostrakon.client;

/**
 * How long a node takes to answer, learned from its answers: a smoothed mean and a smoothed
 * deviation, as TCP does it (RFC 6298). Answers that come after their sending was given up count
 * too, so that the estimate follows a node that has become slow. Confined to one event loop; it has
 * no clock.
 */
final class LatencyEstimate {
  private static final double MEAN_GAIN = 1.0 / 8;
  private static final double DEVIATION_GAIN = 1.0 / 4;
  private static final double DEVIATIONS = 4;

  private double meanNanos;
  private double deviationNanos;
  private boolean isKnown;

  /** An answer came so long after its request was sent. */
  void observe(long nanos) {
    double latency = Math.max(0, nanos);
    if (!isKnown) {
      isKnown = true;
      meanNanos = latency;
      deviationNanos = latency / 2;
      return;
    }
    deviationNanos += DEVIATION_GAIN * (Math.abs(latency - meanNanos) - deviationNanos);
    meanNanos += MEAN_GAIN * (latency - meanNanos);
  }

  /** Whether any answer was observed. */
  boolean isKnown() {
    return isKnown;
  }

  /** What few answers exceed: the mean and four deviations; 0 if nothing is known. */
  long highNanos() {
    return (long) (meanNanos + DEVIATIONS * deviationNanos);
  }
}
