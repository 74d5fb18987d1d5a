package dev.ostrakon.model;

import dev.ostrakon.hlc.HybridTimestamp;

/** Something that must hold before a transaction; it sees the state before all its operations. */
public sealed interface Condition {
  /** The key looked at. */
  Key key();

  /** The case, for exhaustive switches. */
  Kind kind();

  /** The cases. The codes are part of the log format and never change. */
  enum Kind {
    EXISTS(1),
    MISSING(2),
    VALUE_IS(3),
    VALUE_IS_NOT(4),
    NUMBER_IS(5),
    VERSION_IS(6);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The stable code of the case. */
    public int code() {
      return code;
    }
  }

  /** The key has a value. */
  record Exists(Key key) implements Condition {
    @Override
    public Kind kind() {
      return Kind.EXISTS;
    }
  }

  /** The key has no value. */
  record Missing(Key key) implements Condition {
    @Override
    public Kind kind() {
      return Kind.MISSING;
    }
  }

  /** The key has exactly this value. */
  record ValueIs(Key key, Value value) implements Condition {
    @Override
    public Kind kind() {
      return Kind.VALUE_IS;
    }
  }

  /** The key has another value or none. */
  record ValueIsNot(Key key, Value value) implements Condition {
    @Override
    public Kind kind() {
      return Kind.VALUE_IS_NOT;
    }
  }

  /**
   * The value is a number that compares so to the bound. A missing key or no number: does not hold.
   */
  record NumberIs(Key key, Comparison comparison, long bound) implements Condition {
    @Override
    public Kind kind() {
      return Kind.NUMBER_IS;
    }
  }

  /**
   * The key was last written at exactly this timestamp. {@link HybridTimestamp#ZERO} stands for a
   * key that has no value.
   */
  record VersionIs(Key key, HybridTimestamp version) implements Condition {
    @Override
    public Kind kind() {
      return Kind.VERSION_IS;
    }
  }

  /** How a number compares to a bound. The codes are part of the log format and never change. */
  enum Comparison {
    LESS(1),
    LESS_OR_EQUAL(2),
    EQUAL(3),
    NOT_EQUAL(4),
    GREATER_OR_EQUAL(5),
    GREATER(6);

    private final int code;

    Comparison(int code) {
      this.code = code;
    }

    /** The stable code of the case. */
    public int code() {
      return code;
    }

    /** Whether {@code number} compares so to {@code bound}. */
    public boolean holds(long number, long bound) {
      return switch (this) {
        case LESS -> number < bound;
        case LESS_OR_EQUAL -> number <= bound;
        case EQUAL -> number == bound;
        case NOT_EQUAL -> number != bound;
        case GREATER_OR_EQUAL -> number >= bound;
        case GREATER -> number > bound;
      };
    }
  }
}
