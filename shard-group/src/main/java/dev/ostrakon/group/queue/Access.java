package dev.ostrakon.group.queue;

/** How a transaction touches a key. The codes are part of the state's format. */
public enum Access {
  /** It looks at the value and leaves it as it is. */
  READ(1),
  /** It adds to the number without asking for it; adds commute. */
  ADD(2),
  /** Everything else. */
  WRITE(3);

  private final int code;

  Access(int code) {
    this.code = code;
  }

  /** The stable code of the case. */
  public int code() {
    return code;
  }

  /** Two accesses of one key conflict, unless both only read it or both only add to it. */
  public boolean conflictsWith(Access other) {
    return this == WRITE || this != other;
  }

  /** What one transaction does that does both. */
  public Access and(Access other) {
    return this == other ? this : WRITE;
  }
}
