package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;

/**
 * Looks at the rows of a snapshot while it arrives, so that one which no state machine has written
 * is turned away before it takes the place of a state that is good.
 */
public interface SnapshotCheck {
  /** Takes every row. */
  SnapshotCheck NONE = (key, value) -> {};

  /**
   * The next row, keys ascending.
   *
   * @throws StorageException if the state machine could not read it back
   */
  void row(Bytes key, Bytes value);

  /**
   * There are no more rows.
   *
   * @throws StorageException if something is missing without which the state cannot be read back
   */
  default void end() {}
}
