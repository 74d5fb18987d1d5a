package dev.ostrakon.replica;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.ReplicaId;

/**
 * What became of a proposed command.
 *
 * @param <R> the state machine's result
 */
public sealed interface ProposalOutcome<R> {

  /** Committed and applied; {@code entry} is where. */
  record Applied<R>(EntryId entry, R result) implements ProposalOutcome<R> {}

  /** Definitely not committed: this replica does not lead. The hint may be nobody. */
  record NotLeader<R>(ReplicaId leaderHint) implements ProposalOutcome<R> {}

  /** Definitely not committed: the log takes no entry of this size. */
  record TooLarge<R>(int bytes, int bytesMax) implements ProposalOutcome<R> {}

  /** Definitely not committed: too much is waiting; come back later. */
  record Overloaded<R>() implements ProposalOutcome<R> {}

  /**
   * Perhaps committed, now or later: leadership was lost, the replica stopped, or the deadline
   * passed while the command was in the log. Only the state machine's memory of requests can tell.
   */
  record Unknown<R>() implements ProposalOutcome<R> {}
}
