package dev.ostrakon.group;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.SnapshotCheck;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;

/** Reads each row of a snapshot as {@link StateLoader} will, and keeps nothing of it. */
final class StateCheck implements SnapshotCheck {
  private final GroupId group;
  private final StateStore store;
  private final LongRows rows = new LongRows();
  private boolean hasMeta;

  StateCheck(GroupId group, StateStore store) {
    this.group = group;
    this.store = store;
  }

  @Override
  public void row(Bytes key, Bytes value) {
    if (StateRows.isOfGroup(key)) {
      rows.read(new StateStore.Row(key, value), this::read);
    } else if (StateRows.isValue(key)) {
      StoredValue.decode(value);
    } else {
      throw corrupt("a row is neither of the group nor of a slot");
    }
  }

  private void read(StateStore.Row whole) {
    hasMeta |= whole.key().equals(StateRows.META);
    StatePersistence.read(new ShardState(group, new ShardData(store), GroupRules.STANDARD), whole);
  }

  @Override
  public void end() {
    rows.endReading(this::read);
    if (!hasMeta) {
      throw corrupt("the row with the group's clock and settings is missing");
    }
  }

  private static StorageException corrupt(String problem) {
    return new StorageException(StorageException.Reason.CORRUPT, problem);
  }
}
