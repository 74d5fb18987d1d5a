package dev.ostrakon.model;

import dev.ostrakon.hlc.HybridTimestamp;

/**
 * One attempt at a transaction, under the id that makes it happen at most once.
 *
 * @param issuedAt hybrid time of the request's first sending, the same over all retries and
 *     attempts; results are remembered for a window after it
 * @param fingerprint of the whole transaction, also where {@code transaction} is a part of it; see
 *     {@link Fingerprint}
 */
public record Request(
    TxnId id,
    HybridTimestamp issuedAt,
    Acknowledgement acknowledgement,
    Transaction transaction,
    int fingerprint) {
  /** A request for the whole of a transaction. */
  public Request(
      TxnId id,
      HybridTimestamp issuedAt,
      Acknowledgement acknowledgement,
      Transaction transaction) {
    this(id, issuedAt, acknowledgement, transaction, Fingerprint.of(transaction));
  }

  /** The same request as far as one group takes part in it. */
  public Request withFragment(Transaction fragment) {
    return new Request(id, issuedAt, acknowledgement, fragment, fingerprint);
  }
}
