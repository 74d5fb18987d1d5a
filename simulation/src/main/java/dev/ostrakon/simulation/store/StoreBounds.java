package dev.ostrakon.simulation.store;

import dev.ostrakon.group.ShardFrontConfig;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.txn.CoordinatorConfig;

/**
 * How much fronts and coordinators take at once.
 *
 * @param front of each front, besides what differs between groups
 * @param txnsMax transactions of one coordinator
 * @param readsMax reads of one coordinator
 */
record StoreBounds(ShardFrontConfig front, int txnsMax, int readsMax) {

  /** Production's, which a run never meets. */
  static final StoreBounds DEFAULTS =
      new StoreBounds(
          ShardFrontConfig.DEFAULTS,
          CoordinatorConfig.DEFAULTS.txnsMax(),
          CoordinatorConfig.DEFAULTS.readsMax());

  /** Production's, or so narrow that room which is not given back is missed soon. */
  static StoreBounds draw(RandomSource random) {
    if (random.chance(0.6)) {
      return DEFAULTS;
    }
    ShardFrontConfig front =
        ShardFrontConfig.DEFAULTS
            .withCommands(6 + random.nextInt(10), 1 + random.nextInt(4), 1 + random.nextInt(3))
            .withMemory(ShardFrontConfig.DEFAULTS.memoryBytesMax(), 4_000L + random.nextInt(8_000))
            .withReadsMax(4 + random.nextInt(8));
    return new StoreBounds(front, 8 + random.nextInt(10), 4 + random.nextInt(8));
  }
}
