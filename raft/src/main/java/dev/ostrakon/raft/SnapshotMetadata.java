package dev.ostrakon.raft;

/**
 * What a snapshot or a checkpoint stands for (Raft paper 7).
 *
 * @param lastIncluded the last entry whose effect the state contains
 * @param membership the membership in force at that entry
 */
public record SnapshotMetadata(EntryId lastIncluded, Membership membership) {

  public long index() {
    return lastIncluded.index();
  }

  @Override
  public String toString() {
    return lastIncluded + " " + membership;
  }
}
