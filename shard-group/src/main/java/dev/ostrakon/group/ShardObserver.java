package dev.ostrakon.group;

import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.replica.StorageException;

/**
 * Is told by a state machine what no result of an entry tells. Called while an entry is applied, in
 * the order in which things happen, the same on every replica; must not call back.
 */
public interface ShardObserver {
  /** Is not interested. */
  ShardObserver NONE = new ShardObserver() {};

  /** A request that had to wait was carried out. */
  default void onExecuted(TxnId txn, RequestOutcome outcome) {}

  /** A fragment of a transaction over several groups took its place in the order. */
  default void onOrdered(TxnId txn) {}

  /** The outcome of a fragment was applied. */
  default void onFinished(TxnId txn) {}

  /** Every participant is known to have applied the outcome. */
  default void onForgotten(TxnId txn) {}

  /** A fragment of a transaction that only reads has gone, read or not. */
  default void onDropped(TxnId txn) {}

  /** A fragment became ready, or ready at another timestamp. */
  default void onReady(TxnId txn, TxnStatus.Ready status) {}

  /** A transaction is not ready any more: it was applied, or moved up. */
  default void onUnready(TxnId txn) {}

  /** The state machine has read its state and can serve. */
  default void onLoaded() {}

  /** The state cannot be read or trusted: the replica must be stopped. */
  default void onFailed(StorageException cause) {}
}
