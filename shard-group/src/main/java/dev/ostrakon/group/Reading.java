package dev.ostrakon.group;

import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.Bytes;
import java.util.List;

/** A read that waits to be served: by the state as it is, at whatever moment it is tried. */
abstract class Reading {
  /** What one try came to. */
  sealed interface Attempt {
    /** It was answered, or is about to be without further tries. */
    record Served() implements Attempt {}

    /** Try again when this transaction is not ready any more. */
    record After(TxnId ready) implements Attempt {}

    /** Try again in the callback that has brought these rows into memory. */
    record NeedsRows(List<Bytes> rows) implements Attempt {}
  }

  static final Attempt SERVED = new Attempt.Served();

  private final PendingCall<?> call;

  Reading(PendingCall<?> call) {
    this.call = call;
  }

  PendingCall<?> call() {
    return call;
  }

  /** Tries to serve it; everything is looked at anew, for much may have changed. */
  abstract Attempt attempt(ShardState state);
}
