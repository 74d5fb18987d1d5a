package dev.ostrakon.protocol;

import dev.ostrakon.model.RequestOutcome;

/** What a node says to a {@link KvCall}. */
public sealed interface KvAnswer {
  /** To what was executed or read. */
  record Done(RequestOutcome.Committed committed) implements KvAnswer {}

  /** It was not done, or is not known to be. */
  record Failed(ServiceError error) implements KvAnswer {}

  /** To a scan. */
  record Page(ScanPage page) implements KvAnswer {}

  /** To a question for an outcome. */
  record Report(OutcomeReport report) implements KvAnswer {}

  /** The answer that tells an outcome. */
  static KvAnswer of(RequestOutcome outcome) {
    if (outcome instanceof RequestOutcome.Committed committed) {
      return new Done(committed);
    }
    return new Failed(ErrorCodec.fromRefusal(((RequestOutcome.Refused) outcome).refusal()));
  }
}
