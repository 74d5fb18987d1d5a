package dev.ostrakon.simulation.store;

import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.fault.FaultInjector;

/**
 * Nobody is left in doubt unless something went wrong while the call lasted or shortly before, or
 * the run is one in which something is wrong all the time.
 */
final class DoubtChecker {

  /** The longest that a fault and what follows from it last, in units. */
  private static final int AFTERMATH_UNITS = 40;

  private final StorePlan plan;
  private final Simulator simulator;
  private final FaultInjector faults;
  private final Findings findings;

  DoubtChecker(StorePlan plan, Simulator simulator, FaultInjector faults, Findings findings) {
    this.plan = plan;
    this.simulator = simulator;
    this.faults = faults;
    this.findings = findings;
  }

  void onEnding(StoreCall call, StoreEnding ending, long begunNanos) {
    if (ending instanceof StoreEnding.Unknown
        && !plan.isAlwaysDoubtful()
        && !isExcused(begunNanos)) {
      findings.report(
          Invariant.DOUBT,
          call
              + " is in doubt after "
              + (simulator.nowNanos() - begunNanos) / plan.unitNanos()
              + " units in which nothing went wrong");
    }
  }

  private boolean isExcused(long begunNanos) {
    long last = faults.lastNanos();
    return last != 0 && begunNanos - last < AFTERMATH_UNITS * plan.unitNanos();
  }
}
