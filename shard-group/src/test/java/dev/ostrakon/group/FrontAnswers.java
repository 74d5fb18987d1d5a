package dev.ostrakon.group;

import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestOutcome;
import java.util.List;

/** Reads answers of fronts. */
final class FrontAnswers {
  private FrontAnswers() {}

  /** The committed outcome; fails if there is none. */
  static RequestOutcome.Committed committed(FrontAnswer<RequestOutcome> answer) {
    if (answer instanceof FrontAnswer.Done<RequestOutcome> done
        && done.value() instanceof RequestOutcome.Committed committed) {
      return committed;
    }
    throw new AssertionError("expected a committed outcome, was " + answer);
  }

  /** The text that the only operation read; empty for a missing key. */
  static String text(FrontAnswer<RequestOutcome> answer) {
    List<OperationResult> results = committed(answer).results();
    if (results.size() != 1) {
      throw new AssertionError("expected one result, were " + results);
    }
    return text(results.get(0));
  }

  /** The text that the last operation read. */
  static String last(FrontAnswer<RequestOutcome> answer) {
    List<OperationResult> results = committed(answer).results();
    return text(results.get(results.size() - 1));
  }

  static String text(OperationResult result) {
    return result instanceof OperationResult.Present present
        ? present.value().bytes().toUtf8()
        : "";
  }
}
