package dev.ostrakon.model;

import dev.ostrakon.hlc.HybridTimestamp;

/** What one operation of a committed transaction gave. */
public sealed interface OperationResult {
  /** A write, or an add that did not ask for its sum. */
  record Done() implements OperationResult {}

  /** A read of a key without a value. */
  record Absent() implements OperationResult {}

  /**
   * What was read, or the sum of an add that asked for it.
   *
   * @param version the timestamp of the key's last write
   */
  record Present(Value value, HybridTimestamp version) implements OperationResult {}
}
