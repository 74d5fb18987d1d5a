package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.simulation.engine.SimulatedProcess;

/** May put something between replicas and their ports, or bend the core's rules: for mutants. */
public interface PortDecorator {

  /** Leaves everything as it is. */
  PortDecorator NONE = new PortDecorator() {};

  default RaftRules rules() {
    return RaftRules.STANDARD;
  }

  /** Whether nodes refuse a peer whose disk is not the one that they know. */
  default boolean refusesOtherDisks() {
    return true;
  }

  /**
   * Whether a log that is opened makes durable what it reads first, so that it never relies on what
   * only the page cache shows after a sync that failed.
   */
  default boolean copiesUnsyncedTail() {
    return true;
  }

  default LogStorage log(LogStorage real, SimulatedProcess process) {
    return real;
  }

  default StateStore state(StateStore real, SimulatedProcess process) {
    return real;
  }
}
