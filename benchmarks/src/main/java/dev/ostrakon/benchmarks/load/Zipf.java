package dev.ostrakon.benchmarks.load;

import java.util.SplittableRandom;

/**
 * Draws ranks of a Zipf distribution: rank r, from 0, has a probability in proportion to {@code
 * 1/(r+1)^theta}. Algorithm: Gray et al., "Quickly generating billion-record synthetic databases",
 * SIGMOD 1994, section 3.2. Immutable; any thread.
 */
final class Zipf {
  private final int count;
  private final double theta;
  private final double alpha;
  private final double zeta;
  private final double eta;

  /**
   * @param count of ranks, from 1
   * @param theta how skewed, in [0, 1); 0 is uniform
   */
  Zipf(int count, double theta) {
    if (count < 1 || !(theta >= 0 && theta < 1)) {
      throw new IllegalArgumentException(
          "expected count >= 1 and theta in [0, 1), were " + count + " and " + theta);
    }
    this.count = count;
    this.theta = theta;
    this.alpha = 1 / (1 - theta);
    this.zeta = zeta(count, theta);
    this.eta = (1 - Math.pow(2.0 / count, 1 - theta)) / (1 - zeta(2, theta) / zeta);
  }

  private static double zeta(int count, double theta) {
    double sum = 0;
    for (int i = 1; i <= count; i++) {
      sum += Math.pow(i, -theta);
    }
    return sum;
  }

  int draw(SplittableRandom random) {
    if (theta == 0) {
      return random.nextInt(count);
    }
    double uniform = random.nextDouble();
    double scaled = uniform * zeta;
    if (scaled < 1 || count == 1) {
      return 0;
    }
    if (scaled < 1 + Math.pow(0.5, theta) || count == 2) {
      return 1;
    }
    return (int) Math.min(count - 1, count * Math.pow(eta * uniform - eta + 1, alpha));
  }

  /** How probable a rank is. */
  double probability(int rank) {
    return Math.pow(rank + 1, -theta) / zeta;
  }
}
