package dev.ostrakon.replica;

import dev.ostrakon.raft.ReplicaEvent;

/** Is told of what happens to a replica, on its owner; must not call back into it. */
public interface ReplicaObserver {

  void onEvent(ReplicaEvent event);

  /**
   * The replica stopped itself and will not come back in this process: its storage failed ({@link
   * StorageException}) or it met a bug ({@link dev.ostrakon.raft.InvariantViolation}).
   */
  void onStopped(Throwable cause);
}
