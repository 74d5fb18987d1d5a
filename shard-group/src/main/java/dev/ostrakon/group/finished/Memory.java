package dev.ostrakon.group.finished;

import dev.ostrakon.model.RequestOutcome;

/** What is known of a request. */
public sealed interface Memory {
  /** Nothing: it may be carried out. */
  record Unheard() implements Memory {}

  /**
   * It came to this.
   *
   * @param isPart whether other groups took part, so that the results are this group's only
   */
  record Remembered(RequestOutcome outcome, boolean isPart) implements Memory {
    /** Of a request that lay wholly inside the group. */
    public Remembered(RequestOutcome outcome) {
      this(outcome, false);
    }
  }

  /** The client has declared that it does not need the answer any more. */
  record Settled() implements Memory {}
}
