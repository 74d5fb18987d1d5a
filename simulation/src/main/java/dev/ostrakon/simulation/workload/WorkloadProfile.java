package dev.ostrakon.simulation.workload;

/**
 * What clients do.
 *
 * @param meanGapNanos mean time between two operations of all clients together
 * @param registers registers in each group; few means contention
 * @param readShare share of reads
 * @param strayShare share of operations that go to any member rather than to the supposed leader
 * @param pollShare share of reads that go to every member at once, so that who should not serve any
 *     more is asked too
 * @param lullNanos mean length of the times with and without commands, which take turns; in the
 *     latter only new leaders are sent some; 0 for commands all the time
 * @param rushChance chance that a new leader is sent a command at once
 * @param verifyChance chance that every member is asked for a register right after a command on it
 *     was acknowledged
 * @param burstChance chance that an operation comes as a burst
 * @param burstCount operations of a burst
 * @param largeChance chance that a command is padded
 * @param largeBytes how much
 * @param timeoutNanos deadline of an operation
 * @param maxPending operations under way at most; beyond it none begins
 */
public record WorkloadProfile(
    long meanGapNanos,
    int registers,
    double readShare,
    double strayShare,
    double pollShare,
    long lullNanos,
    double rushChance,
    double verifyChance,
    double burstChance,
    int burstCount,
    double largeChance,
    int largeBytes,
    long timeoutNanos,
    int maxPending) {}
