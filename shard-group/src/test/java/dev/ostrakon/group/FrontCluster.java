package dev.ostrakon.group;

import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.ManualClock;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.ManualScheduler;
import dev.ostrakon.replica.MemoryLogStorage;
import dev.ostrakon.replica.MemoryStateStore;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.replica.ReplicaObserver;
import dev.ostrakon.replica.ReplicaPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One shard group of three replicas with their fronts, in one thread on virtual time. The network
 * is perfect, except for members that are cut off.
 */
final class FrontCluster {
  private static final int MOST_TICKS = 2_000;
  private static final int TASKS_MAX = 1_000_000;
  private static final int CHECKPOINT_ENTRIES = 7;
  static final long NANOS_PER_MILLI = 1_000_000;

  /** One member and everything that belongs to it. */
  record Member(
      ReplicaId id,
      MemoryLogStorage log,
      MemoryStateStore state,
      Replica<BatchResult> replica,
      ShardFront front,
      HybridLogicalClock clock) {}

  final GroupId group;
  final ManualScheduler scheduler;
  private final ManualClock wall;
  private final ReplicaConfig config;
  private final ShardFrontConfig bounds;
  private final GroupRules rules;
  private final Membership membership;
  private final RandomSource random = new RandomSource(7);
  private final Map<ReplicaId, Member> members = new TreeMap<>();
  private final Set<ReplicaId> cutOff = new TreeSet<>();
  private final Set<ReplicaId> deaf = new TreeSet<>();
  private final Set<ReplicaId> frozen = new TreeSet<>();
  private final List<Throwable> stops = new ArrayList<>();

  FrontCluster(GroupId group, ManualScheduler scheduler, ManualClock wall, Shape shape) {
    this.group = group;
    this.scheduler = scheduler;
    this.wall = wall;
    this.config = shape.config();
    this.bounds = shape.bounds();
    this.rules = shape.rules();
    List<ReplicaId> ids = List.of(new ReplicaId(1), new ReplicaId(2), new ReplicaId(3));
    this.membership = Membership.ofVoters(ids);
    ids.forEach(id -> start(id, new MemoryLogStorage(scheduler), new MemoryStateStore(scheduler)));
  }

  /** What a cluster may differ in. */
  record Shape(ReplicaConfig config, ShardFrontConfig bounds, GroupRules rules) {
    static final Shape DEFAULTS =
        new Shape(ReplicaConfig.DEFAULTS, ShardFrontConfig.DEFAULTS, GroupRules.STANDARD);

    Shape with(ShardFrontConfig otherBounds) {
      return new Shape(config, otherBounds, rules);
    }

    /** Checkpoints every few entries, and followers that are late get a snapshot. */
    Shape withFrequentCheckpoints() {
      RaftConfig forgetful = RaftConfig.DEFAULTS.withRetention(0, 3);
      ReplicaConfig often =
          new ReplicaConfig(
              forgetful, 1 << 20, 2 << 20, Long.MAX_VALUE, CHECKPOINT_ENTRIES, 256, 4, 100, 1_000);
      return new Shape(often, bounds, rules);
    }

    Shape with(GroupRules otherRules) {
      return new Shape(config, bounds, otherRules);
    }
  }

  /** A group that owns all of four slots and has a leader. */
  static FrontCluster serving(Shape shape) {
    FrontCluster cluster =
        new FrontCluster(
            new GroupId(1), new ManualScheduler(), new ManualClock(Given.EPOCH_MILLIS), shape);
    GroupId one = cluster.group;
    cluster.adopt(TestGroup.configuration(1, List.of(one, one, one, one)));
    return cluster;
  }

  void adopt(Configuration configuration) {
    FrontAnswer<CommandResult> answer =
        ask(
            listener ->
                awaitLeader()
                    .front()
                    .adopt(GroupSettings.DEFAULTS, configuration, deadline(), listener));
    if (!answer.equals(new FrontAnswer.Done<>(new CommandResult.Done()))) {
      throw new AssertionError("expected the configuration to be adopted, was " + answer);
    }
  }

  /** Five seconds from now. */
  long deadline() {
    return scheduler.nowNanos() + 5_000 * NANOS_PER_MILLI;
  }

  HybridTimestamp now() {
    return new HybridTimestamp(wall.wallMillis(), 0);
  }

  ShardFront leader() {
    return awaitLeader().front();
  }

  Member member(int id) {
    return Known.get(members, new ReplicaId(id));
  }

  List<Member> all() {
    return List.copyOf(members.values());
  }

