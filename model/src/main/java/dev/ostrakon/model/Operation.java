package dev.ostrakon.model;

/** One step of a transaction. Steps run in order and see the earlier ones. */
public sealed interface Operation {
  /** The key touched. */
  Key key();

  /** The case, for exhaustive switches. */
  Kind kind();

  /** The cases. The codes are part of the log format and never change. */
  enum Kind {
    GET(1),
    PUT(2),
    APPEND(3),
    DELETE(4),
    ADD(5);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The stable code of the case. */
    public int code() {
      return code;
    }
  }

  /** Reads the value and its version. */
  record Get(Key key) implements Operation {
    @Override
    public Kind kind() {
      return Kind.GET;
    }
  }

  /** Sets the value. */
  record Put(Key key, Value value) implements Operation {
    @Override
    public Kind kind() {
      return Kind.PUT;
    }
  }

  /** Adds to the end of the value; the same as {@link Put} if there is none. */
  record Append(Key key, Value value) implements Operation {
    @Override
    public Kind kind() {
      return Kind.APPEND;
    }
  }

  /** Removes the key; nothing happens if it is missing. */
  record Delete(Key key) implements Operation {
    @Override
    public Kind kind() {
      return Kind.DELETE;
    }
  }

  /**
   * Adds to a number, where a missing key counts as 0. An overflow, or a value that is no number,
   * refuses the whole transaction.
   *
   * @param delta what is added
   * @param wantsValue whether the sum is asked for; if not, adds to the same key commute and do not
   *     wait for each other
   */
  record Add(Key key, long delta, boolean wantsValue) implements Operation {
    @Override
    public Kind kind() {
      return Kind.ADD;
    }
  }
}
