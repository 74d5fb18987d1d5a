package dev.ostrakon.simulation.store;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.fault.FaultInjector;
import java.util.HashSet;
import java.util.Set;

/**
 * What happens to calls of coordinators: some are late, by far more than messages are elsewhere;
 * and coordinators die in the midst of a step, so that of the calls that one makes at this instant
 * the first ones leave and the others do not.
 */
final class Mishaps implements StoreRoads.Gate {

  /** The longest that a late call takes, in units. */
  static final double LATE_UNITS_MAX = 20;

  private final Simulator simulator;
  private final FaultInjector faults;
  private final StorePlan plan;
  private final StoreRoads roads;
  private final RandomSource deaths;
  private final RandomSource delays;
  private final Set<StoreHost> dying = new HashSet<>();

  Mishaps(
      Simulator simulator,
      FaultInjector faults,
      StorePlan plan,
      StoreRoads roads,
      RandomSource random) {
    this.simulator = simulator;
    this.faults = faults;
    this.plan = plan;
    this.roads = roads;
    this.deaths = random.fork("deaths");
    this.delays = random.fork("delays");
  }

  @Override
  public boolean passes(StoreHost from, int node, StoreHost.Ask ask) {
    if (!faults.isRunning()) {
      return true;
    } else if (dying.contains(from)) {
      return false;
    } else if (happens(deaths, plan.profile().stepCrashes())) {
      dying.add(from);
      faults.crashNow(from.node());
      return deaths.chance(0.5);
    } else if (happens(delays, plan.profile().lateCalls())) {
      double units = delays.nextDouble() * LATE_UNITS_MAX;
      simulator.after((long) (units * plan.unitNanos()), () -> roads.carry(from, node, ask));
      return false;
    }
    return true;
  }

  private static boolean happens(RandomSource random, double chance) {
    return chance > 0 && random.chance(chance);
  }
}
