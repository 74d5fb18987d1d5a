package dev.ostrakon.simulation.plan;

import dev.ostrakon.raft.RandomSource;

/** Ways to draw a constant. */
final class Draw {

  private Draw() {}

  /** One of these, each as likely. */
  static int anyOf(RandomSource random, int... values) {
    return values[random.nextInt(values.length)];
  }

  /** A number between two bounds whose logarithm is uniform: small ones as often as large ones. */
  static double logUniform(RandomSource random, double from, double to) {
    return from * Math.pow(to / from, random.nextDouble());
  }
}
