package dev.ostrakon.group;

import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;

/** What a group's log holds about a request, told as a report. */
final class Reports {
  private Reports() {}

  static RequestReport of(RequestOutcome outcome) {
    if (outcome instanceof RequestOutcome.Committed committed) {
      return new RequestReport.Committed(committed);
    }
    if (outcome instanceof RequestOutcome.Refused refused) {
      return of(refused.refusal());
    }
    throw new IllegalStateException("an outcome is committed or refused");
  }

  /** Whether nothing can change any more. */
  static boolean isEnd(TxnStatus status) {
    return status instanceof TxnStatus.Refused || status instanceof TxnStatus.Finished;
  }

  /**
   * What was settled, as a report.
   *
   * @param isTimeKnown whether it is known that the request was first sent within the window, if it
   *     was not refused for that
   */
  static RequestReport of(CommandResult.Settled settled, boolean isTimeKnown) {
    RequestReport report = of(settled);
    return report instanceof RequestReport.NeverExecuted && !isTimeKnown
        ? new RequestReport.NotHeardOf()
        : report;
  }

  private static RequestReport of(CommandResult.Settled settled) {
    TxnStatus status = settled.status();
    if (status instanceof TxnStatus.Refused refused) {
      return of(refused.refusal());
    }
    if (status instanceof TxnStatus.Finished finished
        && finished.outcome() instanceof TxnOutcome.Commit commit) {
      if (settled.isPart()) {
        return new RequestReport.CommittedInPart(finished.timestamp(), commit.branch());
      }
      return new RequestReport.Committed(
          new RequestOutcome.Committed(finished.timestamp(), commit.branch(), finished.results()));
    }
    if (status instanceof TxnStatus.Finished finished
        && finished.outcome() instanceof TxnOutcome.Abort abort) {
      return of(abort.refusal());
    }
    throw new IllegalStateException("expected the end of a request, was " + status);
  }

  static RequestReport pending(TxnRecord record) {
    return new RequestReport.Pending(record.id, record.issuedAt, record.participants);
  }

  private static RequestReport of(Refusal refusal) {
    return switch (refusal.reason()) {
      case NOT_ORDERED -> new RequestReport.NeverExecuted();
      case WINDOW_PASSED -> new RequestReport.Forgotten();
      case WRONG_GROUP,
          LIMIT_EXCEEDED,
          NOT_A_NUMBER,
          NUMBER_OVERFLOW,
          CLOCK_SKEW,
          INVALID,
          OVERLOADED ->
          new RequestReport.Refused(refusal);
    };
  }
}