  Member awaitLeader() {
    awaitTrue("an election", () -> findLeader().isPresent());
    return findLeader().orElseThrow();
  }

  Optional<Member> findLeader() {
    return members.values().stream()
        .filter(member -> !cutOff.contains(member.id()) && !deaf.contains(member.id()))
        .filter(member -> member.front().isLeading())
        .findFirst();
  }

  /** Its messages do not arrive, nor do those to it. */
  void cutOff(Member member) {
    cutOff.add(member.id());
  }

  /** Its process stands still and hears nothing. */
  void freeze(Member member) {
    cutOff(member);
    frozen.add(member.id());
  }

  /** What it sends arrives, what is sent to it does not. */
  void deafen(Member member) {
    deaf.add(member.id());
  }

  void heal() {
    cutOff.clear();
    deaf.clear();
    frozen.clear();
  }

  /** The process ends and starts again; memory is lost. */
  void restart(Member old) {
    old.replica().stop();
    old.front().stop();
    start(old.id(), old.log().reopen(scheduler), old.state().reopen(scheduler));
  }

  /** Asks something and lets time pass until the answer is there. */
  <A> A ask(Consumer<Consumer<A>> question) {
    List<A> answers = begin(question);
    awaitTrue("an answer", () -> !answers.isEmpty());
    return answers.get(0);
  }

  /** Asks something; what is answered is added to the list. */
  <A> List<A> begin(Consumer<Consumer<A>> question) {
    List<A> answers = new ArrayList<>();
    question.accept(
        answer -> {
          answers.add(answer);
          if (answers.size() > 1) {
            throw new AssertionError("expected one answer, were " + answers);
          }
        });
    return answers;
  }

  /** Lets time pass until the condition holds; fails if it never does. */
  void awaitTrue(String what, BooleanSupplier condition) {
    for (int i = 0; i < MOST_TICKS; i++) {
      settle();
      if (condition.getAsBoolean()) {
        return;
      }
      tick();
    }
    throw new AssertionError(what + " did not happen in " + MOST_TICKS + " ticks");
  }

  /** Lets everything happen that needs no time. */
  void settle() {
    scheduler.runAll(TASKS_MAX);
  }

  /** Lets so much time pass. */
  void pass(long millis) {
    long end = scheduler.nowNanos() + millis * NANOS_PER_MILLI;
    while (scheduler.nowNanos() < end) {
      tick();
      settle();
    }
  }

  private void tick() {
    scheduler.advance(config.raft().tickNanos());
    wall.advance(config.raft().tickNanos() / NANOS_PER_MILLI);
    tickMembers();
  }

  /** One tick of all members, in a world where time is moved elsewhere. */
  void tickMembers() {
    for (Member member : all()) {
      if (!frozen.contains(member.id())) {
        member.replica().tick();
        member.front().tick();
      }
    }
    if (!stops.isEmpty()) {
      throw new AssertionError("a replica stopped itself", stops.get(0));
    }
  }

  private void start(ReplicaId id, MemoryLogStorage log, MemoryStateStore state) {
    HybridLogicalClock clock = new HybridLogicalClock(wall, ClockConfig.DEFAULTS);
    ShardFront front =
        new ShardFront(group, clock, bounds, replica -> Optional.of(node(replica)), rules);
    Replica<BatchResult> replica =
        new Replica<>(
            new Replica.Start(
                id,
                config,
                RaftRules.STANDARD,
                random.fork("replica-" + id),
                membership,
                log.recover(),
                state.recover()),
            new ReplicaPorts(log, state, (to, message) -> route(id, to, message), scheduler),
            front.machine(state),
            new Stops());
    front.attach(replica, scheduler);
    members.put(id, new Member(id, log, state, replica, front, clock));
  }

  static NodeId node(ReplicaId replica) {
    return new NodeId("n" + replica.value());
  }

  private final class Stops implements ReplicaObserver {
    @Override
    public void onEvent(ReplicaEvent event) {}

    @Override
    public void onStopped(Throwable cause) {
      stops.add(cause);
    }
  }

  private void route(ReplicaId from, ReplicaId to, RaftMessage message) {
    if (arrives(from, to)) {
      scheduler.execute(
          () -> {
            if (arrives(from, to)) {
              Known.get(members, to).replica().deliver(from, message);
            }
          });
    }
  }

  private boolean arrives(ReplicaId from, ReplicaId to) {
    return !cutOff.contains(from) && !cutOff.contains(to) && !deaf.contains(to);
  }
}
