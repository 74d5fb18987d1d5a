package dev.ostrakon.simulation.workload;

import dev.ostrakon.simulation.engine.SimulatedProcess;

/**
 * One command or read of a client, under way.
 *
 * @param id unique in the run; that of the command, if it is one
 * @param process of the node that was asked; the operation ends with it
 * @param versionBefore the least version that a read must show and a command must exceed: what was
 *     known of the register to anybody when the operation began
 */
record Operation(
    long id, int group, int register, SimulatedProcess process, int node, long versionBefore) {
  @Override
  public String toString() {
    return "operation " + id + " on g" + group + " r" + register + " at node " + node;
  }
}
