/**
 * The world that the production code is put into: virtual time, network, clocks, processes, disks
 * and the ports of a replica on top of them. Knows neither Raft's rules nor any workload.
 *
 * <ul>
 *   <li><b>simulator</b>: virtual time and the one queue of events, ordered by (time, sequence);
 *   <li><b>process</b>: one life of a node, from boot to crash; may be frozen for a while;
 *   <li><b>disk</b>: what outlives a process, as far as it was synced;
 *   <li><b>profile</b>: the constants of a part of the world, drawn from the seed.
 * </ul>
 *
 * <p>Threading: one simulation is confined to one thread; several simulations share nothing.
 */
@NullMarked
package dev.ostrakon.simulation.engine;

import org.jspecify.annotations.NullMarked;
