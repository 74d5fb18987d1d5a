package dev.ostrakon.simulation.engine;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One checkpoint.
 *
 * @param metadata what it stands for
 * @param rows the state; nobody changes it any more
 */
public record StateImage(SnapshotMetadata metadata, NavigableMap<Bytes, Bytes> rows) {

  /** What a new disk holds. */
  public static final StateImage EMPTY =
      new StateImage(
          new SnapshotMetadata(EntryId.ZERO, Membership.EMPTY),
          Collections.unmodifiableNavigableMap(new TreeMap<>()));

  /** Roughly what the checkpoint takes on disk. */
  public long sizeBytes() {
    long size = 0;
    for (var row : rows.entrySet()) {
      size += row.getKey().size() + row.getValue().size();
    }
    return size;
  }
}
