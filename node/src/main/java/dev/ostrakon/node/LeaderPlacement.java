package dev.ostrakon.node;

import dev.ostrakon.group.FrontCounters;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.RaftStatus.PeerProgress;
import dev.ostrakon.raft.RaftStatus.ReplicationState;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Replica;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the leadership of one group to the replica that had best lead it, once that has kept up for
 * a while. Leaders are spread over the nodes at the start and after a node came back; while most of
 * a group's work is for transactions over several groups, its leader goes to the node that leads
 * the most groups, where the calls of a transaction need no connection and the entries of several
 * groups share frames and syncs. Confined to the replica's loop.
 */
final class LeaderPlacement {
  private static final Logger log = LoggerFactory.getLogger(LeaderPlacement.class);

  /** Ticks between two looks at what the group does: 1 s with ticks of 50 ms. */
  private static final int SAMPLE_TICKS = 20;

  /** How long the best replica must have been that and kept up: 2 s. */
  private static final int STEADY_TICKS = 40;

  /** The fewest ticks between two tries: 10 s. */
  private static final int PAUSE_TICKS = 200;

  /** How many entries a replica that keeps up may be behind. */
  private static final long LAG_MAX = 1_000;

  private final ReplicaPlan plan;
  private final ClusterMap map;
  private final Predicate<NodeId> isConnected;
  private final Supplier<FrontCounters> work;
  private final TransactionShare share = new TransactionShare();
  private NodeId best;
  private boolean leading;
  private int ticksToSample;
  private @Nullable ReplicaId candidate;
  private int steadyTicks;
  private int ticksToTry;

  /**
   * Looks after one group.
   *
   * @param work what the group has done so far
   */
  LeaderPlacement(
      ReplicaPlan plan,
      ClusterMap map,
      Predicate<NodeId> isConnected,
      Supplier<FrontCounters> work) {
    this.plan = plan;
    this.map = map;
    this.isConnected = isConnected;
    this.work = work;
    this.best = plan.spreadLeader();
  }

  /** One tick of the replica has passed; looks whether it is time, which it seldom is. */
  void tick(Replica<?> replica) {
    ticksToTry = Math.max(0, ticksToTry - 1);
    if (replica.leadingTerm() == 0) {
      leading = false;
      candidate = null;
      return;
    }
    if (!leading) {
      leading = true;
      ticksToSample = 0;
      share.begin(isGatheredHere());
    }
    if (ticksToSample == 0) {
      ticksToSample = SAMPLE_TICKS;
      look();
    }
    ticksToSample--;
    ReplicaId other = best.equals(map.self()) ? null : replicaThatKeepsUp(replica, best);
    if (other == null || !other.equals(candidate)) {
      candidate = other;
      steadyTicks = 0;
      return;
    }
    steadyTicks++;
    if (steadyTicks >= STEADY_TICKS && ticksToTry == 0) {
      ticksToTry = PAUSE_TICKS;
      boolean started = replica.transferLeadership(other);
      log.info(
          "leadership goes to a better place group={} to={} together={} started={}",
          plan.group(),
          best,
          share.isHigh(),
          started);
    }
  }

  /** A leader that came here for transactions goes on from there: what was before it cannot see. */
  private boolean isGatheredHere() {
    return plan.gatheringLeader(map).equals(map.self()) && !plan.spreadLeader().equals(map.self());
  }

  private void look() {
    FrontCounters counters = work.get();
    share.sample(counters.orders(), counters.requests());
    best = share.isHigh() ? plan.gatheringLeader(map) : plan.spreadLeader();
  }

  private @Nullable ReplicaId replicaThatKeepsUp(Replica<?> replica, NodeId node) {
    if (!isConnected.test(node)) {
      return null;
    }
    RaftStatus status = replica.status();
    return status.progress().stream()
        .filter(progress -> plan.nodeOf(progress.peer()).filter(node::equals).isPresent())
        .filter(progress -> keepsUp(progress, status))
        .map(PeerProgress::peer)
        .findFirst()
        .orElse(null);
  }

  private static boolean keepsUp(PeerProgress progress, RaftStatus status) {
    return progress.state() == ReplicationState.REPLICATE
        && progress.matchIndex() >= status.lastIndex() - LAG_MAX;
  }
}
