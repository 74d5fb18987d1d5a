package dev.ostrakon.node.peer;

import dev.ostrakon.raft.RandomSource;

/**
 * How long to wait before the next try: doubling, bounded, and spread so that nodes do not march.
 */
public final class BackOff {

  private final int minMillis;
  private final int maxMillis;
  private final RandomSource random;
  private int nextMillis;

  public BackOff(int minMillis, int maxMillis, RandomSource random) {
    this.minMillis = minMillis;
    this.maxMillis = maxMillis;
    this.random = random;
    this.nextMillis = minMillis;
  }

  /**
   * The wait before the next try: between half of the present step and all of it, at least 1 ms.
   */
  public long nextDelayMillis() {
    int step = nextMillis;
    nextMillis = (int) Math.min(maxMillis, 2L * step);
    return Math.max(1, step - random.nextInt(step / 2 + 1));
  }

  /** The last try succeeded. */
  public void reset() {
    nextMillis = minMillis;
  }

  /** Trying again soon cannot help. */
  public void saturate() {
    nextMillis = maxMillis;
  }
}
