package dev.ostrakon.simulation.plan;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.workload.WorkloadProfile;

/** Draws what clients do. */
final class WorkloadDraw {

  private WorkloadDraw() {}

  static WorkloadProfile draw(RandomSource random, long unit) {
    return new WorkloadProfile(
        (long) (unit / Draw.logUniform(random, 3, 60)),
        1 + random.nextInt(6),
        random.chance(0.5) ? random.nextDouble() * 0.7 : 0.7 + random.nextDouble() * 0.29,
        random.nextDouble() * 0.5,
        random.chance(0.5) ? random.nextDouble() * 0.5 : 0,
        random.chance(0.5) ? (long) (unit * Draw.logUniform(random, 2, 10)) : 0,
        random.chance(0.8) ? 0.4 + 0.6 * random.nextDouble() : 0,
        random.chance(0.7) ? 0.2 + 0.8 * random.nextDouble() : 0,
        random.chance(0.3) ? random.nextDouble() * 0.1 : 0,
        2 + random.nextInt(30),
        random.chance(0.3) ? random.nextDouble() * 0.2 : 0,
        50 + random.nextInt(1000),
        (long) (unit * Draw.logUniform(random, 0.5, 10)),
        Draw.anyOf(random, 5, 20, 100));
  }
}
