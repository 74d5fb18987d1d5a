package dev.ostrakon.simulation.fault;

/** A kind of fault that happens again and again. */
public enum Disturbance {
  /** A random node crashes and comes back. */
  CRASH_ONE,
  /** The node of a leader crashes and comes back. */
  CRASH_LEADER,
  /** The power goes: all nodes crash at once and come back one by one. */
  CRASH_ALL,
  /** A random process stands still for a while. */
  FREEZE_ONE,
  /** The process of a leader stands still for a while. */
  FREEZE_LEADER,
  /** The nodes fall into two halves. */
  SPLIT,
  /** A leader's node is cut off, both ways. */
  ISOLATE_LEADER,
  /**
   * The links of a leader's node are cut one after the other: who lost it first wants to succeed it
   * while the others still count on it, and then nobody hears from it. Those others may crash
   * briefly, too.
   */
  ISOLATE_LEADER_STEPWISE,
  /** Two leaders fall in turn, each with entries of its own, as in the Raft paper's figure 8. */
  FIGURE_EIGHT,
  /** A leader's clock becomes slow and all others fast, and then the leader is cut off. */
  OUTRUN_LEADER,
  /**
   * What a leader's node is sent takes longer and longer, and then it is muted or frozen: answers
   * to what it asked long ago still arrive while others have elected a successor.
   */
  LATE_ANSWERS,
  /** A random node is cut off, both ways. */
  ISOLATE_ONE,
  /** Nothing reaches a random node any more, or nothing leaves it. */
  DEAFEN_OR_MUTE,
  /** Nothing reaches a leader any more, or nothing leaves it. */
  DEAFEN_OR_MUTE_LEADER,
  /** A link comes and goes. */
  FLAP,
  /** A node's links become slow. */
  SLOW_LINKS,
  /** A disk hangs. */
  STALL_DISK,
  /** A disk fails; the node restarts with a new controller and the same platters. */
  BREAK_DISK,
  /** The clocks change their rates. */
  DRIFT,
  /** A leader is asked to hand over. */
  TRANSFER,
  /** The network becomes worse or better. */
  WEATHER,
  /**
   * A node comes back with a disk that holds nothing, or what its own held earlier; once in a run,
   * and only where every group can do without it for good.
   */
  REPLACE_DISK,
  /** A leader's disk hangs for much longer than an election takes, or that of any node does. */
  HANG_DISK,
  /** A replica is told what no correct replica says. */
  FORGE
}
