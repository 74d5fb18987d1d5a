package dev.ostrakon.controller;

import dev.ostrakon.hlc.HybridTimestamp;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a request that ended.
 *
 * @param fingerprint of its command, see {@link EntryCodec#fingerprint}; 0 for an acknowledgement
 * @param issuedAt it is remembered until the floor has reached this; see {@link FinishedRequests}
 * @param answerOrNull what retries of it get; none if the client has acknowledged this request and
 *     all its earlier ones, so that no retry of them may be carried out
 */
record FinishedRequest(
    HybridTimestamp issuedAt, int fingerprint, @Nullable ControllerAnswer answerOrNull) {
  static FinishedRequest answered(
      HybridTimestamp issuedAt, int fingerprint, ControllerAnswer answer) {
    return new FinishedRequest(issuedAt, fingerprint, answer);
  }

  static FinishedRequest acknowledged(HybridTimestamp issuedAt) {
    return new FinishedRequest(issuedAt, 0, null);
  }

  Optional<ControllerAnswer> answer() {
    return Optional.ofNullable(answerOrNull);
  }

  boolean isAcknowledgement() {
    return answerOrNull == null;
  }
}
