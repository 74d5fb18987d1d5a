/**
 * A hybrid logical clock: 64-bit timestamps that respect cause and stay close to wall time.
 *
 * <ul>
 *   <li><b>timestamp</b>: 48 bits of wall-clock milliseconds, 16 logical bits that order what
 *       happens within one of them; see {@link dev.ostrakon.hlc.HybridTimestamp};
 *   <li><b>physical clock</b>: what the machine takes for wall time; it may step, freeze or jump;
 *   <li><b>observe</b>: to learn a remote timestamp, so that everything later here is above it;
 *   <li><b>skew</b>: how far a remote timestamp is ahead of the physical clock here; beyond the
 *       maximum it is refused, never merged;
 *   <li><b>drift</b>: how far the hybrid clock is ahead of the physical clock here.
 * </ul>
 *
 * <p>Threading: values are immutable; one {@link dev.ostrakon.hlc.HybridLogicalClock} may be shared
 * by all event loops of a node. Source: Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical
 * Physical Clocks and Consistent Snapshots in Globally Distributed Databases", 2014, called the HLC
 * paper here.
 */
@NullMarked
package dev.ostrakon.hlc;

import org.jspecify.annotations.NullMarked;
