package dev.ostrakon.txn;

import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import java.util.List;
import java.util.Optional;

/** Turns what became of a transaction into what its client is told. */
final class Answers {
  private Answers() {}

  static TxnAnswer of(Told told, Split split) {
    if (told instanceof Told.Reported reported) {
      return of(reported.report(), split);
    } else if (told instanceof Told.Denied denied) {
      return new TxnAnswer.Denied(denied.refusal());
    }
    long millis = ((Told.Untouched) told).overloadedMillis();
    return millis > 0 ? new TxnAnswer.Overloaded(millis) : new TxnAnswer.DeadlineExceeded();
  }

  private static TxnAnswer of(TxnReport report, Split split) {
    if (report instanceof TxnReport.Committed committed) {
      Optional<List<OperationResult>> merged =
          split.merge(committed.branch(), committed.configuration(), committed.results());
      return merged.isPresent()
          ? new TxnAnswer.Done(
              new RequestOutcome.Committed(committed.timestamp(), committed.branch(), merged.get()))
          : new TxnAnswer.DoneUnread(committed.timestamp(), committed.branch());
    } else if (report instanceof TxnReport.NotCommitted not) {
      return new TxnAnswer.Done(new RequestOutcome.Refused(ofTheAttempt(not.refusal())));
    } else if (report instanceof TxnReport.Displaced displaced) {
      return new TxnAnswer.Displaced(displaced.refusal());
    } else if (report instanceof TxnReport.Forgotten forgotten) {
      return new TxnAnswer.Done(new RequestOutcome.Refused(forgotten.refusal()));
    }
    return new TxnAnswer.Unknown();
  }

  /**
   * A participant's refusal is in its log: the attempt is over, and only the next one may succeed,
   * which is what {@code NOT_ORDERED} says. A clock that is wrong needs another node, too.
   */
  private static Refusal ofTheAttempt(Refusal refusal) {
    return switch (refusal.reason()) {
      case WRONG_GROUP, OVERLOADED ->
          new Refusal(Refusal.Reason.NOT_ORDERED, "the attempt was refused: " + refusal.detail());
      case NOT_ORDERED,
          CLOCK_SKEW,
          WINDOW_PASSED,
          LIMIT_EXCEEDED,
          NOT_A_NUMBER,
          NUMBER_OVERFLOW,
          INVALID ->
          refusal;
    };
  }
}
