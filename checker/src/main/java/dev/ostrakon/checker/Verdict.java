package dev.ostrakon.checker;

/** What a checker says of a history. */
public enum Verdict {
  /** Proven to be what a correct store could have shown. */
  VALID,

  /** Proven to be what no correct store could have shown. */
  INVALID,

  /** The budget ran out before either was proven; not a pass. */
  UNDECIDED
}
