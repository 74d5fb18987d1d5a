package dev.ostrakon.client;

import java.util.random.RandomGenerator;

/** Pauses that double up to a bound, of which a random half is spread so that nobody marches. */
final class BackOff {
  private final int minMillis;
  private final int maxMillis;
  private final RandomGenerator random;
  private int step;

  BackOff(int minMillis, int maxMillis, RandomGenerator random) {
    this.minMillis = minMillis;
    this.maxMillis = maxMillis;
    this.random = random;
  }

  /** The pause after the failure before the {@code step}-th pause, from 0; at least 1 ms. */
  static int millis(int minMillis, int maxMillis, int step, RandomGenerator random) {
    int full = (int) Math.min(maxMillis, (long) minMillis << Math.min(step, 30));
    return Math.max(1, full - random.nextInt(full / 2 + 1));
  }

  int nextDelayMillis() {
    return millis(minMillis, maxMillis, step++, random);
  }

  /** The last try succeeded. */
  void reset() {
    step = 0;
  }
}
