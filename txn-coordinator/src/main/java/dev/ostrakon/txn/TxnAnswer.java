package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;

/** What {@link Coordinators} say to a transaction or a read; each gets exactly one. */
public sealed interface TxnAnswer {
  /**
   * It ended for good: committed, or refused, which speaks of all sendings of this attempt. If
   * refused for {@code NOT_ORDERED} or {@code CLOCK_SKEW}, the next attempt may succeed, for {@code
   * CLOCK_SKEW} at another node. {@code WINDOW_PASSED} means that nobody can tell any more.
   */
  record Done(RequestOutcome outcome) implements TxnAnswer {}

  /**
   * It took effect, but with which results cannot be told any more: slots have moved since it was
   * carried out, or it was carried out under another attempt number.
   */
  record DoneUnread(HybridTimestamp timestamp, Branch branch) implements TxnAnswer {}

  /**
   * This sending had no effect, and the attempt is used up: the next one may succeed, as soon as
   * the groups have adopted the configuration. Speaks of this sending only: an earlier one of the
   * same attempt may have had an effect, which the next attempt then meets and tells.
   */
  record Displaced(Refusal refusal) implements TxnAnswer {}

  /** Not done, and nothing was logged by this call: the same attempt may be sent again. */
  record Denied(Refusal refusal) implements TxnAnswer {}

  /** Too much is going on here or at a participant; nothing was logged by this call. */
  record Overloaded(long retryAfterMillis) implements TxnAnswer {}

  /** The deadline passed, and nothing was logged by this call. */
  record DeadlineExceeded() implements TxnAnswer {}

  /**
   * The deadline passed, or coordinating was stopped, while it was underway: it may still be
   * committed or aborted. The same attempt, sent again, tells.
   */
  record Unknown() implements TxnAnswer {}
}
