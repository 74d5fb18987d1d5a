package dev.ostrakon.simulation.store;

import dev.ostrakon.model.Transaction;
import dev.ostrakon.simulation.history.KvAction;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants.
 *
 * @param process the client's session, as histories name it
 * @param called position of the call in the history
 * @param readOnly whether it is served as a read, without a log entry
 * @param group the group that owns all its keys, or {@link #SEVERAL}
 * @param action what it does to one register; null if it is about lists
 */
record StoreCall(
    int process,
    long called,
    boolean readOnly,
    int group,
    Transaction transaction,
    @Nullable KvAction action) {

  /** In place of a group: the keys belong to several, and some node has to coordinate. */
  static final int SEVERAL = 0;
}
