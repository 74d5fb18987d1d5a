package dev.ostrakon.simulation.store;

import dev.ostrakon.group.OverdueTxn;
import dev.ostrakon.group.ShardFront;
import dev.ostrakon.hlc.CarriedClock;
import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.MajorityClock;
import dev.ostrakon.hlc.PhysicalClock;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import dev.ostrakon.txn.CoordinatorConfig;
import dev.ostrakon.txn.CoordinatorPorts;
import dev.ostrakon.txn.Coordinators;
import dev.ostrakon.txn.Participants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node as far as the store is concerned: its hybrid clock, the fronts it hosts, and
 * the transactions over several groups that it coordinates. All of it is gone with the process.
 */
final class StoreHost implements Participants {

  /** Whoever was asked last and knew no better is asked again with this chance only. */
  private static final double STRAY_CHANCE = 0.05;

  /**
   * Nodes without a common group hear each other only where one asks the other, so one is enough to
   * tell what time is carried; on real nodes it takes a quorum of a group's replicas.
   */
  private static final int TELLERS_MIN = 1;

  private static final int OVERDUE_MAX = 100;
  private static final int TICKS_PER_UNIT = 20;
  private static final int OVERDUE_UNITS = 6;
  private static final int RECOVERY_UNITS = 10;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** The way to other nodes. */
  interface Roads {
    List<Integer> nodesOf(int group);

    /** The node that leads as far as the replica on this node knows. */
    Optional<Integer> leaderKnownOn(int node, int group);

    /** Delivers a call to a node; it may be lost, and the answer may come several times. */
    void ask(StoreHost from, int node, Ask ask);

    /** Tells the nodes that have a group in common with this one what its clocks show. */
    void tellTime(StoreHost from);
  }

  /** A call to the leader of a group. */
  record Ask(
      int group, ParticipantCall call, long nanosLeft, Consumer<ParticipantAnswer> listener) {}

  /**
   * What the clocks of a node show.
   *
   * @param life which of all lives of all nodes says so
   * @param carriedMillis the time that it carries on; 0 for none
   */
  record Reading(int node, int life, long wallMillis, long uptimeMillis, long carriedMillis) {}

  /** The latest life of another node that was heard of. */
  private record Peer(int life, MajorityClock<Integer>.Reports reports) {}

  private final int node;
  private final int life;
  private final SimulatedProcess process;
  private final Roads roads;
  private final RandomSource random;
  private final long unitNanos;
  private final Sending sending;
  private final PhysicalClock machine;
  private final MajorityClock<Integer> wall;
  private final CarriedClock<Integer> carried;
  private final HybridLogicalClock clock;
  private final WallClocks walls;
  private final long startMillis;
  private final Coordinators coordinators;
  private final List<ShardFront> fronts = new ArrayList<>();
  private final Map<Integer, Integer> leaders = new HashMap<>();
  private final Map<Integer, Peer> peers = new HashMap<>();

  StoreHost(
      int node,
      int life,
      ClientId self,
      SimulatedProcess process,
      Roads roads,
      StoreFactory.Settings settings,
      RandomSource random) {
    this.node = node;
    this.life = life;
    this.process = process;
    this.roads = roads;
    this.random = random;
    this.unitNanos = settings.unitNanos();
    this.sending = settings.sending();
    this.walls = settings.walls();
    this.startMillis = walls.trueMillis();
    this.machine = () -> walls.wallMillis(node);
    this.wall =
        new MajorityClock<>(
            machine,
            this::uptimeMillis,
            settings.peerCounts().get(node),
            ClockConfig.DEFAULTS.maxClockSkewMillis() / 2);
    this.carried =
        new CarriedClock<>(
            wall, this::uptimeMillis, ClockConfig.DEFAULTS.maxClockSkewMillis(), TELLERS_MIN);
    this.clock = new HybridLogicalClock(carried, ClockConfig.DEFAULTS);
    this.coordinators =
        new Coordinators(
            config(settings),
            settings.rules().txn(),
            new CoordinatorPorts(
                clock, process::nowNanos, this, bound -> random.nextLong(0, bound)),
            self);
    process.every(unitNanos / TICKS_PER_UNIT, coordinators::tick);
    process.every(unitNanos, this::recoverOverdue);
    if (settings.peerCounts().get(node) > 0) {
      process.every(unitNanos, () -> roads.tellTime(this));
    }
  }

