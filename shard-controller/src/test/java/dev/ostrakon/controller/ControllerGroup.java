package dev.ostrakon.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import dev.ostrakon.replica.ManualScheduler;
import dev.ostrakon.replica.MemoryLogStorage;
import dev.ostrakon.replica.MemoryStateStore;
import dev.ostrakon.replica.ReadResult;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.replica.ReplicaObserver;
import dev.ostrakon.replica.ReplicaPorts;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/**
 * A controller group of three real replicas over memory, in one thread from one seed. Messages take
 * up to three ticks, overtake each other and are lost now and then; members can be killed and
 * restarted. Logs are compacted after a few entries, so that restarted members need snapshots.
 */
final class ControllerGroup {
  static final int SIZE = 3;
  static final long TICK_NANOS = RaftConfig.DEFAULTS.tickNanos();

  private static final int TICKS_MAX = 10_000;
  private static final int TASKS_MAX = 1_000_000;
  private static final double LOSS = 0.02;
  private static final int DELAY_TICKS_MAX = 3;
  private static final int CHECKPOINT_ENTRIES = 7;

  /** One member and everything that belongs to it. */
  record Member(
      ReplicaId id,
      MemoryLogStorage log,
      MemoryStateStore store,
      ControllerStateMachine machine,
      Replica<ControllerAnswer> replica,
      List<ReplicaEvent> events,
      List<Throwable> failures) {}

  private record Arrival(long tick, Runnable delivery) {}

  private final ManualScheduler scheduler = new ManualScheduler();
  private final Map<ReplicaId, Member> members = new TreeMap<>();
  private final List<Arrival> underWay = new ArrayList<>();
  private final long seed;
  private final RandomSource random;
  private final RandomSource network;
  private long tickCount;
  private long startCount;

  ControllerGroup(long seed) {
    this.seed = seed;
    random = new RandomSource(seed);
    network = random.fork("network");
    for (int i = 1; i <= SIZE; i++) {
      start(new ReplicaId(i), new MemoryLogStorage(scheduler), new MemoryStateStore(scheduler));
    }
  }

  ManualScheduler scheduler() {
    return scheduler;
  }

  RandomSource random() {
    return random;
  }

  /** The clock of whoever asks; all clocks are right here. */
  HybridTimestamp now() {
    return Samples.at(1_000_000 + tickCount * TICK_NANOS / 1_000_000);
  }

  List<Member> running() {
    return members.values().stream().filter(member -> !member.replica().isStopped()).toList();
  }

  Member member(int number) {
    return member(new ReplicaId(number));
  }

  private Member member(ReplicaId id) {
    return Objects.requireNonNull(members.get(id));
  }

  /** The running member of the highest term that takes itself for the leader. */
  Optional<Member> leader() {
    return running().stream()
        .filter(member -> member.replica().status().role() == Role.LEADER)
        .max(
            (one, other) ->
                Long.compare(one.replica().status().term(), other.replica().status().term()));
  }

  /** Kills a member: what it had not made durable is gone. */
  void kill(Member member) {
    member.replica().stop();
  }

  /** Restarts a killed member from its log and its last checkpoint. */
  void restart(Member member) {
    start(member.id(), member.log().reopen(scheduler), member.store().reopen(scheduler));
  }

  void restartAllKilled() {
    members.values().stream()
        .filter(member -> member.replica().isStopped())
        .toList()
        .forEach(this::restart);
  }

  /** Lets one tick of time pass. */
  void tick() {
    tickCount++;
    scheduler.advance(TICK_NANOS);
    running().forEach(member -> member.replica().tick());
    List<Arrival> due = underWay.stream().filter(arrival -> arrival.tick() <= tickCount).toList();
    underWay.removeAll(due);
    due.forEach(arrival -> arrival.delivery().run());
    scheduler.runAll(TASKS_MAX);
    for (Member member : running()) {
      member.replica().checkInvariants();
      member.machine().checkInvariants();
    }
  }

  /** Lets time pass until the condition holds; fails if it never does. */
  void await(String what, BooleanSupplier condition) {
    for (int i = 0; i < TICKS_MAX && !condition.getAsBoolean(); i++) {
      tick();
    }
    assertThat(condition.getAsBoolean())
        .as("%s within %d ticks, seed %d", what, TICKS_MAX, seed)
        .isTrue();
  }

