package dev.ostrakon.client;

import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Value;

/**
 * The steps of transactions, for static import: {@code add("alice", -100)}. Steps run in order and
 * see the earlier ones. Every method throws {@link IllegalArgumentException} for an empty key.
 */
public final class Operations {
  private Operations() {}

  /** Reads the value and its version. */
  public static Operation get(String key) {
    return new Operation.Get(Key.utf8(key));
  }

  /** Reads the value and its version. */
  public static Operation get(byte[] key) {
    return new Operation.Get(key(key));
  }

  /** Sets the value. */
  public static Operation put(String key, String value) {
    return new Operation.Put(Key.utf8(key), Value.utf8(value));
  }

  /** Sets the value. */
  public static Operation put(byte[] key, byte[] value) {
    return new Operation.Put(key(key), value(value));
  }

  /** Adds to the end of the value; the same as put if there is none. */
  public static Operation append(String key, String value) {
    return new Operation.Append(Key.utf8(key), Value.utf8(value));
  }

  /** Adds to the end of the value; the same as put if there is none. */
  public static Operation append(byte[] key, byte[] value) {
    return new Operation.Append(key(key), value(value));
  }

  /** Removes the key; nothing happens if it is missing. */
  public static Operation delete(String key) {
    return new Operation.Delete(Key.utf8(key));
  }

  /** Removes the key; nothing happens if it is missing. */
  public static Operation delete(byte[] key) {
    return new Operation.Delete(key(key));
  }

  /**
   * Adds to a number without asking for the sum, so that adds to the same key do not wait for each
   * other. A missing key counts as 0; a value that is no number, or an overflow, refuses the whole
   * transaction with {@link TransactionRefusedException}.
   */
  public static Operation add(String key, long delta) {
    return new Operation.Add(Key.utf8(key), delta, false);
  }

  /** As {@link #add(String, long)}. */
  public static Operation add(byte[] key, long delta) {
    return new Operation.Add(key(key), delta, false);
  }

  /** As {@link #add(String, long)}, but its result is the sum. */
  public static Operation addAndGet(String key, long delta) {
    return new Operation.Add(Key.utf8(key), delta, true);
  }

  /** As {@link #addAndGet(String, long)}. */
  public static Operation addAndGet(byte[] key, long delta) {
    return new Operation.Add(key(key), delta, true);
  }

  static Key key(byte[] key) {
    return new Key(ByteString.copyOf(key));
  }

  static Value value(byte[] value) {
    return new Value(ByteString.copyOf(value));
  }
}
