package dev.ostrakon.txn;

import dev.ostrakon.model.Refusal;

/** What a {@link Drive} tells whoever waits for it. */
sealed interface Told {
  /** The outcome, or that it is not known in time. */
  record Reported(TxnReport report) implements Told {}

  /** Nothing was logged and nothing will be. */
  record Denied(Refusal refusal) implements Told {}

  /**
   * Time is over, and nothing was logged.
   *
   * @param overloadedMillis if a participant was too busy, when to come back; else 0
   */
  record Untouched(long overloadedMillis) implements Told {}
}
