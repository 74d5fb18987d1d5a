package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** A group of replicas in memory with a perfect network, except for members that are cut off. */
final class ReplicaGroup {

  static final long TICK_NANOS = RaftConfig.DEFAULTS.tickNanos();

  private static final int MOST_TICKS = 1_000;

  /** One member and everything that belongs to it. */
  record Member(
      ReplicaId id,
      MemoryLogStorage log,
      MemoryStateStore state,
      RegisterMachine machine,
      Replica<String> replica,
      List<ReplicaEvent> events,
      List<Throwable> stops) {}

  final ManualScheduler scheduler = new ManualScheduler();
  private final Map<ReplicaId, Member> members = new TreeMap<>();
  private final Set<ReplicaId> cutOff = new TreeSet<>();
  private final ReplicaConfig config;
  private final Membership membership;
  private final RandomSource random = new RandomSource(7);

  ReplicaGroup(int size, ReplicaConfig config) {
    this.config = config;
    List<ReplicaId> ids = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      ids.add(new ReplicaId(i));
    }
    this.membership = Membership.ofVoters(ids);
    ids.forEach(id -> start(id, new MemoryLogStorage(scheduler), new MemoryStateStore(scheduler)));
  }

  static ReplicaConfig config(long checkpointEntries, int retainedEntries) {
    return new ReplicaConfig(
        RaftConfig.DEFAULTS.withRetention(0, retainedEntries),
        1 << 20,
        2 << 20,
        Long.MAX_VALUE,
        checkpointEntries,
        32,
        4,
        100,
        4);
  }

  Member member(int id) {
    return Objects.requireNonNull(members.get(new ReplicaId(id)));
  }

  List<Member> others(Member one) {
    return members.values().stream().filter(member -> !member.id().equals(one.id())).toList();
  }

  void restart(int id) {
    Member old = member(id);
    old.replica().stop();
    start(old.id(), old.log().reopen(scheduler), old.state().reopen(scheduler));
  }

  void cutOff(int id) {
    cutOff.add(new ReplicaId(id));
  }

  void reconnect(int id) {
    cutOff.remove(new ReplicaId(id));
  }

  /** Lets time pass until the condition holds; fails if it never does. */
  void awaitTrue(String what, BooleanSupplier condition) {
    for (int i = 0; i < MOST_TICKS; i++) {
      scheduler.runAll(100_000);
      if (condition.getAsBoolean()) {
        return;
      }
      scheduler.advance(TICK_NANOS);
      List.copyOf(members.values()).forEach(member -> member.replica().tick());
    }
    throw new AssertionError(what + " did not happen in " + MOST_TICKS + " ticks");
  }

  void tick(int count) {
    for (int i = 0; i < count; i++) {
      scheduler.runAll(100_000);
      scheduler.advance(TICK_NANOS);
      List.copyOf(members.values()).forEach(member -> member.replica().tick());
    }
    scheduler.runAll(100_000);
  }

  Member awaitLeader() {
    awaitTrue("an election", () -> leader().isPresent());
    return leader().orElseThrow();
  }

  Optional<Member> leader() {
    return members.values().stream()
        .filter(member -> !cutOff.contains(member.id()))
        .filter(member -> !member.replica().isStopped())
        .filter(member -> member.replica().status().role() == Role.LEADER)
        .findFirst();
  }

  /** Proposes at the leader and waits for the result. */
  String append(String text) {
    List<ProposalOutcome<String>> outcomes = new ArrayList<>();
    awaitLeader().replica().propose(Bytes.utf8(text), Long.MAX_VALUE, outcomes::add);
    awaitTrue("the outcome of a proposal", () -> !outcomes.isEmpty());
    if (outcomes.get(0) instanceof ProposalOutcome.Applied<String> applied) {
      return applied.result();
    }
    throw new AssertionError("expected the proposal to be applied, was " + outcomes.get(0));
  }

  String valueAt(Member member) {
    List<String> found = new ArrayList<>();
    member
        .state()
        .scan(
            new StateStore.ScanRequest(RegisterMachine.KEY, Bytes.EMPTY, 1, 1 << 20),
            new Callback<>() {
              @Override
              public void succeeded(StateStore.ScanPage page) {
                found.add(page.rows().isEmpty() ? "" : page.rows().get(0).value().toUtf8());
              }

              @Override
              public void failed(StorageException cause) {
                throw cause;
              }
            });
    scheduler.runAll(100_000);
    return found.get(0);
  }

  private void start(ReplicaId id, MemoryLogStorage log, MemoryStateStore state) {
    RegisterMachine machine = new RegisterMachine(state);
    List<ReplicaEvent> events = new ArrayList<>();
    List<Throwable> stops = new ArrayList<>();
    Replica<String> replica =
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
            machine,
            new ReplicaObserver() {
              @Override
              public void onEvent(ReplicaEvent event) {
                events.add(event);
              }

              @Override
              public void onStopped(Throwable cause) {
                stops.add(cause);
              }
            });
    members.put(id, new Member(id, log, state, machine, replica, events, stops));
  }

  private void route(ReplicaId from, ReplicaId to, RaftMessage message) {
    if (!cutOff.contains(from) && !cutOff.contains(to)) {
      scheduler.execute(
          () -> {
            Member target = members.get(to);
            if (target != null && !cutOff.contains(from) && !cutOff.contains(to)) {
              target.replica().deliver(from, message);
            }
          });
    }
  }
}
