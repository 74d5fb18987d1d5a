package dev.ostrakon.model;

/**
 * What one request may ask for.
 *
 * @param keyBytesMax size of a key
 * @param valueBytesMax size of a value, also of one that appends made
 * @param txnKeysMax different keys of a transaction
 * @param txnBytesMax size of all keys and values of a transaction
 * @param txnOperationsMax conditions and operations of a transaction, those of both branches
 */
public record Limits(
    int keyBytesMax, int valueBytesMax, int txnKeysMax, int txnBytesMax, int txnOperationsMax) {
  /**
   * What a transaction may have of conditions and operations unless it is said: a few milliseconds
   * of an event loop.
   */
  public static final int TXN_OPERATIONS_MAX = 10_000;

  /** 1 KiB, 1 MiB, 1,024 keys, 4 MiB, 10,000 operations. */
  public static final Limits DEFAULTS = new Limits(1 << 10, 1 << 20, 1024, 4 << 20);

  /** With {@link #TXN_OPERATIONS_MAX}. */
  public Limits(int keyBytesMax, int valueBytesMax, int txnKeysMax, int txnBytesMax) {
    this(keyBytesMax, valueBytesMax, txnKeysMax, txnBytesMax, TXN_OPERATIONS_MAX);
  }

  /** Requires positive limits. */
  public Limits {
    if (keyBytesMax < 1
        || valueBytesMax < 1
        || txnKeysMax < 1
        || txnBytesMax < 1
        || txnOperationsMax < 1) {
      throw new IllegalArgumentException(
          "limits are positive, were keyBytesMax="
              + keyBytesMax
              + " valueBytesMax="
              + valueBytesMax
              + " txnKeysMax="
              + txnKeysMax
              + " txnBytesMax="
              + txnBytesMax
              + " txnOperationsMax="
              + txnOperationsMax);
    }
  }
}
