package dev.ostrakon.simulation.workload;

import dev.ostrakon.raft.Bytes;

/**
 * What a read shows.
 *
 * @param version how many commands there have been on the register
 * @param ids the list, eight bytes for each id
 */
public record RegisterValue(long version, Bytes ids) {}
