package dev.ostrakon.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.InvariantViolation;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import dev.ostrakon.replica.ReplicaGroup.Member;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The driver with the real core, over memory. */
class ReplicaTest {

  @Test
  void command_is_applied_on_every_member_and_answered_with_its_result() {
    ReplicaGroup group = new ReplicaGroup(3, ReplicaGroup.config(1_000, 10));

    assertThat(group.append("a")).isEqualTo("a");
    assertThat(group.append("b")).isEqualTo("ab");

    for (int id = 1; id <= 3; id++) {
      Member member = group.member(id);
      group.awaitTrue("replication", () -> group.valueAt(member).equals("ab"));
    }
  }

  @Test
  void follower_refuses_a_proposal_and_names_the_leader() {
    ReplicaGroup group = new ReplicaGroup(3, ReplicaGroup.config(1_000, 10));
    group.append("a");
    Member leader = group.awaitLeader();
    Member follower = group.member(leader.id().value() == 1 ? 2 : 1);
    List<ProposalOutcome<String>> outcomes = new ArrayList<>();

    follower.replica().propose(Bytes.utf8("x"), Long.MAX_VALUE, outcomes::add);

    assertThat(outcomes).containsExactly(new ProposalOutcome.NotLeader<>(leader.id()));
  }

  @Test
  void leader_whose_entries_the_others_cannot_read_says_so_and_leaves_leading_to_them() {
    ReplicaGroup group = new ReplicaGroup(3, ReplicaGroup.config(1_000, 10));
    group.append("a");
    Member newer = group.awaitLeader();
    List<Member> older = group.others(newer);
    older.forEach(member -> member.machine().becomeOld());
    List<ProposalOutcome<String>> outcomes = new ArrayList<>();
    newer.replica().propose(Bytes.utf8(RegisterMachine.NEWER + "x"), Long.MAX_VALUE, outcomes::add);

    group.awaitTrue(
        "a report of the leader",
        () -> newer.replica().problem().startsWith("nothing is committed for 5 s"));
    assertThat(older)
        .allMatch(member -> member.replica().problem().startsWith("cannot read the entries"));

    group.awaitTrue("the end of the leadership", () -> !outcomes.isEmpty());
    assertThat(outcomes).containsExactly(new ProposalOutcome.Unknown<>());
    assertThat(newer.events()).anyMatch(event -> event instanceof ReplicaEvent.ReplicationStalled);
    assertThat(group.append("b")).isEqualTo("ab");
    assertThat(group.awaitLeader()).isIn(older);
    group.awaitTrue("replication", () -> group.valueAt(newer).equals("ab"));
    assertThat(older).allMatch(member -> member.replica().problem().isEmpty());
    assertThat(newer.replica().problem()).isEmpty();
  }

  @Test
  void proposals_beyond_the_bound_are_refused_and_definitely_not_applied() {
    ReplicaGroup group = new ReplicaGroup(1, ReplicaGroup.config(1_000, 10));
    Member leader = group.awaitLeader();
    List<ProposalOutcome<String>> outcomes = new ArrayList<>();

    for (int i = 0; i < 5; i++) {
      leader.replica().propose(Bytes.utf8("x"), Long.MAX_VALUE, outcomes::add);
    }
    assertThat(outcomes).containsExactly(new ProposalOutcome.Overloaded<>());
    group.awaitTrue("the others", () -> outcomes.size() == 5);

    assertThat(group.valueAt(leader)).isEqualTo("xxxx");
  }

  @Test
  void proposal_at_a_leader_without_quorum_ends_as_unknown() {
    ReplicaGroup group = new ReplicaGroup(3, ReplicaGroup.config(1_000, 10));
    group.append("a");
    Member leader = group.awaitLeader();
    group.cutOff((int) leader.id().value());
    List<ProposalOutcome<String>> outcomes = new ArrayList<>();

    leader.replica().propose(Bytes.utf8("lost"), Long.MAX_VALUE, outcomes::add);
    group.awaitTrue("the end of the proposal", () -> !outcomes.isEmpty());

    assertThat(outcomes).containsExactly(new ProposalOutcome.Unknown<>());
    assertThat(leader.replica().status().role()).isNotEqualTo(Role.LEADER);
  }

