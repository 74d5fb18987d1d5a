package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Value;

/**
 * What must hold before a transaction, for static import: {@code value("alice").atLeast(100)}.
 * Conditions see the state before all operations of their transaction. Every method throws {@link
 * IllegalArgumentException} for an empty key.
 */
public final class Conditions {
  private Conditions() {}

  /** The key has a value. */
  public static Condition exists(String key) {
    return new Condition.Exists(Key.utf8(key));
  }

  /** The key has a value. */
  public static Condition exists(byte[] key) {
    return new Condition.Exists(new Key(ByteString.copyOf(key)));
  }

  /** The key has no value. */
  public static Condition missing(String key) {
    return new Condition.Missing(Key.utf8(key));
  }

  /** The key has no value. */
  public static Condition missing(byte[] key) {
    return new Condition.Missing(new Key(ByteString.copyOf(key)));
  }

  /**
   * The key was last written at exactly this moment; {@link HybridTimestamp#ZERO} stands for a key
   * without a value.
   */
  public static Condition version(String key, HybridTimestamp version) {
    return new Condition.VersionIs(Key.utf8(key), version);
  }

  /**
   * The key was last written at exactly this moment; {@link HybridTimestamp#ZERO} stands for a key
   * without a value.
   */
  public static Condition version(byte[] key, HybridTimestamp version) {
    return new Condition.VersionIs(new Key(ByteString.copyOf(key)), version);
  }

  /** Begins a condition on a key's value. */
  public static OnValue value(String key) {
    return new OnValue(Key.utf8(key));
  }

  /** Begins a condition on a key's value. */
  public static OnValue value(byte[] key) {
    return new OnValue(new Key(ByteString.copyOf(key)));
  }

  /**
   * The ends of a condition on a value. Those that compare numbers do not hold for a missing key or
   * for a value that is no signed 64-bit number in decimal.
   */
  public static final class OnValue {
    private final Key key;

    private OnValue(Key key) {
      this.key = key;
    }

    /** The key has exactly this value. */
    public Condition is(String value) {
      return new Condition.ValueIs(key, Value.utf8(value));
    }

    /** The key has exactly this value. */
    public Condition is(byte[] value) {
      return new Condition.ValueIs(key, new Value(ByteString.copyOf(value)));
    }

    /** The key has another value, or none. */
    public Condition isNot(String value) {
      return new Condition.ValueIsNot(key, Value.utf8(value));
    }

    /** The key has another value, or none. */
    public Condition isNot(byte[] value) {
      return new Condition.ValueIsNot(key, new Value(ByteString.copyOf(value)));
    }

    /** The value is this number. */
    public Condition equalTo(long number) {
      return compared(Condition.Comparison.EQUAL, number);
    }

    /** The value is another number. */
    public Condition notEqualTo(long number) {
      return compared(Condition.Comparison.NOT_EQUAL, number);
    }

    /** The value is a number below this one. */
    public Condition lessThan(long number) {
      return compared(Condition.Comparison.LESS, number);
    }

    /** The value is this number or one below. */
    public Condition atMost(long number) {
      return compared(Condition.Comparison.LESS_OR_EQUAL, number);
    }

    /** The value is a number above this one. */
    public Condition greaterThan(long number) {
      return compared(Condition.Comparison.GREATER, number);
    }

    /** The value is this number or one above. */
    public Condition atLeast(long number) {
      return compared(Condition.Comparison.GREATER_OR_EQUAL, number);
    }

    private Condition compared(Condition.Comparison comparison, long number) {
      return new Condition.NumberIs(key, comparison, number);
    }
  }
}
