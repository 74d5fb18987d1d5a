package dev.ostrakon.checker;

/** What a client knows of an operation once it has ended, or the history has. */
public enum Status {
  /** Applied exactly once between call and return, with the output that was told. */
  OK,

  /** Definitely never applied. */
  FAIL,

  /** Applied once at any time after the call, or never. */
  UNKNOWN
}
