package dev.ostrakon.node;

/**
 * How much of what a group has to do is for transactions over several groups. What was longer ago
 * counts for less: half after three samples. Confined to the replica's loop.
 */
final class CoordinatedShare {
  /** What a sample keeps of its weight when the next one comes. */
  private static final double KEPT = 0.8;

  /** Calls a sample from which on there is something to tell, and below which no longer. */
  private static final double CALLS_ENOUGH = 100;

  private static final double CALLS_TOO_FEW = 50;

  /** The share from which on it is high, and below which no longer. */
  private static final double HIGH = 0.5;

  private static final double LOW = 0.2;

  private boolean counting;
  private long coordinatedBefore;
  private long requestsBefore;
  private double coordinated;
  private double calls;
  private double samples;
  private boolean high;

  /** Begins anew with the next sample. */
  void reset() {
    counting = false;
    coordinated = 0;
    calls = 0;
    samples = 0;
    high = false;
  }

  /**
   * Takes a sample; the first one says where counting begins.
   *
   * @param coordinatedSoFar calls of coordinators since the replica started
   * @param requestsSoFar all other calls since then
   */
  void sample(long coordinatedSoFar, long requestsSoFar) {
    if (counting) {
      long news = coordinatedSoFar - coordinatedBefore;
      coordinated = KEPT * coordinated + news;
      calls = KEPT * calls + news + requestsSoFar - requestsBefore;
      samples = KEPT * samples + 1;
      high =
          calls >= samples * (high ? CALLS_TOO_FEW : CALLS_ENOUGH)
              && coordinated >= calls * (high ? LOW : HIGH);
    }
    counting = true;
    coordinatedBefore = coordinatedSoFar;
    requestsBefore = requestsSoFar;
  }

  /** Whether coordinators make most of the calls, and there are enough of them to matter. */
  boolean isHigh() {
    return high;
  }
}
