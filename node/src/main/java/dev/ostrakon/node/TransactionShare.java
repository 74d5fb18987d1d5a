package dev.ostrakon.node;

/**
 * How much of what a group is asked is parts of transactions over several groups. What was longer
 * ago counts for less: half after each sample, so another kind of load shows after two or three
 * samples. The heavier a load was, the longer the pause that it outlasts. Confined to the replica's
 * loop.
 */
final class TransactionShare {
  /** What a sample keeps of its weight when the next one comes. */
  private static final double KEPT = 0.5;

  /** What is asked in a second for it to matter, and below which it no longer does. */
  private static final double ENOUGH = 100;

  private static final double TOO_LITTLE = 50;

  /** What a leader that begins high takes for granted: as many samples of transactions only. */
  private static final double GRANTED_SAMPLES = 2;

  /** The share from which on it is high, and below which no longer. */
  private static final double HIGH = 0.5;

  private static final double LOW = 0.2;

  private final double sampleSeconds;

  private boolean counting;
  private long ordersBefore;
  private long requestsBefore;
  private double orders;
  private double all;
  private double samples;
  private boolean high;

  /** Expects a sample every so many seconds. */
  TransactionShare(double sampleSeconds) {
    this.sampleSeconds = sampleSeconds;
  }

  /**
   * Begins anew with the next sample.
   *
   * @param newHigh how it begins; high ends after a few samples that tell otherwise
   */
  void begin(boolean newHigh) {
    counting = false;
    high = newHigh;
    samples = newHigh ? GRANTED_SAMPLES : 0;
    all = ENOUGH * sampleSeconds * samples;
    orders = all;
  }

  /**
   * Takes a sample; the first one says where counting begins.
   *
   * @param ordersSoFar parts of transactions over several groups since the replica started
   * @param requestsSoFar what else was asked since then
   */
  void sample(long ordersSoFar, long requestsSoFar) {
    if (counting) {
      long news = ordersSoFar - ordersBefore;
      orders = KEPT * orders + news;
      all = KEPT * all + news + requestsSoFar - requestsBefore;
      samples = KEPT * samples + 1;
      double least = (high ? TOO_LITTLE : ENOUGH) * sampleSeconds * samples;
      high = all >= least && orders >= all * (high ? LOW : HIGH);
    }
    counting = true;
    ordersBefore = ordersSoFar;
    requestsBefore = requestsSoFar;
  }

  /** Whether transactions over several groups are most of it, and there is enough to matter. */
  boolean isHigh() {
    return high;
  }
}
