package dev.ostrakon.raft;

/** What a log entry is for. The codes are part of the log and wire formats and never change. */
public enum EntryKind {
  /** Appended by a new leader so that it can commit (Raft paper 8); changes no state. */
  NOOP(0),
  /** A command of the replicated state machine. */
  COMMAND(1),
  /** A new {@link Membership}. */
  MEMBERSHIP(2);

  private final int code;

  EntryKind(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** Returns the kind with this code, or throws {@link IllegalArgumentException}. */
  public static EntryKind fromCode(int code) {
    for (EntryKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new IllegalArgumentException("entry kind code expected in 0..2, was " + code);
  }
}
