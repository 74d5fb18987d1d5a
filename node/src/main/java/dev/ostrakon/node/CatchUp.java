package dev.ostrakon.node;

import dev.ostrakon.raft.RaftStatus;

/**
 * Whether a restarted replica has applied again what it had: all that its log held when a leader
 * was first known, or what that leader left of it. What comes later does not count.
 */
final class CatchUp {
  private static final long UNKNOWN = -1;

  /** Where the log ended when a leader was first known. */
  private long target = UNKNOWN;

  boolean isDone(RaftStatus status) {
    if (target == UNKNOWN && !status.leader().isNone()) {
      target = status.lastIndex();
    }
    return target != UNKNOWN && status.appliedIndex() >= Math.min(target, status.lastIndex());
  }
}