  @Test
  void proposal_ends_at_its_deadline() {
    ReplicaGroup group = new ReplicaGroup(3, ReplicaGroup.config(1_000, 10));
    group.append("a");
    Member leader = group.awaitLeader();
    group.cutOff((int) leader.id().value());
    List<ProposalOutcome<String>> outcomes = new ArrayList<>();

    leader
        .replica()
        .propose(
            Bytes.utf8("x"),
            group.scheduler.nowNanos() + 3 * ReplicaGroup.TICK_NANOS,
            outcomes::add);
    group.tick(2);
    assertThat(outcomes).isEmpty();
    group.tick(1);

    assertThat(outcomes).containsExactly(new ProposalOutcome.Unknown<>());
  }

  @Test
  void read_on_any_member_sees_what_was_acknowledged_before() {
    ReplicaGroup group = new ReplicaGroup(3, ReplicaGroup.config(1_000, 10));
    group.append("a");
    for (int id = 1; id <= 3; id++) {
      Member member = group.member(id);
      group.awaitTrue("a known leader", () -> !member.replica().status().leader().isNone());
      group.append("b");
      String expected = "a" + "b".repeat(id);
      List<ReadResult> results = new ArrayList<>();

      member.replica().read(Long.MAX_VALUE, results::add);
      group.awaitTrue("the read", () -> !results.isEmpty());

      assertThat(results).containsExactly(ReadResult.READY);
      assertThat(group.valueAt(member)).isEqualTo(expected);
    }
  }

  @Test
  void restart_replays_the_log_behind_the_checkpoint() {
    ReplicaGroup group = new ReplicaGroup(1, ReplicaGroup.config(4, 2));
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      expected.append(i);
      assertThat(group.append(Integer.toString(i))).isEqualTo(expected.toString());
    }
    // A no-op and ten commands: the last checkpoint is at entry 8, and three entries follow it.
    assertThat(group.member(1).state().recover().index()).isEqualTo(8);

    group.restart(1);

