package dev.ostrakon.simulation.report;

/** What is simulated. */
public enum SimulationKind {
  /** Groups of replicas with a small state machine: Raft, and what is around it. */
  RAFT(""),
  /** Shard groups, coordinators and clients of the store. */
  STORE(" --kind store");

  private final String option;

  SimulationKind(String option) {
    this.option = option;
  }

  /** What the command that replays a seed needs besides the seed. */
  String option() {
    return option;
  }
}
