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
   * @param configuration the number of the configuration by which the coordinator cut it into
   *     fragments; 0 for a request that lies wholly inside the group
   * @param fingerprint of the whole transaction; see {@link Fingerprint}
   */
  record Waiting(
      HybridTimestamp proposal,
      HybridTimestamp timestamp,
      List<GroupId> participants,
      long configuration,
      int fingerprint)
      implements TxnStatus {
    /** Copies the list. */
    public Waiting {
      participants = List.copyOf(participants);
    }

    /** Of a body that is not known. */
    public Waiting(
        HybridTimestamp proposal,
        HybridTimestamp timestamp,
        List<GroupId> participants,
        long configuration) {
      this(proposal, timestamp, participants, configuration, Fingerprint.UNKNOWN);
    }

    /** Without a configuration. */
    public Waiting(
        HybridTimestamp proposal, HybridTimestamp timestamp, List<GroupId> participants) {
      this(proposal, timestamp, participants, 0);
    }
  }

  /**
   * It is ordered, and nothing that conflicts with it can come before it any more.
   *
   * @param timestamp the evaluation counts only if this is the final timestamp
   * @param participants as the coordinator named them when it was ordered
   * @param configuration the number of the configuration by which it was cut into fragments
   * @param fingerprint of the whole transaction; see {@link Fingerprint}
   */
  record Ready(
      HybridTimestamp proposal,
      HybridTimestamp timestamp,
      List<GroupId> participants,
      long configuration,
      int fingerprint,
      Evaluation evaluation)
      implements TxnStatus {
    /** Copies the list. */
    public Ready {
      participants = List.copyOf(participants);
    }

    /** Of a body that is not known. */
    public Ready(
        HybridTimestamp proposal,
        HybridTimestamp timestamp,
        List<GroupId> participants,
        long configuration,
        Evaluation evaluation) {
      this(proposal, timestamp, participants, configuration, Fingerprint.UNKNOWN, evaluation);
    }

    /** Without a configuration. */
    public Ready(
        HybridTimestamp proposal,
        HybridTimestamp timestamp,
        List<GroupId> participants,
        Evaluation evaluation) {
      this(proposal, timestamp, participants, 0, evaluation);
    }
  }

  /**
   * Its outcome is carried out here.
   *
   * @param timestamp its place in the order
   * @param participants as the coordinator named them when it was ordered; empty if only the memory
   *     of finished requests knows of it
   * @param configuration the number of the configuration by which it was cut into fragments; 0 if
   *     only the memory of finished requests knows of it
   * @param results of this participant's operations of the decided branch; empty if aborted
   */
  record Finished(
      HybridTimestamp timestamp,
      List<GroupId> participants,
      long configuration,
      TxnOutcome outcome,
      List<OperationResult> results)
      implements TxnStatus {
    /** Copies the lists. */
    public Finished {
      participants = List.copyOf(participants);
      results = List.copyOf(results);
    }

    /** Without a configuration. */
    public Finished(
        HybridTimestamp timestamp,
        List<GroupId> participants,
        TxnOutcome outcome,
        List<OperationResult> results) {
      this(timestamp, participants, 0, outcome, results);
    }
  }
}
