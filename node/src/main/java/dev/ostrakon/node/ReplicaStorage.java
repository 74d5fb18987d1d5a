package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StateStore;

/**
 * The storage of one replica.
 *
 * @param log its Raft log
 * @param state its key-value state
 */
public record ReplicaStorage(LogStorage log, StateStore state) {

  /** Gives every group of a node its storage. */
  public interface Provider {

    /**
     * Opens the storage of a group's replica, not yet recovered. May block; called off the loops.
     *
     * @param owner where callbacks are to arrive
     */
    ReplicaStorage open(GroupId group, Scheduler owner);
  }
}
