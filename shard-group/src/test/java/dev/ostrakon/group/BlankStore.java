package dev.ostrakon.group;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StateStore;
import java.util.Collection;
import java.util.List;

/**
 * A store that keeps nothing and knows that nothing is there, so that whatever takes memory or time
 * is somebody else's. Counts what it is given.
 */
final class BlankStore implements StateStore {
  private int ownRows;
  private long ownBytes;
  private int deletedRows;

  /** Counts from zero again. */
  void forget() {
    ownRows = 0;
    ownBytes = 0;
    deletedRows = 0;
  }

  /** Rows that were written and are not values of keys. */
  int ownRows() {
    return ownRows;
  }

  long ownBytes() {
    return ownBytes;
  }

  int deletedRows() {
    return deletedRows;
  }

  @Override
  public SnapshotMetadata recover() {
    return new SnapshotMetadata(EntryId.ZERO, Membership.EMPTY);
  }

  @Override
  public Lookup lookup(Bytes key) {
    return Lookup.ABSENT;
  }

  @Override
  public void load(Collection<Bytes> keys, Callback<Void> callback) {
    throw new AssertionError("nothing is on the disk");
  }

  @Override
  public void put(Bytes key, Bytes value) {
    if (key.compareTo(StateRows.GROUP_END) < 0) {
      ownRows++;
      ownBytes += key.size() + value.size();
    }
  }

  @Override
  public void delete(Bytes key) {
    deletedRows++;
  }

  @Override
  public void scan(ScanRequest request, Callback<ScanPage> callback) {
    callback.succeeded(new ScanPage(List.of(), Bytes.EMPTY));
  }

  @Override
  public long overlayBytes() {
    return 0;
  }

  @Override
  public void checkpoint(SnapshotMetadata at, Callback<Void> callback) {
    throw new AssertionError("there is nothing to write");
  }

  @Override
  public void openSnapshot(Callback<SnapshotReader> callback) {
    throw new AssertionError("there is nothing to send");
  }

  @Override
  public void beginInstall(SnapshotMetadata metadata, Callback<SnapshotWriter> callback) {
    throw new AssertionError("there is nowhere to keep it");
  }
}
