package dev.ostrakon.simulation.engine;

/**
 * How a disk behaves.
 *
 * @param syncMinNanos shortest durable commit
 * @param syncMaxNanos longest usual durable commit, exclusive
 * @param stallChance chance that a commit hangs for 1 to 2 s
 * @param survivalChance chance that what was handed to the disk and not yet reported durable
 *     survives a crash after all, wholly or up to a point
 * @param torn whether only a prefix of the writes of one commit may survive, as in a plain file;
 *     else a commit is atomic, as in a database
 */
public record DiskProfile(
    long syncMinNanos, long syncMaxNanos, double stallChance, double survivalChance, boolean torn) {

  /** A solid-state disk: commits of 100 to 500 microseconds. */
  public static final DiskProfile GOOD = new DiskProfile(100_000, 500_000, 0, 0, false);
}
