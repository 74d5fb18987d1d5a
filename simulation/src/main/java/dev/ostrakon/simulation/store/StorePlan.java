package dev.ostrakon.simulation.store;

import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.cluster.ClusterShape;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.fault.Disturbance;
import dev.ostrakon.simulation.fault.FaultProfile;
import dev.ostrakon.simulation.plan.RunPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * What one seed does to a store.
 *
 * @param faults what happens to nodes and links
 * @param profile what clients do, and what else goes wrong
 * @param faultUnits how long faults go on, in units
 */
record StorePlan(
    long seed, ClusterShape shape, FaultProfile faults, StoreProfile profile, double faultUnits) {

  /** Store runs do more work in a unit than those of bare Raft, so they are shorter. */
  private static final double LENGTH_SHARE = 0.3;

  /** Of all runs, those in which no fault happens to nodes and links. */
  private static final double CALM_CHANCE = 0.1;

  private static final int GROUPS_MAX = 3;
  private static final int CLOCK_ERROR_HARMLESS_MILLIS = 240;

  /** Longer than any call takes while everybody is in good health. */
  private static final int CALM_UNITS = 8;

  /** The plan of bare Raft, made to fit: mostly two or three groups, and less time for faults. */
  static StorePlan draw(long seed) {
    RunPlan plan = RunPlan.draw(seed);
    RandomSource random = new RandomSource(seed).fork("store-plan");
    ClusterShape shape = plan.shape();
    List<GroupShape> groups = new ArrayList<>(shape.groups());
    while (groups.size() > GROUPS_MAX) {
      groups.remove(groups.size() - 1);
    }
    if (groups.size() == 1 && random.chance(0.9)) {
      groups.add(GroupShape.founded(2, groups.get(0).nodes()));
    }
    ClusterShape fitting =
        new ClusterShape(
            shape.nodeCount(),
            groups,
            shape.config(),
            shape.network(),
            shape.disk(),
            shape.stateStore(),
            shape.driftPpmMax());
    return new StorePlan(
        seed,
        fitting,
        new RandomSource(seed).fork("calm").chance(CALM_CHANCE)
            ? plan.faults().without()
            : plan.faults(),
        StoreProfile.draw(random, plan.unitNanos()),
        plan.faultUnits() * LENGTH_SHARE);
  }

  /**
   * Whether clocks were never so wrong, and windows never so short, that a request is refused for
   * it: a hybrid clock that has once been ahead stays ahead although the clocks are right again.
   */
  boolean areClocksHarmless() {
    long unitMillis = unitNanos() / 1_000_000;
    long slackMillis = CALM_UNITS * unitMillis + 2L * profile.clockErrorMillis();
    return profile.clockErrorMillis() < CLOCK_ERROR_HARMLESS_MILLIS
        && profile.settings().windowMillis() > slackMillis
        && profile.settings().horizonMillis() > slackMillis;
  }

  /**
   * Whether something is wrong all the time, so that a call may fail at any moment: clocks, links,
   * disks or coordinators, or so little room or time that calls are turned away.
   */
  boolean isAlwaysDoubtful() {
    NetworkProfile network = shape.network();
    return !areClocksHarmless()
        || network.lossChance() > 0
        || network.longDelayChance() > 0
        || network.tailChance() > 0
        || shape.disk().stallChance() > 0
        || faults.meanGapUnits().containsKey(Disturbance.WEATHER)
        || profile.stepCrashes() > 0
        || profile.lateCalls() > 0
        || profile.sending().deadlineShare() < 1
        || !profile.bounds().equals(StoreBounds.DEFAULTS)
        || profile.settings().pendingMax() < GroupSettings.DEFAULTS.pendingMax();
  }

  /** Whether no window passes within a run, however long it takes. */
  boolean isWindowLong() {
    return profile.settings().windowMillis() >= GroupSettings.DEFAULTS.windowMillis();
  }

  /** The least election timeout, in which the durations of a run are measured. */
  long unitNanos() {
    return faults.unitNanos();
  }
}
