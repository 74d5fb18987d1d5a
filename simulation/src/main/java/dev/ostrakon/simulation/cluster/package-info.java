/**
 * Replicas of several groups on simulated nodes: production's {@link dev.ostrakon.replica.Replica}
 * and core, whatever the state machine is.
 *
 * <ul>
 *   <li><b>node</b>: a machine with a clock and a disk on which processes come and go;
 *   <li><b>member</b>: one replica of one group through all lives of its node;
 *   <li><b>life</b>: what a member is between a start and a crash;
 *   <li><b>observer</b>: is told of everything that happens at a port.
 * </ul>
 *
 * <p>Threading: confined to the thread of its simulation.
 */
@NullMarked
package dev.ostrakon.simulation.cluster;

import org.jspecify.annotations.NullMarked;