    assertThat(group.append("x")).isEqualTo(expected + "x");
  }

  @Test
  void member_that_was_away_too_long_gets_a_snapshot() {
    ReplicaGroup group = new ReplicaGroup(3, ReplicaGroup.config(4, 0));
    group.append("a");
    Member leader = group.awaitLeader();
    int away = leader.id().value() == 1 ? 2 : 1;
    group.cutOff(away);
    for (int i = 0; i < 40; i++) {
      group.append("b");
    }

    group.reconnect(away);

    Member late = group.member(away);
    String expected = "a" + "b".repeat(40);
    group.awaitTrue("catching up", () -> group.valueAt(late).equals(expected));
    assertThat(late.events()).anyMatch(ReplicaEvent.SnapshotInstalled.class::isInstance);
    assertThat(late.machine().restores()).isEqualTo(2);
    assertThat(group.append("c")).isEqualTo(expected + "c");
    group.awaitTrue("going on", () -> group.valueAt(late).equals(expected + "c"));
  }

  @Test
  void leadership_moves_on_request() {
    ReplicaGroup group = new ReplicaGroup(3, ReplicaGroup.config(1_000, 10));
    group.append("a");
    Member leader = group.awaitLeader();
    ReplicaId target = new ReplicaId(leader.id().value() == 3 ? 1 : 3);

    assertThat(leader.replica().transferLeadership(target)).isTrue();

    group.awaitTrue(
        "the handover",
        () -> group.leader().map(member -> member.id().equals(target)).orElse(false));
    assertThat(group.append("b")).isEqualTo("ab");
  }

  @Test
  void failing_log_stops_the_replica_for_good() {
    ManualScheduler scheduler = new ManualScheduler();
    List<Throwable> stops = new ArrayList<>();
    StorageException cause =
        new StorageException(StorageException.Reason.IO_ERROR, "the disk is gone");
    Replica<String> replica =
        single(scheduler, new FailingLog(cause), new MemoryStateStore(scheduler), stops);
    List<ProposalOutcome<String>> outcomes = new ArrayList<>();
    List<ReadResult> reads = new ArrayList<>();

    for (int i = 0; i < 100; i++) {
      scheduler.advance(ReplicaGroup.TICK_NANOS);
      replica.tick();
      scheduler.runAll(1_000);
    }
    replica.propose(Bytes.utf8("x"), Long.MAX_VALUE, outcomes::add);
    replica.read(Long.MAX_VALUE, reads::add);

    assertThat(stops).containsExactly(cause);
    assertThat(replica.isStopped()).isTrue();
    assertThat(outcomes).containsExactly(new ProposalOutcome.NotLeader<>(ReplicaId.NONE));
    assertThat(reads).containsExactly(ReadResult.STOPPED);
  }

  @Test
  void machine_that_answers_an_entry_twice_is_a_bug_that_stops_the_replica() {
    ManualScheduler scheduler = new ManualScheduler();
    List<Throwable> stops = new ArrayList<>();
    MemoryStateStore state = new MemoryStateStore(scheduler);
    RegisterMachine machine = new RegisterMachine(state);
    Replica<String> replica =
        start(
            scheduler,
            new MemoryLogStorage(scheduler),
            state,
            new StateMachine<>() {
              @Override
              public void restored(dev.ostrakon.raft.SnapshotMetadata at) {
                machine.restored(at);
              }

              @Override
              public void apply(LogEntry entry, java.util.function.Consumer<String> done) {
                done.accept("once");
                done.accept("twice");
              }

              @Override
              public void beforeCheckpoint() {}
            },
            stops);

    for (int i = 0; i < 100; i++) {
      scheduler.advance(ReplicaGroup.TICK_NANOS);
      replica.tick();
      scheduler.runAll(1_000);
      if (i == 90) {
        replica.propose(Bytes.utf8("x"), Long.MAX_VALUE, outcome -> {});
      }
    }

    assertThat(stops).hasSize(1).hasOnlyElementsOfType(InvariantViolation.class);
  }

  @Test
  void stranger_must_not_touch_a_replica() {
    Scheduler elsewhere =
        new Scheduler() {
          @Override
          public void execute(Runnable task) {}

          @Override
          public long nowNanos() {
            return 0;
          }

          @Override
          public boolean isOwner() {
            return false;
          }
        };
    Replica<String> replica =
        single(
            elsewhere,
            new MemoryLogStorage(elsewhere),
            new MemoryStateStore(elsewhere),
            new ArrayList<>());

    assertThatThrownBy(replica::tick).isInstanceOf(IllegalStateException.class);
  }

  private static Replica<String> single(
      Scheduler scheduler, LogStorage log, StateStore state, List<Throwable> stops) {
    return start(scheduler, log, state, new RegisterMachine(state), stops);
  }

  private static Replica<String> start(
      Scheduler scheduler,
      LogStorage log,
      StateStore state,
      StateMachine<String> machine,
      List<Throwable> stops) {
    ReplicaId id = new ReplicaId(1);
    return new Replica<>(
        new Replica.Start(
            id,
            new ReplicaConfig(
                RaftConfig.DEFAULTS, 1 << 20, 2 << 20, Long.MAX_VALUE, 100, 32, 4, 100, 10),
            RaftRules.STANDARD,
            new RandomSource(1),
            Membership.ofVoters(List.of(id)),
            log.recover(),
            state.recover()),
        new ReplicaPorts(log, state, (to, message) -> {}, scheduler),
        machine,
        new ReplicaObserver() {
          @Override
          public void onEvent(ReplicaEvent event) {}

          @Override
          public void onStopped(Throwable cause) {
            stops.add(cause);
          }
        });
  }

  /** A log on a disk that fails every write. */
  private record FailingLog(StorageException cause) implements LogStorage {
    @Override
    public RecoveredLog recover() {
      return RecoveredLog.EMPTY;
    }

    @Override
    public void persist(LogWrite write, Callback<Void> callback) {
      callback.failed(cause);
    }

    @Override
    public void read(LogFetch fetch, Callback<List<LogEntry>> callback) {
      callback.failed(cause);
    }
  }
}
