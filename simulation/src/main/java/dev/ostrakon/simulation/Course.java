package dev.ostrakon.simulation;

import dev.ostrakon.simulation.cluster.PortDecorator;
import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.plan.RunPlan;
import dev.ostrakon.simulation.report.RunReport;

/** What a seed does; the same each time. */
public interface Course {
  /** Goes from the beginning to the end, in the thread of the caller. */
  RunReport run(long seed, Trace trace);

  /** Groups of replicas, with something between them and their rules and ports. */
  static Course raft(PortDecorator decorator) {
    return (seed, trace) -> SimulationRun.of(RunPlan.draw(seed), decorator, trace);
  }
}
