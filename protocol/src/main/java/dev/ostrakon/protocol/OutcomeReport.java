package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.RequestOutcome;

/** What became of a request. */
public sealed interface OutcomeReport {
  /** It took effect. */
  record Committed(RequestOutcome.Committed committed) implements OutcomeReport {}

  /** It took effect, but nobody knows all its results any more. */
  record ResultsLost(HybridTimestamp timestamp, Branch branch) implements OutcomeReport {}

  /** It was refused for a reason of its own: it had no effect and never will. */
  record Refused(ServiceError reason) implements OutcomeReport {}

  /** Nobody had heard of it, and it is refused from now on: no effect, ever. */
  record NeverExecuted() implements OutcomeReport {}

  /**
   * The group has not heard of it and refuses it from now on; the question did not say when it was
   * first sent. Within the window it had no effect; if earlier, nobody can tell any more.
   */
  record NotHeardOf() implements OutcomeReport {}

  /** Its client has acknowledged it: no effect from now on, and nobody remembers what it was. */
  record Acknowledged() implements OutcomeReport {}

  /** So much time has passed that nobody can tell any more. */
  record Forgotten() implements OutcomeReport {}
}
