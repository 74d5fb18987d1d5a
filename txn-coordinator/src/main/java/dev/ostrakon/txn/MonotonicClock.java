package dev.ostrakon.txn;

/** Time for deadlines and pauses; no outcome depends on it. */
public interface MonotonicClock {

  /** Nanoseconds with an arbitrary origin; never goes back. */
  long nowNanos();
}