  /** As patient as the network and the disks want it. */
  private static CoordinatorConfig config(StoreFactory.Settings settings) {
    CoordinatorConfig defaults = CoordinatorConfig.DEFAULTS;
    Sending sending = settings.sending();
    long unitMillis = settings.unitNanos() / NANOS_PER_MILLI;
    long resendMillis = sending.resendNanos(settings.unitNanos()) / NANOS_PER_MILLI;
    return new CoordinatorConfig(
        Limits.DEFAULTS,
        settings.bounds().txnsMax(),
        settings.bounds().readsMax(),
        2 * resendMillis,
        3 * resendMillis,
        sending.graceMillis(),
        Math.max(1, resendMillis / 20),
        resendMillis,
        10 * unitMillis,
        defaults.readRoundsMax(),
        defaults.readAttemptsMax(),
        Math.max(1, unitMillis / 4),
        8,
        100,
        unitMillis);
  }

  /**
   * Without the drift of the process's clock, which is a thousand times that of real ones, to put
   * leases to the test: those who compare wall clocks count on less.
   */
  private long uptimeMillis() {
    return walls.trueMillis() - startMillis;
  }

  /** What the clocks here show. */
  Reading reading() {
    return new Reading(node, life, machine.wallMillis(), uptimeMillis(), carried.carriedMillis());
  }

  /** A message says what the clocks of another node showed when it left. */
  void told(Reading reading) {
    toldCarried(reading.node(), reading.carriedMillis());
    Peer peer = peers.get(reading.node());
    if (peer == null || peer.life() < reading.life()) {
      peer = new Peer(reading.life(), wall.follow(reading.node()));
      peers.put(reading.node(), peer);
    }
    if (peer.life() == reading.life()) {
      peer.reports().told(reading.wallMillis(), reading.uptimeMillis());
    }
  }

  /** Another node, with which this one need not have a group in common, carries this time. */
  void toldCarried(int node, long millis) {
    carried.told(node, millis);
  }

  int node() {
    return node;
  }

  SimulatedProcess process() {
    return process;
  }

  /** What the node takes for the time. */
  long timeMillis() {
    return carried.wallMillis();
  }

  HybridLogicalClock clock() {
    return clock;
  }

  Coordinators coordinators() {
    return coordinators;
  }

  void add(ShardFront front) {
    fronts.add(front);
  }

  private void recoverOverdue() {
    long deadline = process.nowNanos() + RECOVERY_UNITS * unitNanos;
    for (ShardFront front : fronts) {
      List<OverdueTxn> overdue =
          front.hasConfiguration()
              ? front.overdue(OVERDUE_UNITS * unitNanos / NANOS_PER_MILLI, OVERDUE_MAX)
              : List.of();
      for (OverdueTxn txn : overdue) {
        coordinators.recover(txn.txn(), txn.issuedAt(), txn.participants(), deadline, report -> {});
      }
    }
  }

  @Override
  public void send(
      GroupId group, ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> done) {
    int number = (int) group.number();
    List<Integer> nodes = roads.nodesOf(number);
    if (nodes.isEmpty()) {
      return; // There is no such group, and so nobody to answer.
    }
    Integer known = knownLeader(number);
    int asked =
        known == null || random.chance(STRAY_CHANCE)
            ? nodes.get(random.nextInt(nodes.size()))
            : known;
    leaders.remove(number); // Until it answers.
    long left = deadlineNanos - process.nowNanos();
    roads.ask(
        this, asked, new Ask(number, call, left, answer -> onAnswer(number, asked, answer, done)));
  }

  private @Nullable Integer knownLeader(int group) {
    Integer remembered = leaders.get(group);
    return remembered == null && sending.knowsLeaders()
        ? roads.leaderKnownOn(node, group).orElse(null)
        : remembered;
  }

  private void onAnswer(
      int group, int asked, ParticipantAnswer answer, Consumer<ParticipantAnswer> done) {
    if (answer instanceof ParticipantAnswer.NotLeader elsewhere) {
      Optional<NodeId> hint = elsewhere.leader();
      hint.ifPresent(name -> leaders.put(group, StoreFactory.nodeOf(name)));
    } else {
      leaders.put(group, asked);
    }
    done.accept(answer);
  }
}
