package dev.ostrakon.controller;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.SnapshotCheck;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;

/** Reads the rows of a snapshot as {@link StateReader} will; all but the configurations are few. */
final class StateCheck implements SnapshotCheck {
  private static final int CONFIGURATION = 4;

  private final List<Row> small = new ArrayList<>();

  @Override
  public void row(Bytes key, Bytes value) {
    if (key.compareTo(StateRows.CONFIGURATIONS_START) < 0) {
      small.add(new Row(key, value));
    } else if (key.at(0) != CONFIGURATION) {
      throw new StorageException(
          StorageException.Reason.CORRUPT, "a row of the controller is of no known kind");
    }
  }

  @Override
  public void end() {
    try {
      var unused = StateReader.decode(small);
    } catch (UnreadableBytesException e) {
      throw RowRange.failureOf(e);
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          StorageException.Reason.CORRUPT, "the controller's state cannot be read", e);
    }
  }
}
