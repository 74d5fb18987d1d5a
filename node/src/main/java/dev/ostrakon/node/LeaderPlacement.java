package dev.ostrakon.node;

import dev.ostrakon.group.FrontCounters;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.RaftStatus.PeerProgress;
import dev.ostrakon.raft.RaftStatus.ReplicationState;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Replica;
import java.util.Optional;
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

  /** The time between two looks at what the group does. */
  private static final int SAMPLE_MILLIS = 1_000;

  /** How long the best replica must have been that and kept up. */
  private static final int STEADY_MILLIS = 1_000;

  /** The least time between two tries, unless the leadership was handed straight back. */
  private static final int PAUSE_MILLIS = 10_000;

  /**
   * A leadership that is back so soon was handed straight back, by a node that sees it differently,
   * or because the load was over: then the pause doubles, and else it becomes shorter again.
   */
  private static final int STRAIGHT_BACK_MILLIS = 10_000;

  /** The longest pause; a load that lasts need not wait longer for its leaders. */
  private static final int PAUSE_MILLIS_MAX = 60_000;

  /** How many entries a replica that keeps up may be behind. */
  private static final long LAG_MAX = 1_000;

  private final ReplicaPlan plan;
  private final ClusterMap map;
  private final Predicate<NodeId> isConnected;
  private final Supplier<FrontCounters> work;
  private final int sampleTicks;
  private final int steadyTicksMin;
  private int pauseTicks;
  private final TransactionShare share;
  private NodeId best;
  private boolean leading;
  private int ticksToSample;
  private @Nullable ReplicaId candidate;
  private int steadyTicks;
  private int ticksToTry;
  private int ticksSinceTry = Integer.MAX_VALUE;

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
    this.sampleTicks = ticks(SAMPLE_MILLIS);
    this.steadyTicksMin = ticks(STEADY_MILLIS);
    this.pauseTicks = ticks(PAUSE_MILLIS);
    this.share = new TransactionShare(sampleTicks * plan.tickMillis() / 1_000.0);
  }

  private int ticks(int millis) {
    return (millis + plan.tickMillis() - 1) / plan.tickMillis();
  }

  /** One tick of the replica has passed; looks whether it is time, which it seldom is. */
  void tick(Replica<?> replica) {
    tick(replica.leadingTerm() != 0, replica::status).ifPresent(to -> handOver(replica, to));
  }

  private void handOver(Replica<?> replica, ReplicaId to) {
    boolean started = replica.transferLeadership(to);
    log.info(
        "leadership goes to a better place group={} to={} together={} started={}",
        plan.group(),
        best,
        share.isHigh(),
        started);
  }

  /**
   * One tick of the replica has passed; who is to be handed the leadership now, if anybody.
   *
   * @param leads whether the replica leads the group
   * @param status what it knows of its followers; asked only if it leads
   */
  Optional<ReplicaId> tick(boolean leads, Supplier<RaftStatus> status) {
    ticksToTry = Math.max(0, ticksToTry - 1);
    ticksSinceTry = (int) Math.min(Integer.MAX_VALUE, ticksSinceTry + 1L);
    if (!leads) {
      leading = false;
      candidate = null;
      return Optional.empty();
    }
    if (!leading) {
      leading = true;
      ticksToSample = 0;
      choosePause();
      share.begin(isGatheredHere());
    }
    if (ticksToSample == 0) {
      ticksToSample = sampleTicks;
      look();
    }
    ticksToSample--;
    ReplicaId other = best.equals(map.self()) ? null : replicaThatKeepsUp(status, best);
    if (other == null || !other.equals(candidate)) {
      candidate = other;
      steadyTicks = 0;
      return Optional.empty();
    }
    steadyTicks++;
    if (steadyTicks < steadyTicksMin || ticksToTry > 0) {
      return Optional.empty();
    }
    ticksToTry = pauseTicks;
    ticksSinceTry = 0;
    return Optional.of(other);
  }

  private void choosePause() {
    if (ticksSinceTry <= Math.max(ticks(STRAIGHT_BACK_MILLIS), 2 * steadyTicksMin + 2)) {
      pauseTicks = Math.min(2 * pauseTicks, ticks(PAUSE_MILLIS_MAX));
      ticksToTry = pauseTicks;
    } else {
      pauseTicks = Math.max(pauseTicks / 2, ticks(PAUSE_MILLIS));
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

  private @Nullable ReplicaId replicaThatKeepsUp(Supplier<RaftStatus> picture, NodeId node) {
    if (!isConnected.test(node)) {
      return null;
    }
    RaftStatus status = picture.get();
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
