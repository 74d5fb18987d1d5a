package dev.ostrakon.simulation.plan;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.cluster.ClusterShape;
import dev.ostrakon.simulation.fault.FaultProfile;
import dev.ostrakon.simulation.workload.WorkloadProfile;

/**
 * What one seed does: a cluster, what its clients do, and what goes wrong.
 *
 * @param faultUnits how long faults go on, in units
 */
public record RunPlan(
    long seed,
    ClusterShape shape,
    WorkloadProfile workload,
    FaultProfile faults,
    double faultUnits) {

  /** The plan of a seed: every seed picks its own mix and its own extremes ("swarm testing"). */
  public static RunPlan draw(long seed) {
    RandomSource random = new RandomSource(seed).fork("plan");
    ClusterShape shape = new ShapeDraw(random.fork("shape")).draw();
    long unit = shape.config().raft().electionTimeoutNanos();
    FaultDraw faults = new FaultDraw(random.fork("faults"), unit);
    return new RunPlan(
        seed,
        shape,
        WorkloadDraw.draw(random.fork("workload"), unit),
        faults.draw(shape),
        random.fork("length").nextLong(80, 200));
  }

  /** The least election timeout, in which the durations of a run are measured. */
  public long unitNanos() {
    return faults.unitNanos();
  }
}
