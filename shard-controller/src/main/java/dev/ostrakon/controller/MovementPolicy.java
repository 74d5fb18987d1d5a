package dev.ostrakon.controller;

/**
 * Whether slots may move between groups that serve them. Part of the replicated rules, so that all
 * replicas decide alike. The codes are part of the log format and never change.
 */
public enum MovementPolicy {
  /** Slots without an owner may be given to one; a slot that has one keeps it. */
  INITIAL_ONLY(1),
  /** Slots move between serving groups, and their data with them. */
  LIVE(2);

  private final int code;

  MovementPolicy(int code) {
    this.code = code;
  }

  /** The stable code of the case. */
  public int code() {
    return code;
  }
}
