package dev.ostrakon.simulation.store;

import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.model.Limits;
import dev.ostrakon.raft.RandomSource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What clients of a store do, and what goes wrong beside what happens to nodes and links. Shares
 * and chances are in [0, 1].
 *
 * @param clients how many at once
 * @param gapUnits mean pause of a client between two calls
 * @param deadlineUnits how long a client waits for the outcome of a call
 * @param several of all calls, those over several groups
 * @param reads of all calls, those that only read
 * @param weights how often which kind of data is meant
 * @param conditions of transactions on lists, those that want what was read to be unchanged
 * @param scans of reads of lists inside one group, those that are scans
 * @param questions of the calls without an outcome, those whose outcome is asked for
 * @param keysPerGroup of each kind
 * @param clockErrorMillis how wrong the wall clock of a node is at most
 * @param comparesClocks whether nodes compare their clocks; if not, they believe their own, which
 *     must cost nothing but time
 * @param stepCrashes chance that a coordinator dies at a step
 * @param settings of the groups
 * @param lateCalls chance that a call of a coordinator takes very long
 * @param sending how clients and coordinators send
 * @param bounds how much fronts and coordinators take at once
 */
record StoreProfile(
    int clients,
    double gapUnits,
    double deadlineUnits,
    double several,
    double reads,
    Map<StoreCall.Kind, Double> weights,
    double conditions,
    double scans,
    double questions,
    int keysPerGroup,
    int clockErrorMillis,
    boolean comparesClocks,
    double stepCrashes,
    GroupSettings settings,
    double lateCalls,
    Sending sending,
    StoreBounds bounds) {

  private static final int HOUR_MILLIS = 3_600_000;

  StoreProfile {
    weights = Collections.unmodifiableMap(new EnumMap<>(weights));
  }

  /** The profile of a seed. */
  static StoreProfile draw(RandomSource random, long unitNanos) {
    Map<StoreCall.Kind, Double> weights = new EnumMap<>(StoreCall.Kind.class);
    for (StoreCall.Kind kind : StoreCall.Kind.values()) {
      weights.put(kind, random.chance(0.3) ? 0.02 : random.nextDouble());
    }
    return new StoreProfile(
        2 + random.nextInt(7),
        0.05 + 0.5 * random.nextDouble(),
        25,
        0.1 + 0.8 * random.nextDouble(),
        0.2 + 0.6 * random.nextDouble(),
        weights,
        0.7 * random.nextDouble(),
        random.chance(0.5) ? 0.6 * random.nextDouble() : 0,
        random.nextDouble(),
        random.chance(0.8) ? 1 + random.nextInt(3) : 10 + random.nextInt(20),
        drawClockError(random),
        random.fork("clocks").chance(0.5),
        random.chance(0.4) ? 0.1 * random.nextDouble() * random.nextDouble() : 0,
        drawSettings(random, unitNanos),
        random.chance(0.3) ? 0.3 * random.nextDouble() : 0,
        drawSending(random.fork("giving-up")),
        StoreBounds.draw(random.fork("bounds")));
  }

  private static Sending drawSending(RandomSource random) {
    return random.chance(0.5)
        ? Sending.STANDARD
        : Sending.STANDARD.givingUp(
            0.1 + 0.4 * random.nextDouble(), Math.pow(0.05, random.nextDouble()));
  }

  /** Within what is permitted, or by seconds, or by hours. */
  private static int drawClockError(RandomSource random) {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1, 2 -> random.nextInt(240);
      case 3 -> random.nextInt(20_000);
      default -> random.nextInt(6 * HOUR_MILLIS);
    };
  }

  /** Windows and horizons that matter within a run, or production's, which do not. */
  private static GroupSettings drawSettings(RandomSource random, long unitNanos) {
    GroupSettings defaults = GroupSettings.DEFAULTS;
    if (random.chance(0.6)) {
      return defaults;
    }
    long unitMillis = 1 + unitNanos / 1_000_000;
    return new GroupSettings(
        Limits.DEFAULTS,
        unitMillis * (10 + random.nextInt(60)),
        unitMillis * (3 + random.nextInt(20)),
        random.chance(0.2) ? 2 + random.nextInt(10) : defaults.pendingMax());
  }
}
