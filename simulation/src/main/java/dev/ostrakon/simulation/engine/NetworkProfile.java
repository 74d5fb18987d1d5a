package dev.ostrakon.simulation.engine;

/**
 * How good a network is.
 *
 * @param delayMinNanos shortest time on the way
 * @param delayMaxNanos longest usual time on the way, exclusive
 * @param tailChance chance that a message takes longer than usual
 * @param tailMaxNanos how much longer such a message takes at most
 * @param lossChance chance that a message is lost
 * @param duplicateChance chance that a message arrives twice
 * @param longDelayChance chance of a delay of 0.2 to 2.2 s, for answers that come back terms later
 * @param ordered whether the messages of one link arrive in the order sent, as on one stream
 */
public record NetworkProfile(
    long delayMinNanos,
    long delayMaxNanos,
    double tailChance,
    long tailMaxNanos,
    double lossChance,
    double duplicateChance,
    double longDelayChance,
    boolean ordered) {

  /** A local network on a good day: 50 to 250 microseconds, nothing lost. */
  public static final NetworkProfile GOOD =
      new NetworkProfile(50_000, 250_000, 0, 1, 0, 0, 0, true);

  public NetworkProfile {
    if (delayMinNanos < 0 || delayMaxNanos <= delayMinNanos || tailMaxNanos < 1) {
      throw new IllegalArgumentException(
          "expected 0 <= delayMinNanos < delayMaxNanos and 1 <= tailMaxNanos, were "
              + delayMinNanos
              + ", "
              + delayMaxNanos
              + " and "
              + tailMaxNanos);
    }
  }
}
