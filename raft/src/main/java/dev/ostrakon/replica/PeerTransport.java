package dev.ostrakon.replica;

import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;

/** Carries messages to the other replicas of the group. */
public interface PeerTransport {

  /**
   * Sends at most once, without an answer. Never blocks: a message for which there is no room, or
   * no connection, is dropped, and Raft's own retries make up for it.
   */
  void send(ReplicaId to, RaftMessage message);
}