  Member awaitLeader() {
    await("a leader", () -> leader().isPresent());
    return leader().orElseThrow();
  }

  /** A linearizable query, asked of one member and asked again until it is answered. */
  QueryAnswer query(Member member, long number) {
    SingleController.Expected<QueryAnswer> answer = new SingleController.Expected<>();
    boolean[] asked = {false};
    await(
        "the answer to a query of " + number,
        () -> {
          if (!asked[0]) {
            asked[0] = true;
            long deadlineNanos = scheduler.nowNanos() + 20 * TICK_NANOS;
            member
                .replica()
                .read(
                    deadlineNanos,
                    result -> {
                      if (result == ReadResult.READY) {
                        member.machine().query(ConfigurationQuery.of(number), answer);
                      } else {
                        asked[0] = false;
                      }
                    });
          }
          return answer.value().isPresent();
        });
    return answer.value().orElseThrow();
  }

  Configuration configuration(Member member, long number) {
    QueryAnswer answer = query(member, number);
    assertThat(answer).isInstanceOf(QueryAnswer.Found.class);
    return ((QueryAnswer.Found) answer).configuration();
  }

  /** The newest configuration, from whoever leads. */
  Configuration newest() {
    return configuration(awaitLeader(), ConfigurationQuery.LATEST_NUMBER);
  }

  /** Heals everything and requires that all members come to hold the same state. */
  void requireAgreement() {
    members.values().forEach(member -> assertThat(member.failures()).isEmpty());
    restartAllKilled();
    await("agreement", () -> leader().isPresent() && allApplied(leader().orElseThrow()));
    List<Row> expected = rows(member(1));
    for (Member member : members.values()) {
      assertThat(rows(member)).as("state of %s", member.id()).isEqualTo(expected);
    }
  }

  private boolean allApplied(Member leader) {
    long last = leader.replica().status().lastIndex();
    return members.values().stream()
        .allMatch(
            member ->
                member.replica().status().appliedIndex() == last
                    && member.machine().newestConfiguration().isPresent());
  }

  private List<Row> rows(Member member) {
    SingleController.Expected<ScanPage> page = new SingleController.Expected<>();
    member
        .store()
        .scan(
            new ScanRequest(Bytes.EMPTY, Bytes.EMPTY, Integer.MAX_VALUE, Integer.MAX_VALUE), page);
    scheduler.runAll(TASKS_MAX);
    return page.value().orElseThrow().rows();
  }

  private void start(ReplicaId id, MemoryLogStorage log, MemoryStateStore store) {
    startCount++;
    List<ReplicaEvent> events = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    ControllerStateMachine machine =
        new ControllerStateMachine(store, cause -> member(id).replica().fail(cause));
    Replica<ControllerAnswer> replica =
        new Replica<>(
            new Replica.Start(
                id,
                config(),
                RaftRules.STANDARD,
                random.fork("replica-" + id + "-" + startCount),
                Membership.ofVoters(
                    LongStream.rangeClosed(1, SIZE).mapToObj(ReplicaId::new).toList()),
                log.recover(),
                store.recover()),
            new ReplicaPorts(log, store, (to, message) -> send(id, to, message), scheduler),
            machine,
            new Observer(events, failures));
    members.put(id, new Member(id, log, store, machine, replica, events, failures));
  }

  private void send(ReplicaId from, ReplicaId to, RaftMessage message) {
    if (!network.chance(LOSS)) {
      long arrival = tickCount + network.nextInt(DELAY_TICKS_MAX + 1);
      underWay.add(new Arrival(arrival, () -> member(to).replica().deliver(from, message)));
    }
  }

  private static ReplicaConfig config() {
    return new ReplicaConfig(
        RaftConfig.DEFAULTS.withRetention(0, 2),
        1 << 20,
        2 << 20,
        Long.MAX_VALUE,
        CHECKPOINT_ENTRIES,
        64,
        4,
        100,
        1000);
  }

  private record Observer(List<ReplicaEvent> events, List<Throwable> failures)
      implements ReplicaObserver {
    @Override
    public void onEvent(ReplicaEvent event) {
      events.add(event);
    }

    @Override
    public void onStopped(Throwable cause) {
      failures.add(cause);
    }
  }
}
