package dev.ostrakon.simulation.scenario;

import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.cluster.MessageSizes;

/** Counts what goes over the wire: requests as a suite of remote calls would count them. */
final class Traffic implements ClusterObserver {
  private long requestCount;
  private long bytes;
  private long snapshotCount;

  /** Messages that ask or tell, answers not counted. */
  long requestCount() {
    return requestCount;
  }

  /** Bytes of all messages, answers included. */
  long bytes() {
    return bytes;
  }

  /** Snapshots that replaced a follower's state. */
  long snapshotCount() {
    return snapshotCount;
  }

  @Override
  public void onSend(Member<?, ?> from, ReplicaId to, RaftMessage message) {
    bytes += MessageSizes.bytes(message);
    boolean isAnswer =
        switch (message.kind()) {
          case PRE_VOTE, REQUEST_VOTE, APPEND_ENTRIES, HEARTBEAT -> false;
          case INSTALL_SNAPSHOT, TIMEOUT_NOW, READ_INDEX -> false;
          case PRE_VOTE_RESPONSE, REQUEST_VOTE_RESPONSE -> true;
          case APPEND_ENTRIES_RESPONSE, APPEND_ENTRIES_REJECTION -> true;
          case HEARTBEAT_RESPONSE, INSTALL_SNAPSHOT_RESPONSE, READ_INDEX_RESPONSE -> true;
        };
    if (!isAnswer) {
      requestCount++;
    }
  }

  @Override
  public void onEvent(Member<?, ?> member, ReplicaEvent event) {
    if (event instanceof ReplicaEvent.SnapshotInstalled) {
      snapshotCount++;
    }
  }
}
