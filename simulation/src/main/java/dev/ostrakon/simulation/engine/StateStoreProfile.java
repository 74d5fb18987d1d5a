package dev.ostrakon.simulation.engine;

/**
 * How a state store behaves.
 *
 * @param readMinNanos shortest read from disk
 * @param readMaxNanos longest read from disk, exclusive
 * @param checkpointMinNanos shortest checkpoint or installation
 * @param checkpointMaxNanos longest checkpoint or installation, exclusive
 * @param forgetChance chance that a key that was loaded, or written before the last checkpoint, has
 *     to be loaded again
 */
public record StateStoreProfile(
    long readMinNanos,
    long readMaxNanos,
    long checkpointMinNanos,
    long checkpointMaxNanos,
    double forgetChance) {

  /** Quick, with a cache that holds everything. */
  public static final StateStoreProfile GOOD =
      new StateStoreProfile(50_000, 200_000, 1_000_000, 5_000_000, 0);
}
