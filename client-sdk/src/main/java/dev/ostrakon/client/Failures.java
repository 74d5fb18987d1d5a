package dev.ostrakon.client;

import dev.ostrakon.protocol.ServiceError;
import org.jspecify.annotations.Nullable;

/** What a user is told for what went wrong. */
final class Failures {
  private Failures() {}

  /** The exception that says the same as an error of a node. */
  static KvException of(ServiceError error) {
    String message = error.code() + ": " + error.message();
    return switch (error.code()) {
      case WRONG_GROUP ->
          new WrongShardException(
              message,
              error.detail() instanceof ServiceError.NewestConfiguration newest
                  ? newest.number()
                  : 0);
      case NOT_LEADER ->
          new NotLeaderException(
              message, error.detail() instanceof ServiceError.Leader hint ? hint.node() : null);
      case OVERLOADED ->
          new OverloadedException(
              message,
              error.detail() instanceof ServiceError.RetryAfter after
                  ? Math.max(1, after.millis())
                  : 1);
      case CLOCK_SKEW ->
          new ClockSkewException(
              message, error.detail() instanceof ServiceError.Skew skew ? skew.offsetMillis() : 0);
      case NOT_A_NUMBER ->
          new TransactionRefusedException(message, TransactionRefusedException.Reason.NOT_A_NUMBER);
      case NUMBER_OVERFLOW ->
          new TransactionRefusedException(
              message, TransactionRefusedException.Reason.NUMBER_OVERFLOW);
      case LIMIT_EXCEEDED, INVALID, UNSUPPORTED ->
          new InvalidRequestException(
              message, error.detail() instanceof ServiceError.Limit limit ? limit : null);
      case WRONG_CLUSTER, WIRE_FORMAT -> new WrongClusterException(message);
      case GROUP_EXISTS, UNKNOWN_GROUP, UNKNOWN_SLOT, UNKNOWN_NODE, UNKNOWN_CONFIGURATION ->
          new ShardsException(message, error.code());
      case DEADLINE_EXCEEDED -> new DeadlineExceededException(message, null);
      case RESULTS_LOST -> new ResultsLostException(message);
      case UNAVAILABLE, NOT_ORDERED, OUTCOME_UNKNOWN, WINDOW_PASSED, INTERNAL ->
          new UnavailableException(message, null);
    };
  }

  /** The time of a call is over: what kept it from being done, if that is known. */
  static KvException overdue(Call<?> call, @Nullable Throwable whyNoView) {
    Throwable last = call.lastFailure;
    if (last instanceof KvException failure && !(last instanceof DeadlineExceededException)) {
      return failure;
    }
    if (call.waiting == Call.Waiting.FOR_VIEW && whyNoView != null) {
      return whyNoView instanceof WrongClusterException wrong
          ? wrong
          : new UnavailableException(
              "no node could be asked for the cluster: " + whyNoView.getMessage(), whyNoView);
    }
    return last == null
        ? new DeadlineExceededException("the time of the call is over", null)
        : last instanceof KvException failure
            ? failure
            : new UnavailableException("no node could be reached: " + last, last);
  }

  /** A call was sent as often as is allowed. */
  static KvException exhausted(Call<?> call) {
    Throwable last = call.lastFailure;
    return last instanceof KvException failure
        ? failure
        : new UnavailableException("sent " + call.sendings + " times: " + last, last);
  }
}
