package dev.ostrakon.group;

import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnStatus;

/** What one command of an entry came to. */
public sealed interface CommandResult {
  /** A request was carried out or refused for good, now or earlier. */
  record Executed(RequestOutcome outcome) implements CommandResult {}

  /** A request waits for its turn; {@link ShardObserver#onExecuted} will tell. */
  record Queued() implements CommandResult {}

  /**
   * It was not done, and nothing is remembered of it: the same request may be done later, here or
   * elsewhere.
   */
  record Denied(Refusal refusal) implements CommandResult {}

  /** Where a transaction stands after its entry. */
  record Status(TxnStatus status) implements CommandResult {}

  /**
   * What a request that was asked for has come to, or that it is pending.
   *
   * @param isPart whether other groups took part, so that results are this group's only
   */
  record Settled(TxnStatus status, boolean isPart) implements CommandResult {}

  /** A request that was asked for is one that its client has acknowledged: nobody remembers it. */
  record Acknowledged() implements CommandResult {}

  /** Done; there is nothing to tell. */
  record Done() implements CommandResult {}

  /** The group cannot follow; nothing has changed. */
  record Rejected(String reason) implements CommandResult {}
}
