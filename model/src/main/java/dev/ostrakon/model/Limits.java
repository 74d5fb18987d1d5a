package dev.ostrakon.model;

/**
 * What one request may ask for.
 *
 * @param keyBytesMax size of a key
 * @param valueBytesMax size of a value, also of one that appends made
 * @param txnKeysMax different keys of a transaction
 * @param txnBytesMax size of all keys and values of a transaction
 */
public record Limits(int keyBytesMax, int valueBytesMax, int txnKeysMax, int txnBytesMax) {
  /** 1 KiB, 1 MiB, 1,024 keys, 4 MiB. */
  public static final Limits DEFAULTS = new Limits(1 << 10, 1 << 20, 1024, 4 << 20);

  /** Requires positive limits. */
  public Limits {
    if (keyBytesMax < 1 || valueBytesMax < 1 || txnKeysMax < 1 || txnBytesMax < 1) {
      throw new IllegalArgumentException(
          "limits are positive, were keyBytesMax="
              + keyBytesMax
              + " valueBytesMax="
              + valueBytesMax
              + " txnKeysMax="
              + txnKeysMax
              + " txnBytesMax="
              + txnBytesMax);
    }
  }
}
