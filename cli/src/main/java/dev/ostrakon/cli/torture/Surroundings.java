package dev.ostrakon.cli.torture;

/** What happens to the nodes of a run, and who looks after them. */
record Surroundings(Faults faults, Watch watch) {
  /** Nodes that are left alone. */
  static final Surroundings QUIET = new Surroundings(Faults.NONE, Watch.NONE);
}
