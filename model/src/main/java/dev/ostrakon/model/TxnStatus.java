package dev.ostrakon.model;

import dev.ostrakon.hlc.HybridTimestamp;
import java.util.List;

/**
 * What one participant's log holds about one attempt at a transaction. Outcomes are functions of
 * the participants' statuses, so whoever asks decides the same.
 */
public sealed interface TxnStatus {
  /** The participant has never heard of it; it still may. */
  record Unknown() implements TxnStatus {}

  /** It is refused for good under this id. */
  record Refused(Refusal refusal) implements TxnStatus {}

  /**
   * It is ordered, and something before it is not carried out yet.
   *
   * @param proposal the timestamp at which the participant first logged it
   * @param timestamp the timestamp at which it stands now; above the proposal once finalised
   * @param participants as the coordinator named them when it was ordered; empty for a request that
   *     lies wholly inside the group
   */
  record Waiting(HybridTimestamp proposal, HybridTimestamp timestamp, List<GroupId> participants)
      implements TxnStatus {
    /** Copies the list. */
    public Waiting {
      participants = List.copyOf(participants);
    }
  }

  /**
   * It is ordered, and nothing that conflicts with it can come before it any more.
   *
   * @param timestamp the evaluation counts only if this is the final timestamp
   * @param participants as the coordinator named them when it was ordered
   */
  record Ready(
      HybridTimestamp proposal,
      HybridTimestamp timestamp,
      List<GroupId> participants,
      Evaluation evaluation)
      implements TxnStatus {
    /** Copies the list. */
    public Ready {
      participants = List.copyOf(participants);
    }
  }

  /**
   * Its outcome is carried out here.
   *
   * @param timestamp its place in the order
   * @param results of this participant's operations of the decided branch; empty if aborted
   */
  record Finished(
      HybridTimestamp timestamp,
      List<GroupId> participants,
      TxnOutcome outcome,
      List<OperationResult> results)
      implements TxnStatus {
    /** Copies the lists. */
    public Finished {
      participants = List.copyOf(participants);
      results = List.copyOf(results);
    }
  }
}
