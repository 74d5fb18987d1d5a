package dev.ostrakon.node;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.RaftStatus.PeerProgress;
import dev.ostrakon.raft.RaftStatus.ReplicationState;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Replica;
import java.util.function.Predicate;

/**
 * Hands the leadership of one group to the replica that had best lead it, once that has kept up for
 * a while; so leaders are spread over the nodes at the start and after a node came back. Confined
 * to the replica's loop.
 */
final class LeaderSpread {
  /** How long the preferred replica must have kept up before leadership goes to it. */
  private static final long STEADY_NANOS = 1_000_000_000L;

  /** The least time between two tries. */
  private static final long PAUSE_NANOS = 10_000_000_000L;

  /** How many entries a replica that keeps up may be behind. */
  private static final long LAG_MAX = 1_000;

  private final ReplicaPlan plan;
  private final Predicate<NodeId> isConnected;
  private boolean steady;
  private long steadySinceNanos;
  private boolean tried;
  private long triedNanos;

  LeaderSpread(ReplicaPlan plan, Predicate<NodeId> isConnected) {
    this.plan = plan;
    this.isConnected = isConnected;
  }

  /** Looks whether it is time, which it seldom is. */
  void tick(Replica<?> replica, long nowNanos) {
    ReplicaId preferred = plan.preferredLeader();
    if (replica.leadingTerm() == 0 || preferred.equals(plan.self()) || !keepsUp(replica)) {
      steady = false;
    } else if (!steady) {
      steady = true;
      steadySinceNanos = nowNanos;
    } else if (nowNanos - steadySinceNanos >= STEADY_NANOS
        && (!tried || nowNanos - triedNanos >= PAUSE_NANOS)) {
      tried = true;
      triedNanos = nowNanos;
      replica.transferLeadership(preferred);
    }
  }

  private boolean keepsUp(Replica<?> replica) {
    ReplicaId preferred = plan.preferredLeader();
    if (!plan.nodeOf(preferred).filter(isConnected).isPresent()) {
      return false;
    }
    RaftStatus status = replica.status();
    return status.progress().stream()
        .filter(progress -> progress.peer().equals(preferred))
        .anyMatch(progress -> keepsUp(progress, status));
  }

  private static boolean keepsUp(PeerProgress progress, RaftStatus status) {
    return progress.state() == ReplicationState.REPLICATE
        && progress.matchIndex() >= status.lastIndex() - LAG_MAX;
  }
}
