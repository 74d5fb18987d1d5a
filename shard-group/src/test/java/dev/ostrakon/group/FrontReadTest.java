package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.B;
import static dev.ostrakon.group.Given.add;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.time;
import static dev.ostrakon.group.Given.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.FrontCluster.Member;
import dev.ostrakon.group.FrontCluster.Shape;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md, "Reads": one sentence a test, and the mutants that leave one out. */
final class FrontReadTest {
  private final FrontCluster cluster = FrontCluster.serving(Shape.DEFAULTS);
  private final Participants coordinator = new Participants(cluster);

  @Test
  void a_read_shows_the_value_and_the_version_of_its_write() {
    RequestOutcome.Committed written = FrontAnswers.committed(execute(1, put(A, "1")));

    RequestOutcome.Committed seen = FrontAnswers.committed(read(get(A)));

    assertThat(seen.results())
        .singleElement()
        .isEqualTo(new OperationResult.Present(Value.utf8("1"), written.timestamp()));
    assertThat(seen.timestamp()).isGreaterThanOrEqualTo(written.timestamp());
  }

  @Test
  void a_read_of_a_key_without_a_value_is_absent() {
    assertThat(FrontAnswers.text(read(get(A)))).isEmpty();
  }

  @Test
  void conditions_choose_the_branch_of_a_read() {
    execute(1, put(A, "1"), put(B, "2"));
    Transaction transaction =
        new Transaction(List.of(new Condition.Exists(A)), List.of(get(B)), List.of(get(A)));
    Transaction other =
        new Transaction(List.of(new Condition.Missing(A)), List.of(get(B)), List.of(get(A)));

    assertThat(FrontAnswers.committed(read(transaction)).branch()).isEqualTo(Branch.THEN);
    assertThat(FrontAnswers.text(read(transaction))).isEqualTo("2");
    assertThat(FrontAnswers.committed(read(other)).branch()).isEqualTo(Branch.OTHERWISE);
    assertThat(FrontAnswers.text(read(other))).isEqualTo("1");
  }

  /** "without a log entry" */
  @Test
  void reads_of_a_turn_share_one_confirmation_and_are_not_logged() {
    ShardFront leader = cluster.leader();
    FrontCounters before = leader.counters();
    List<List<FrontAnswer<RequestOutcome>>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(begin(leader, Transaction.of(List.of(get(A)))));
    }
    cluster.settle();

