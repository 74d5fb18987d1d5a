/**
 * A whole cluster in one thread, driven by one seed.
 *
 * <p>{@link dev.ostrakon.simulation.plan.RunPlan} draws a cluster, a workload and a mix of faults
 * from a seed; {@link dev.ostrakon.simulation.SimulationRun} carries it out and reports; {@link
 * dev.ostrakon.simulation.SimulationRunner} does so for many seeds on all cores; {@link
 * dev.ostrakon.simulation.Mutant} breaks one rule on purpose to prove that it would be noticed.
 */
@NullMarked
package dev.ostrakon.simulation;

import org.jspecify.annotations.NullMarked;
