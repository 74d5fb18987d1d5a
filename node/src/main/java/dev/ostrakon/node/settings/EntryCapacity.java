package dev.ostrakon.node.settings;

import dev.ostrakon.group.ShardFrontConfig;
import dev.ostrakon.model.Limits;
import dev.ostrakon.storage.StorageConfig;

/**
 * What the files of logs and states can carry: an entry or a row that does not fit into a file
 * could be committed and then never be written, and no replica of its group would start again.
 */
public final class EntryCapacity {

  /** What an operation takes in an entry beside its key and value, at most. */
  private static final int OPERATION_BYTES = 40;

  /** What a command takes beside its operations: ids, timestamps, groups, acknowledgements. */
  private static final int COMMAND_BYTES = 128 << 10; // 128 KiB

  /** What a row of a value takes beside key and value. */
  private static final int ROW_BYTES = 64;

  private EntryCapacity() {}

  /** The largest entry that these limits allow: one that was almost full, and a transaction. */
  static long entryBytesMost(Limits limits) {
    return fixedBytes(limits) + limits.txnBytesMax();
  }

  /** The largest {@code txn-bytes-max} whose transactions fit into an entry. */
  static long txnBytesMost(Limits limits) {
    return StorageConfig.DEFAULTS.entryBytesMax() - fixedBytes(limits);
  }

  private static long fixedBytes(Limits limits) {
    return ShardFrontConfig.DEFAULTS.batchBytesMax()
        + COMMAND_BYTES
        + (long) limits.txnOperationsMax() * OPERATION_BYTES;
  }

  /** The largest row of a value that these limits allow. */
  public static long rowBytesMost(Limits limits) {
    return (long) limits.keyBytesMax() + limits.valueBytesMax() + ROW_BYTES;
  }
}
