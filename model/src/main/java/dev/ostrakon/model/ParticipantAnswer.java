package dev.ostrakon.model;

import java.util.Optional;

/** What a participant's leader, or the way to it, says to a {@link ParticipantCall}. */
public sealed interface ParticipantAnswer {
  /** Where the transaction stands, by the participant's log. */
  record Status(TxnStatus status) implements ParticipantAnswer {}

  /** What a fragment that only reads gives. */
  record Seen(Evaluation evaluation) implements ParticipantAnswer {}

  /** Done; there is nothing to tell. */
  record Done() implements ParticipantAnswer {}

  /** Not done, and nothing is remembered of it. */
  record Denied(Refusal refusal) implements ParticipantAnswer {}

  /**
   * Whoever was asked does not lead the group: nothing was logged by this sending.
   *
   * @param leader where to go, if known
   */
  record NotLeader(Optional<NodeId> leader) implements ParticipantAnswer {}

  /** Too much is waiting there: nothing was logged by this sending. */
  record Overloaded(long retryAfterMillis) implements ParticipantAnswer {}

  /** No answer came: it may be logged or not. */
  record Lost() implements ParticipantAnswer {}
}
