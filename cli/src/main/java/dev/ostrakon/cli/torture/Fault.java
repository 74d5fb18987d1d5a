package dev.ostrakon.cli.torture;

/** What can be made to go wrong. */
public enum Fault {
  /** A process is killed without warning and started again. */
  KILL,

  /** A process stands still for a while. */
  PAUSE,

  /** Links between nodes are cut, in both directions or one, or slow. */
  PARTITION,

  /** A node's wall clock is wrong, by milliseconds to an hour. */
  CLOCK,

  /** Slots move between groups. */
  MOVE
}
