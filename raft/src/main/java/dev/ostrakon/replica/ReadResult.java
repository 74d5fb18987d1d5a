package dev.ostrakon.replica;

/** Whether a linearizable read may be served now. */
public enum ReadResult {
  /** The state machine contains everything that was acknowledged before the read was asked for. */
  READY,
  /** No leader could confirm it, or too many reads wait: ask another replica or again. */
  DROPPED,
  /** The deadline passed. */
  TIMED_OUT,
  /** The replica stopped. */
  STOPPED
}