    assertThat(answers).allSatisfy(each -> assertThat(each).hasSize(1));
    assertThat(leader.counters().readIndexes()).isEqualTo(before.readIndexes() + 1);
    assertThat(leader.counters().batches()).isEqualTo(before.batches());
  }

  @Test
  void a_write_is_no_read() {
    assertThat(read(put(A, "1")))
        .isInstanceOfSatisfying(
            FrontAnswer.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.INVALID));
  }

  /** "If a conflicting transaction is ready in this group, the read waits for its APPLY" */
  @Test
  void a_read_waits_for_a_ready_transaction_that_changes_its_key() {
    coordinator.order(1, put(A, "t"));

    List<FrontAnswer<RequestOutcome>> waiting = begin(get(A));
    cluster.settle();
    assertThat(waiting).isEmpty();
    assertThat(FrontAnswers.text(read(get(B)))).isEmpty();

    coordinator.commit(1);
    assertThat(waiting).hasSize(1);
    assertThat(FrontAnswers.text(waiting.get(0))).isEqualTo("t");
    assertThat(cluster.leader().counters().readsThatWaited()).isEqualTo(1);
  }

  @Test
  void a_read_waits_for_one_after_the_other() {
    coordinator.order(1, put(A, "1"));
    coordinator.order(2, put(B, "2"));
    List<FrontAnswer<RequestOutcome>> waiting = begin(get(A), get(B));

    coordinator.commit(1);
    assertThat(waiting).isEmpty();
    coordinator.commit(2);

    assertThat(waiting).hasSize(1);
  }

  @Test
  void a_read_goes_on_when_a_ready_transaction_was_moved_behind_another() {
    coordinator.order(1, append(A, "1"));
    List<FrontAnswer<RequestOutcome>> waiting = begin(get(A));
    cluster.settle();

    coordinator.status(new ParticipantCall.Finalise(txn(1), time(2_500)));

    assertThat(waiting).isEmpty(); // It is ready again, at its new place.
    coordinator.commit(1);
    assertThat(waiting).hasSize(1);
  }

  /** "if it is only pending, the read may be served now" */
  @Test
  void a_read_does_not_wait_for_what_is_only_pending() {
    coordinator.order(1, put(A, "1"));
    coordinator.order(2, put(A, "2"), put(B, "2"));

    assertThat(FrontAnswers.text(read(get(B)))).isEmpty();
  }

  @Test
  void a_read_does_not_wait_for_readers() {
    coordinator.order(1, get(A), put(B, "1"));

    assertThat(FrontAnswers.text(read(get(A)))).isEmpty();
  }

  @Test
  void a_read_waits_for_every_ready_add() {
    coordinator.order(1, add(A, 1));
    coordinator.order(2, add(A, 2));
    List<FrontAnswer<RequestOutcome>> waiting = begin(get(A));

    coordinator.commit(2);
    assertThat(waiting).isEmpty();
    coordinator.commit(1);

    assertThat(FrontAnswers.text(waiting.get(0))).isEqualTo("3");
  }

  @Test
  void a_read_of_keys_on_disk_loads_them_and_looks_again() {
    execute(1, put(A, "1"));
    Member leader = cluster.awaitLeader();
    toDisk(leader);

    assertThat(FrontAnswers.text(read(get(A)))).isEqualTo("1");
    assertThat(leader.front().counters().readsFromDisk()).isEqualTo(1);
  }

  @Test
  void a_transaction_that_becomes_ready_while_keys_are_loaded_is_waited_for() {
    execute(1, put(A, "1"), put(B, "1"));
    Member leader = cluster.awaitLeader();
    toDisk(leader);
    List<FrontAnswer<RequestOutcome>> waiting = begin(get(A));
    coordinator.order(2, put(A, "2"));
    List<FrontAnswer<RequestOutcome>> later = begin(get(A));
    cluster.settle();

    assertThat(later).isEmpty();
    coordinator.commit(2);
    assertThat(waiting).hasSize(1);
    assertThat(FrontAnswers.text(later.get(0))).isEqualTo("2");
  }

  @Test
  void a_leader_that_was_replaced_serves_nothing() {
    execute(1, put(A, "old"));
    Member old = cluster.awaitLeader();
    cluster.cutOff(old);
    List<FrontAnswer<RequestOutcome>> stale =
        cluster.begin(
            l -> old.front().read(Transaction.of(List.of(get(A))), cluster.deadline(), l));
    cluster.awaitTrue("another leader", () -> cluster.findLeader().isPresent());
    execute(2, put(A, "new"));
    cluster.pass(6_000);

    assertThat(stale)
        .singleElement()
        .satisfiesAnyOf(
            // Served under the lease, before there was another leader.
            answer -> assertThat(FrontAnswers.text(answer)).isEqualTo("old"),
            answer -> assertThat(answer).isInstanceOf(FrontAnswer.NotLeader.class));
    assertThat(
            cluster.<FrontAnswer<RequestOutcome>>ask(
                l -> old.front().read(Transaction.of(List.of(get(A))), cluster.deadline(), l)))
        .isInstanceOf(FrontAnswer.NotLeader.class);
  }

  @Test
  void a_read_that_waits_ends_with_its_deadline_and_leaves_nothing_behind() {
    coordinator.order(1, put(A, "t"));
    List<FrontAnswer<RequestOutcome>> waiting = begin(get(A));
    cluster.pass(6_000);

    assertThat(waiting).containsExactly(new FrontAnswer.DeadlineExceeded<>());
    assertThat(cluster.leader().counters().waitingReads()).isZero();
  }

  @Test
  void a_read_that_waits_ends_when_leadership_is_lost() {
    coordinator.order(1, put(A, "t"));
    Member leader = cluster.awaitLeader();
    List<FrontAnswer<RequestOutcome>> waiting = begin(get(A));
    cluster.settle();
    cluster.cutOff(leader);
    cluster.awaitTrue("the end of the leadership", () -> !leader.front().isLeading());
    cluster.pass(100);

    assertThat(waiting).singleElement().isInstanceOf(FrontAnswer.NotLeader.class);
  }

  @Test
  void more_reads_than_may_wait_are_turned_away() {
    ShardFrontConfig few = ShardFrontConfig.DEFAULTS.withReadsMax(2);
    FrontCluster small = FrontCluster.serving(Shape.DEFAULTS.with(few));
    ShardFront leader = small.leader();
    List<List<FrontAnswer<RequestOutcome>>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(
          small.begin(l -> leader.read(Transaction.of(List.of(get(A))), small.deadline(), l)));
    }
    small.settle();

    assertThat(answers.get(0)).singleElement().isInstanceOf(FrontAnswer.Done.class);
    assertThat(answers.get(2)).singleElement().isInstanceOf(FrontAnswer.Overloaded.class);
  }

  @Test
  void a_coordinator_sees_conditions_and_both_branches() {
    execute(1, put(A, "1"));
    Transaction fragment =
        new Transaction(List.of(new Condition.Missing(A)), List.of(get(A)), List.of(get(B)));

    ParticipantAnswer answer = coordinator.ask(new ParticipantCall.Read(fragment));

    assertThat(answer)
        .isInstanceOfSatisfying(
            ParticipantAnswer.Seen.class,
            seen -> {
              assertThat(seen.evaluation().conditionsHold()).isFalse();
              assertThat(textOf(seen.evaluation().then())).isEqualTo("1");
              assertThat(textOf(seen.evaluation().otherwise())).isEmpty();
            });
  }

  @Test
  void without_the_rule_a_read_does_not_wait_for_what_is_ready() {
    FrontCluster broken =
        FrontCluster.serving(
            Shape.DEFAULTS.with(
                new GroupRules() {
                  @Override
                  public boolean readWaitsForReady() {
                    return false;
                  }
                }));
    new Participants(broken).order(1, put(A, "t"));

    FrontAnswer<RequestOutcome> answer =
        broken.ask(
            l -> broken.leader().read(Transaction.of(List.of(get(A))), broken.deadline(), l));

    assertThat(FrontAnswers.text(answer)).isEmpty();
  }

  @Test
  void without_the_rule_a_replaced_leader_serves_what_is_old() {
    FrontCluster broken =
        FrontCluster.serving(
            Shape.DEFAULTS.with(
                new GroupRules() {
                  @Override
                  public boolean readConfirmsLeadership() {
                    return false;
                  }
                }));
    Member old = broken.awaitLeader();
    broken.freeze(old);
    broken.awaitTrue("another leader", () -> broken.findLeader().isPresent());
    assertThat(old.front().isLeading()).isTrue();

    FrontAnswer<RequestOutcome> answer =
        broken.ask(l -> old.front().read(Transaction.of(List.of(get(A))), broken.deadline(), l));

    assertThat(answer).isInstanceOf(FrontAnswer.Done.class);
  }

  private static String textOf(BranchResult result) {
    if (result instanceof BranchResult.Results results) {
      return FrontAnswers.text(results.results().get(0));
    }
    throw new AssertionError("expected results, was " + result);
  }

  /** After this the member's memory knows no values. */
  private void toDisk(Member member) {
    member
        .state()
        .checkpoint(
            new SnapshotMetadata(
                new EntryId(1, member.replica().status().appliedIndex()), Membership.EMPTY),
            new Callback<>() {
              @Override
              public void succeeded(Void nothing) {}

              @Override
              public void failed(StorageException cause) {
                throw cause;
              }
            });
    cluster.settle();
    Key any = A;
    assertThat(member.front().state().state().data.rowsToLoad(List.of(any))).isNotEmpty();
  }

  private FrontAnswer<RequestOutcome> execute(long sequence, Operation... operations) {
    return cluster.ask(
        l -> cluster.leader().execute(Given.request(sequence, operations), cluster.deadline(), l));
  }

  private FrontAnswer<RequestOutcome> read(Operation... operations) {
    return read(Transaction.of(List.of(operations)));
  }

  private FrontAnswer<RequestOutcome> read(Transaction transaction) {
    return cluster.ask(l -> cluster.leader().read(transaction, cluster.deadline(), l));
  }

  private List<FrontAnswer<RequestOutcome>> begin(Operation... operations) {
    return begin(cluster.leader(), Transaction.of(List.of(operations)));
  }

  private List<FrontAnswer<RequestOutcome>> begin(ShardFront front, Transaction transaction) {
    return cluster.begin(l -> front.read(transaction, cluster.deadline(), l));
  }
}
