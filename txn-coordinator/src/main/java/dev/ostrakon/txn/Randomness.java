package dev.ostrakon.txn;

/** Where the jitter of pauses comes from. */
public interface Randomness {

  /** A number in {@code [0, bound)}; the bound is positive. */
  long below(long bound);
}
