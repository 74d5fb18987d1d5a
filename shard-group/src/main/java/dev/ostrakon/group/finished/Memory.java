package dev.ostrakon.group.finished;

import dev.ostrakon.model.RequestOutcome;

/** What is known of a request. */
public sealed interface Memory {
  /** Nothing: it may be carried out. */
  record Unheard() implements Memory {}

  /** It came to this. */
  record Remembered(RequestOutcome outcome) implements Memory {}

  /** The client has declared that it does not need the answer any more. */
  record Settled() implements Memory {}
}
