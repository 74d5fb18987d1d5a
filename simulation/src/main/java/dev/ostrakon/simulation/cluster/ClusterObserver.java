package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;

/**
 * Is told of everything that passes a port of a replica, at that moment. Must not call into
 * replicas; what it wants them to do it schedules as an event of its own.
 */
public interface ClusterObserver {

  /** A node's process starts; its members are about to. */
  default void onBoot(int node) {}

  /** A member has recovered what its disk holds and is about to start from it. */
  default void onRecovered(Member<?, ?> member) {}

  /** A node's process and everything not durable is gone. */
  default void onCrash(int node) {}

  /** A message leaves; it may still be lost. */
  default void onSend(Member<?, ?> from, ReplicaId to, RaftMessage message) {}

  /** A message is about to be taken by a member. */
  default void onDeliver(Member<?, ?> to, ReplicaId from, RaftMessage message) {}

  /** A member has taken a tick. */
  default void onTick(Member<?, ?> member) {}

  /** The disk of a node that is down is about to be replaced. */
  default void onDiskReplaced(int node) {}

  /** A write is handed to the log; it has not taken effect yet. */
  default void onPersist(Member<?, ?> member, LogWrite write) {}

  /** A member is about to be told that its oldest write without an answer is durable. */
  default void onPersisted(Member<?, ?> member) {}

  /** A committed command is handed to the state machine. */
  default void onApply(Member<?, ?> member, LogEntry entry) {}

  /**
   * The state machine contains the command now.
   *
   * @param contentHash of the replicated rows of its store
   */
  default void onApplied(Member<?, ?> member, LogEntry entry, Object result, long contentHash) {}

  /**
   * The state was taken from a checkpoint or an installed snapshot.
   *
   * @param contentHash of the replicated rows of its store
   */
  default void onRestored(Member<?, ?> member, SnapshotMetadata at, long contentHash) {}

  /** A checkpoint of the present state begins. */
  default void onCheckpoint(Member<?, ?> member) {}

  default void onEvent(Member<?, ?> member, ReplicaEvent event) {}

  /** A replica stopped itself. */
  default void onStopped(Member<?, ?> member, Throwable cause) {}

  /** The process of a node has ended a task; what it did is complete. */
  default void afterTask(int node) {}
}
