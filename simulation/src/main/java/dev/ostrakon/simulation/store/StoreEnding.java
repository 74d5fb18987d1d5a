package dev.ostrakon.simulation.store;

import dev.ostrakon.checker.Status;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;

/** What a client knows in the end. */
sealed interface StoreEnding {

  /** The word of histories for it. */
  default Status status() {
    if (this instanceof Unknown) {
      return Status.UNKNOWN;
    }
    return this instanceof Refused || this instanceof NotExecuted ? Status.FAIL : Status.OK;
  }

  /** It took effect, with these results; fewer than operations if a page of a scan was short. */
  record Committed(RequestOutcome.Committed outcome) implements StoreEnding {}

  /** It took effect, and nobody tells with which results. */
  record Unread(Branch branch) implements StoreEnding {}

  /** It had no effect and never will. */
  record Refused(Refusal.Reason reason) implements StoreEnding {}

  /** It had no effect and never will: all who were asked have said so, and none has logged it. */
  record NotExecuted() implements StoreEnding {}

  /** It may have had an effect, or may still have one. */
  record Unknown() implements StoreEnding {}
}
