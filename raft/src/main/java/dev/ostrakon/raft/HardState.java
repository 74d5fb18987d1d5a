package dev.ostrakon.raft;

/**
 * What a replica must find again after a crash besides its log (Raft paper, figure 2).
 *
 * @param term the latest term seen, from 0
 * @param votedFor the candidate that got this replica's vote in {@code term}, or {@link
 *     ReplicaId#NONE}
 * @param commitIndex a lower bound of the commit index; only speeds a restart up, so it is written
 *     along with other things and never on its own account
 */
public record HardState(long term, ReplicaId votedFor, long commitIndex) {

  /** The state of a replica that has never run. */
  public static final HardState INITIAL = new HardState(0, ReplicaId.NONE, 0);

  @Override
  public String toString() {
    return "term=" + term + " votedFor=" + votedFor + " commit=" + commitIndex;
  }
}
