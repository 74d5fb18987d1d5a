package dev.ostrakon.raft;

import java.nio.charset.StandardCharsets;

/**
 * The only source of randomness: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014), so that a seed replays a run on every JVM.
 */
public final class RandomSource {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final long seed;
  private long state;

  public RandomSource(long seed) {
    this.seed = seed;
    this.state = seed;
  }

  /**
   * An independent source that depends on this one's seed and {@code name} only, not on how much
   * was drawn: so a new draw in one component does not reshuffle the others.
   */
  public RandomSource fork(String name) {
    long mixed = mix(seed + GOLDEN_GAMMA);
    for (byte part : name.getBytes(StandardCharsets.UTF_8)) {
      mixed = mix(mixed ^ (part + GOLDEN_GAMMA));
    }
    return new RandomSource(mixed);
  }

  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** A number in [0, bound). */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, was " + bound);
    }
    return (int) ((nextLong() >>> 1) % bound);
  }

  /** A number in [from, to). */
  public long nextLong(long from, long to) {
    if (to <= from) {
      throw new IllegalArgumentException("expected from < to, was " + from + " and " + to);
    }
    return from + (nextLong() >>> 1) % (to - from);
  }

  /** A number in [0, 1). */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** True with this probability. */
  public boolean chance(double probability) {
    return nextDouble() < probability;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
