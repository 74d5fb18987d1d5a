package dev.ostrakon.controller;

import dev.ostrakon.hlc.HybridTimestamp;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a request that ended.
 *
 * @param issuedAt it is remembered until the floor has reached this; see {@link FinishedRequests}
 * @param answerOrNull what retries of it get; none if the client has acknowledged this request and
 *     all its earlier ones, so that no retry of them may be carried out
 */
record FinishedRequest(HybridTimestamp issuedAt, @Nullable ControllerAnswer answerOrNull) {
  static FinishedRequest answered(HybridTimestamp issuedAt, ControllerAnswer answer) {
    return new FinishedRequest(issuedAt, answer);
  }

  static FinishedRequest acknowledged(HybridTimestamp issuedAt) {
    return new FinishedRequest(issuedAt, null);
  }

  Optional<ControllerAnswer> answer() {
    return Optional.ofNullable(answerOrNull);
  }

  boolean isAcknowledgement() {
    return answerOrNull == null;
  }
}
