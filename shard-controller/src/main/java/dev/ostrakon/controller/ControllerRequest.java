package dev.ostrakon.controller;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.RequestId;

/**
 * A command under a client's id. All retries of a request are equal.
 *
 * @param issuedAt hybrid time of the first sending, the same over all retries
 * @param acknowledgedThrough the client has the answers to all its requests up to this sequence, 0
 *     if to none, and will never send one of them again
 */
public record ControllerRequest(
    RequestId id, HybridTimestamp issuedAt, long acknowledgedThrough, ControllerCommand command) {
  /** Requires that a request does not acknowledge itself. */
  public ControllerRequest {
    if (acknowledgedThrough < 0 || acknowledgedThrough >= id.sequence()) {
      throw new IllegalArgumentException(
          "acknowledgedThrough must be in [0, "
              + id.sequence()
              + "), the request's own sequence, was "
              + acknowledgedThrough);
    }
  }

  /**
   * A request as it comes from a client. Of the acknowledgement only the watermark counts, and only
   * as far as it concerns earlier requests; what it leaves is forgotten when the window ends.
   */
  public static ControllerRequest of(
      RequestId id,
      HybridTimestamp issuedAt,
      Acknowledgement acknowledgement,
      ControllerCommand command) {
    return new ControllerRequest(
        id, issuedAt, Math.min(acknowledgement.watermark(), id.sequence() - 1), command);
  }
}
