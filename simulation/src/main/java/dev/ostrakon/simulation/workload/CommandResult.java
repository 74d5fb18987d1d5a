package dev.ostrakon.simulation.workload;

/**
 * What a command came to.
 *
 * @param version of its register after it
 * @param chain hash over all commands that the machine ever applied
 */
public record CommandResult(long version, long chain) {}
