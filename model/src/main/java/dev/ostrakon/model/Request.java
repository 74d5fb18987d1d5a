package dev.ostrakon.model;

import dev.ostrakon.hlc.HybridTimestamp;

/**
 * One attempt at a transaction, under the id that makes it happen at most once.
 *
 * @param issuedAt hybrid time of the request's first sending, the same over all retries and
 *     attempts; results are remembered for a window after it
 */
public record Request(
    TxnId id, HybridTimestamp issuedAt, Acknowledgement acknowledgement, Transaction transaction) {}
