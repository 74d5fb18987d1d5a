package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.TxnOutcome;
import java.util.List;

/** What the statuses of the participants amount to. */
sealed interface Verdict {
  /** Not all have proposed. */
  record Unproposed() implements Verdict {}

  /**
   * All have proposed, and not all are ready at the final timestamp.
   *
   * @param timestamp the final timestamp
   */
  record Proposed(HybridTimestamp timestamp) implements Verdict {}

  /**
   * Decided.
   *
   * @param timestamp the final timestamp; of no meaning if aborted
   */
  record Decided(HybridTimestamp timestamp, TxnOutcome outcome) implements Verdict {}

  /**
   * A participant takes part under the same id with other participants: those decide, and under
   * these it is aborted for good.
   */
  record Elsewhere(List<GroupId> participants) implements Verdict {
    /** Copies the list. */
    public Elsewhere {
      participants = List.copyOf(participants);
    }
  }

  /**
   * It ended under this or another attempt number before its slots moved, as the memory of finished
   * requests says; what was ordered here and now is aborted for good.
   */
  record Remembered(HybridTimestamp timestamp, TxnOutcome outcome) implements Verdict {}
}
