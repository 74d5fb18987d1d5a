package dev.ostrakon.simulation.fault;

import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Member;
import java.util.List;
import java.util.Map;

/** Lets faults happen: at random times, and at the moments in which they do the most harm. */
public final class FaultInjector implements ClusterObserver {

  private final Cluster<?, ?> cluster;
  private final FaultProfile profile;
  private final FaultActions actions;
  private final FigureEight figureEight;
  private final Forgery forgery;
  private final RandomSource random;
  private boolean running;

  /** When the last fault happened, or began; 0 before the first. */
  private long lastNanos;

  /** Faults for a cluster; none happens before {@link #start}. */
  public FaultInjector(Cluster<?, ?> cluster, FaultProfile profile, RandomSource random) {
    this.cluster = cluster;
    this.profile = profile;
    this.random = random;
    this.actions = new FaultActions(cluster, profile, random.fork("actions"));
    this.figureEight = new FigureEight(actions, random.fork("figure-eight"));
    this.forgery = new Forgery(cluster, random.fork("forgery"));
    cluster.observe(this);
  }

  public FaultCounts counts() {
    return actions.counts();
  }

  /** Lets the first faults happen from now on. */
  public void start() {
    running = true;
    for (Map.Entry<Disturbance, Double> each : profile.meanGapUnits().entrySet()) {
      scheduleNext(each.getKey(), each.getValue());
    }
  }

  private void scheduleNext(Disturbance kind, double meanGapUnits) {
    double gap = 0.01 - Math.log1p(-random.nextDouble()) * meanGapUnits;
    actions.later(
        gap,
        () -> {
          happen(kind);
          scheduleNext(kind, meanGapUnits);
        });
  }

  private void happen(Disturbance kind) {
    lastNanos = cluster.simulator().nowNanos();
    cluster.simulator().trace().line("fault " + kind);
    switch (kind) {
      case CRASH_ONE -> actions.crash(actions.anyNode());
      case CRASH_LEADER -> actions.crash(actions.leaderNode());
      case CRASH_ALL -> actions.crashAll();
      case FREEZE_ONE -> actions.freeze(actions.anyNode());
      case FREEZE_LEADER -> actions.freeze(actions.leaderNode());
      case SPLIT -> actions.split();
      case ISOLATE_LEADER -> actions.isolate(actions.leaderNode());
      case ISOLATE_LEADER_STEPWISE -> actions.isolateStepwise(actions.leaderNode());
      case FIGURE_EIGHT -> figureEight.begin(actions.leaderNode());
      case OUTRUN_LEADER -> actions.outrun(actions.leaderNode());
      case LATE_ANSWERS -> actions.lateAnswers(actions.leaderNode());
      case ISOLATE_ONE -> actions.isolate(actions.anyNode());
      case DEAFEN_OR_MUTE -> actions.deafenOrMute(actions.anyNode());
      case DEAFEN_OR_MUTE_LEADER -> actions.deafenOrMute(actions.leaderNode());
      case FLAP -> actions.flap();
      case SLOW_LINKS -> actions.slowLinks(actions.anyNode());
      case STALL_DISK -> actions.stallDisk(actions.anyNode());
      case BREAK_DISK -> actions.breakDisk(actions.anyNode());
      case DRIFT -> actions.drift();
      case TRANSFER -> actions.transfer();
      case WEATHER -> actions.changeWeather();
      case REPLACE_DISK -> actions.replaceDisk(actions.anyNode());
      case HANG_DISK -> actions.hangDisk();
      case FORGE -> forgery.happen();
    }
  }

  /** When a fault happened, or began to, for the last time; 0 if none has. */
  public long lastNanos() {
    return lastNanos;
  }

  /** Whether faults happen. */
  public boolean isRunning() {
    return running;
  }

  /** Crashes a node as soon as what happens at this instant is over, if faults still happen. */
  public void crashNow(int node) {
    if (running) {
      lastNanos = cluster.simulator().nowNanos();
      actions.later(0, () -> actions.crash(node));
    }
  }

  /** Ends all faults, except that these nodes stay down until the next call. */
  public void heal(List<Integer> down) {
    running = false;
    actions.transferTo(down);
    actions.healAll(down);
  }

  private boolean pulls(Trigger trigger) {
    double chance = profile.triggerChances().getOrDefault(trigger, 0.0);
    boolean pulled = running && chance > 0 && random.chance(chance);
    if (pulled) {
      lastNanos = cluster.simulator().nowNanos();
    }
    return pulled;
  }

  @Override
  public void onEvent(Member<?, ?> member, ReplicaEvent event) {
    if (event instanceof ReplicaEvent.BecameLeader && running) {
      figureEight.onLeaderElected(member.node());
    }
    if (event instanceof ReplicaEvent.BecameLeader && pulls(Trigger.LEADER_ELECTED)) {
      actions.disturbNewLeader(member.node());
    } else if (event instanceof ReplicaEvent.BecamePreCandidate && pulls(Trigger.CAMPAIGN)) {
      member.shape().nodes().stream()
          .filter(node -> node != member.node() && !actions.isLeading(node))
          .forEach(
              node -> actions.later(random.nextDouble() * 0.2, () -> actions.crashBriefly(node)));
    }
  }

  @Override
  public void onSend(Member<?, ?> from, ReplicaId to, RaftMessage message) {
    switch (message.kind()) {
      case REQUEST_VOTE_RESPONSE -> {
        if (((RaftMessage.RequestVoteResponse) message).granted()) {
          crashSoon(Trigger.VOTE_GRANTED, from.node(), 0.02);
        }
      }
      case APPEND_ENTRIES_RESPONSE, HEARTBEAT_RESPONSE ->
          crashSoon(Trigger.ACKNOWLEDGED, from.node(), 0.02);
      case INSTALL_SNAPSHOT -> {
        if (((RaftMessage.InstallSnapshot) message).last()) {
          crashSoon(Trigger.SNAPSHOT_ENDING, GroupShape.nodeOf(to), 0.5);
        }
      }
      case TIMEOUT_NOW -> {
        if (actions.holdsOrdersBack()) {
          actions.holdOrderBack(from.node(), GroupShape.nodeOf(to));
        } else if (pulls(Trigger.HAND_OVER)) {
          actions.disturbHandOver(from.node(), GroupShape.nodeOf(to));
        }
      }
      case PRE_VOTE,
          PRE_VOTE_RESPONSE,
          REQUEST_VOTE,
          APPEND_ENTRIES,
          APPEND_ENTRIES_REJECTION,
          HEARTBEAT,
          INSTALL_SNAPSHOT_RESPONSE,
          READ_INDEX,
          READ_INDEX_RESPONSE -> {}
    }
  }

  @Override
  public void onCheckpoint(Member<?, ?> member) {
    crashSoon(Trigger.CHECKPOINT_BEGUN, member.node(), 0.5);
  }

  private void crashSoon(Trigger trigger, int node, double withinUnits) {
    if (pulls(trigger)) {
      actions.later(random.nextDouble() * withinUnits, () -> actions.crash(node));
    }
  }
}
