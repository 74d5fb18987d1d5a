package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridLogicalClock;

/**
 * The world as coordinators see it; a simulation has its own.
 *
 * @param hybridClock where {@code t0} comes from
 * @param clock for deadlines and pauses
 * @param participants the way to the groups
 * @param randomness for the jitter of pauses
 */
public record CoordinatorPorts(
    HybridLogicalClock hybridClock,
    MonotonicClock clock,
    Participants participants,
    Randomness randomness) {}
