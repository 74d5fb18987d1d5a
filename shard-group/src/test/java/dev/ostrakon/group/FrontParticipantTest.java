package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.B;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.order;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.FrontCluster.Member;
import dev.ostrakon.group.FrontCluster.Shape;
import dev.ostrakon.group.command.Command;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What coordinators are told: statuses by the log, and when something is awaited. */
final class FrontParticipantTest {
  private final FrontCluster cluster = FrontCluster.serving(Shape.DEFAULTS);
  private final Participants coordinator = new Participants(cluster);

  /** "Each answers, after its log has committed and applied the entry, with its status" */
  @Test
  void an_order_is_answered_at_once_ready_or_not() {
    assertThat(coordinator.order(1, put(A, "1"))).isInstanceOf(TxnStatus.Ready.class);
    assertThat(coordinator.order(2, put(A, "2"))).isInstanceOf(TxnStatus.Waiting.class);
  }

  @Test
  void an_order_from_the_future_is_denied_and_not_recorded() {
    HybridTimestamp future = new HybridTimestamp(cluster.now().wallMillis() + 501, 0);
    ParticipantAnswer answer =
        coordinator.ask(
            new ParticipantCall.Order(Given.request(1, put(A, "1")), future, Given.TWO_GROUPS));

    assertThat(answer)
        .isInstanceOfSatisfying(
            ParticipantAnswer.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.CLOCK_SKEW));
    assertThat(cluster.leader().state().status(txn(1))).isEqualTo(new TxnStatus.Unknown());
  }

  /** To refuse it would leave pending what others hold in their logs already. */
  @Test
  void a_final_timestamp_may_be_further_ahead_than_one_that_is_new() {
    coordinator.order(1, put(A, "1"));
    HybridTimestamp ahead = new HybridTimestamp(cluster.now().wallMillis() + 700, 0);

    TxnStatus status = coordinator.status(new ParticipantCall.Finalise(txn(1), ahead));

    assertThat(status)
        .isInstanceOfSatisfying(
            TxnStatus.Ready.class, ready -> assertThat(ready.timestamp()).isEqualTo(ahead));
  }

  @Test
  void a_timestamp_that_no_entry_could_hold_is_denied() {
    assertThat(coordinator.ask(new ParticipantCall.Finalise(txn(1), HybridTimestamp.MAX)))
        .isInstanceOf(ParticipantAnswer.Denied.class);
  }

  @Test
  void a_recovery_refuses_what_never_arrived() {
    TxnStatus status = coordinator.status(new ParticipantCall.Refuse(txn(1), cluster.now()));

    assertThat(status).isInstanceOf(TxnStatus.Refused.class);
    assertThat(coordinator.order(1, put(A, "1"))).isEqualTo(status);
  }

  private void assertDenied(ParticipantCall call, Refusal.Reason reason) {
    assertThat(coordinator.ask(call))
        .isInstanceOfSatisfying(
            ParticipantAnswer.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(reason));
  }

  private HybridTimestamp ahead(long millis) {
    return new HybridTimestamp(cluster.now().wallMillis() + millis, 0);
  }

  @Test
  void A11_a_final_timestamp_that_no_group_can_have_made_does_not_poison_the_clock() {
    coordinator.order(1, put(A, "1"));
    HybridTimestamp year6428 = new HybridTimestamp((1L << 47) - 1, 0);

    assertDenied(new ParticipantCall.Finalise(txn(1), year6428), Refusal.Reason.CLOCK_SKEW);
    assertDenied(new ParticipantCall.Finalise(txn(1), ahead(2_001)), Refusal.Reason.CLOCK_SKEW);
    assertDenied(new ParticipantCall.Refuse(txn(2), year6428), Refusal.Reason.CLOCK_SKEW);

    assertThat(cluster.leader().state().state().clock())
        .isLessThanOrEqualTo(new HybridTimestamp(cluster.now().wallMillis() + 500, 0));
    assertThat(cluster.leader().counters().clockSkews()).isEqualTo(3);
    assertThat(coordinator.commit(1)).isInstanceOf(TxnStatus.Finished.class);
    assertThat(coordinator.order(3, put(A, "3"))).isInstanceOf(TxnStatus.Ready.class);
  }

  /** What is refused now is taken once time has come so far: nothing is left pending. */
  @Test
  void A11_a_final_timestamp_that_is_ahead_of_the_time_here_is_taken_later() {
    coordinator.order(1, put(A, "1"));
    HybridTimestamp ahead = ahead(5_000);
    assertDenied(new ParticipantCall.Finalise(txn(1), ahead), Refusal.Reason.CLOCK_SKEW);

    cluster.pass(3_500);

    assertThat(coordinator.status(new ParticipantCall.Finalise(txn(1), ahead)))
        .isInstanceOf(TxnStatus.Ready.class);
  }

  /** Moved to where no other participant stands: no recovery can decide it. */
  @Test
  void A11_an_operator_releases_what_cannot_finish() {
    coordinator.order(1, put(A, "1"));
    coordinator.status(new ParticipantCall.Finalise(txn(1), ahead(1_000)));
    assertThat(coordinator.order(2, put(A, "2"))).isInstanceOf(TxnStatus.Waiting.class);
    HeldTxn held = cluster.leader().held(10).get(0);
    assertThat(held.txn()).isEqualTo(txn(1));
    assertThat(held.ready()).isTrue();
    assertThat(held.timestamp()).isGreaterThan(held.proposal());
    TxnOutcome abort =
        new TxnOutcome.Abort(new Refusal(Refusal.Reason.NOT_ORDERED, "by an operator"));

    assertThat(release(1, abort)).isEqualTo(new FrontAnswer.Done<>(true));
    assertThat(release(1, abort)).isEqualTo(new FrontAnswer.Done<>(false));
    assertThat(cluster.leader().state().status(txn(2))).isInstanceOf(TxnStatus.Ready.class);
    assertThat(release(2, new TxnOutcome.Commit(Branch.THEN)))
        .isEqualTo(new FrontAnswer.Done<>(true));
    assertThat(cluster.leader().held(10)).isEmpty();
  }

  private FrontAnswer<Boolean> release(long sequence, TxnOutcome outcome) {
    return cluster.ask(
        listener -> cluster.leader().release(txn(sequence), outcome, cluster.deadline(), listener));
  }

  @Test
  void A11_an_order_with_a_participant_that_does_not_exist_locks_nothing() {
    ParticipantCall.Order ghost =
        new ParticipantCall.Order(
            Given.request(1, put(A, "1")), cluster.now(), List.of(new GroupId(1), new GroupId(77)));

    assertDenied(ghost, Refusal.Reason.WRONG_GROUP);

    assertThat(coordinator.order(2, put(A, "2"))).isInstanceOf(TxnStatus.Ready.class);
  }

  @Test
  void A11_an_order_is_for_ascending_participants_of_which_the_group_is_one() {
    for (List<GroupId> participants :
        List.of(
            List.<GroupId>of(),
            List.of(new GroupId(2)),
            List.of(new GroupId(2), new GroupId(1)),
            List.of(new GroupId(1), new GroupId(1)))) {
      assertDenied(
          new ParticipantCall.Order(Given.request(1, put(A, "1")), cluster.now(), participants),
          Refusal.Reason.INVALID);
    }
    assertThat(cluster.leader().counters().invalid()).isEqualTo(4);
  }

  @Test
  void A11_what_is_forgotten_or_acknowledged_at_once_is_bounded() {
    List<TxnId> many = LongStream.rangeClosed(1, 1_001).mapToObj(Given::txn).toList();
    assertDenied(new ParticipantCall.Forget(many), Refusal.Reason.INVALID);
    assertThat(coordinator.ask(new ParticipantCall.Forget(many.subList(0, 1_000))))
        .isEqualTo(new ParticipantAnswer.Done());

    List<Long> settled = LongStream.rangeClosed(1, 65_537).boxed().toList();
    Request request =
        new Request(
            txn(1),
            cluster.now(),
            new Acknowledgement(0, settled),
            Transaction.of(List.of(put(A, "1"))));
    assertDenied(
        new ParticipantCall.Order(request, cluster.now(), Given.TWO_GROUPS),
        Refusal.Reason.INVALID);
  }

  @Test
  void an_await_is_answered_when_the_transaction_becomes_ready() {
    coordinator.order(1, put(A, "1"));
    TxnStatus waiting = coordinator.order(2, put(A, "2"));
    List<ParticipantAnswer> answers = await(2, HybridTimestamp.ZERO);
    cluster.settle();
    assertThat(waiting).isInstanceOf(TxnStatus.Waiting.class);
    assertThat(answers).isEmpty();

    coordinator.commit(1);

    assertThat(answers).hasSize(1);
    assertThat(Participants.statusOf(answers.get(0))).isInstanceOf(TxnStatus.Ready.class);
  }

  @Test
  void ready_below_the_awaited_timestamp_does_not_count() {
    coordinator.order(1, put(A, "1"));
    HybridTimestamp above = new HybridTimestamp(cluster.now().wallMillis() + 10, 0);
    List<ParticipantAnswer> answers = await(1, above);
    cluster.settle();
    assertThat(answers).isEmpty();

    coordinator.status(new ParticipantCall.Finalise(txn(1), above));

    assertThat(answers).hasSize(1);
  }

  @Test
  void an_await_of_what_is_finished_refused_or_unknown_is_answered_at_once() {
    coordinator.order(1, put(A, "1"));
    coordinator.commit(1);
    coordinator.status(new ParticipantCall.Refuse(txn(2), cluster.now()));

    assertThat(Participants.statusOf(await(1, HybridTimestamp.ZERO).get(0)))
        .isInstanceOf(TxnStatus.Finished.class);
    assertThat(Participants.statusOf(await(2, HybridTimestamp.ZERO).get(0)))
        .isInstanceOf(TxnStatus.Refused.class);
    assertThat(Participants.statusOf(await(3, HybridTimestamp.ZERO).get(0)))
        .isEqualTo(new TxnStatus.Unknown());
  }

  @Test
  void an_await_is_answered_with_what_is_known_just_before_its_deadline() {
    coordinator.order(1, put(A, "1"));
    coordinator.order(2, put(A, "2"));
    List<ParticipantAnswer> answers = await(2, HybridTimestamp.ZERO);
    cluster.pass(4_850);
    assertThat(answers).isEmpty();

    cluster.pass(100);

    assertThat(answers).hasSize(1);
    assertThat(Participants.statusOf(answers.get(0))).isInstanceOf(TxnStatus.Waiting.class);
    assertThat(cluster.leader().counters().waitingAwaits()).isZero();
  }

  @Test
  void an_await_ends_when_leadership_is_lost() {
    coordinator.order(1, put(A, "1"));
    coordinator.order(2, put(A, "2"));
    Member leader = cluster.awaitLeader();
    List<ParticipantAnswer> answers = await(2, HybridTimestamp.ZERO);
    cluster.cutOff(leader);
    cluster.awaitTrue("the end of the leadership", () -> !leader.front().isLeading());
    cluster.pass(100);

    assertThat(answers).singleElement().isInstanceOf(ParticipantAnswer.NotLeader.class);
  }

  @Test
  void more_awaits_of_a_transaction_than_may_wait_are_turned_away() {
    coordinator.order(1, put(A, "1"));
    coordinator.order(2, put(A, "2"));
    for (int i = 0; i < ShardFrontConfig.DEFAULTS.awaitsPerTxnMax(); i++) {
      assertThat(await(2, HybridTimestamp.ZERO)).isEmpty();
    }

    assertThat(await(2, HybridTimestamp.ZERO))
        .singleElement()
        .isInstanceOf(ParticipantAnswer.Overloaded.class);
  }

  @Test
  void forgetting_is_done_without_a_word() {
    coordinator.order(1, put(A, "1"));
    coordinator.commit(1);

    assertThat(coordinator.ask(new ParticipantCall.Forget(List.of(txn(1)))))
        .isEqualTo(new ParticipantAnswer.Done());
  }

  @Test
  void what_is_pending_for_too_long_is_named_with_all_that_a_recovery_needs() {
    coordinator.order(1, put(A, "1"));
    assertThat(cluster.leader().overdue(1_000, 10)).isEmpty();
    cluster.pass(1_000);

    assertThat(cluster.leader().overdue(1_000, 10))
        .containsExactly(new OverdueTxn(txn(1), Given.time(0), Given.TWO_GROUPS));
    assertThat(cluster.leader().overdue(1_000, 10)).isEmpty();
    cluster.pass(1_000);
    assertThat(cluster.leader().overdue(1_000, 10)).hasSize(1);
  }

  /** Those that wait behind them need no recovery of their own before. */
  @Test
  void what_others_may_wait_for_is_named_first() {
    for (int i = 1; i <= 3; i++) {
      coordinator.order(i, put(A, "1")); // The first is ready, the others wait.
    }
    coordinator.order(4, put(B, "1"));
    cluster.pass(1_000);

    assertThat(cluster.leader().overdue(1_000, 2))
        .extracting(OverdueTxn::txn)
        .containsExactly(txn(1), txn(4));
    assertThat(cluster.leader().overdue(1_000, 10))
        .extracting(OverdueTxn::txn)
        .containsExactly(txn(2), txn(3));
  }

  @Test
  void what_is_only_to_be_forgotten_has_its_share_however_much_is_unfinished() {
    coordinator.order(1, put(B, "1"));
    coordinator.commit(1);
    for (int i = 2; i <= 20; i++) {
      coordinator.order(i, put(A, "1"));
    }
    cluster.pass(ShardFrontConfig.DEFAULTS.unforgottenMillis());

    assertThat(cluster.leader().overdue(1_000, 8))
        .hasSize(8)
        .extracting(OverdueTxn::txn)
        .contains(txn(1));
  }

  @Test
  void a_new_leader_names_what_the_old_one_left_pending() {
    coordinator.order(1, put(A, "1"));
    Member old = cluster.awaitLeader();
    cluster.cutOff(old);
    cluster.awaitLeader();
    cluster.pass(1_000);

    assertThat(cluster.leader().overdue(1_000, 10)).hasSize(1);
    assertThat(old.front().overdue(0, 10)).isEmpty();
  }

  @Test
  void a_restarted_group_names_what_was_pending_before() {
    coordinator.order(1, put(A, "1"));
    cluster.all().forEach(cluster::restart);
    cluster.awaitLeader();
    cluster.pass(2_000);

    assertThat(cluster.leader().overdue(1_000, 10)).hasSize(1);
    coordinator.commit(1);
    assertThat(cluster.leader().overdue(0, 10)).isEmpty();
  }

  @Test
  void what_is_finished_and_never_forgotten_is_named_too() {
    coordinator.order(1, put(A, "1"));
    coordinator.abort(
        1, new TxnOutcome.Abort(new Refusal(Refusal.Reason.NUMBER_OVERFLOW, "too much")));
    assertThat(cluster.leader().overdue(0, 10)).isEmpty();
    cluster.pass(ShardFrontConfig.DEFAULTS.unforgottenMillis());

    assertThat(cluster.leader().overdue(1_000, 10))
        .extracting(OverdueTxn::txn)
        .containsExactly(txn(1));
    coordinator.ask(new ParticipantCall.Forget(List.of(txn(1))));
    cluster.pass(2 * ShardFrontConfig.DEFAULTS.unforgottenMillis());
    assertThat(cluster.leader().overdue(1_000, 10)).isEmpty();
  }

  /** "FINALISE kept only in the leader's memory; the leader dies after reporting ready." */
  @Test
  void without_the_rule_finalise_is_gone_with_its_leader() {
    FrontCluster broken =
        FrontCluster.serving(
            Shape.DEFAULTS.with(
                new GroupRules() {
                  @Override
                  public boolean logsFinalise() {
                    return false;
                  }
                }));
    Participants participants = new Participants(broken);
    participants.order(1, append(A, "1"));
    HybridTimestamp later = new HybridTimestamp(broken.now().wallMillis() + 10, 0);
    TxnStatus told = participants.status(new ParticipantCall.Finalise(txn(1), later));
    assertThat(told)
        .isInstanceOfSatisfying(
            TxnStatus.Ready.class, ready -> assertThat(ready.timestamp()).isEqualTo(later));

    participants.status(
        new ParticipantCall.Apply(txn(1), later, new TxnOutcome.Commit(Branch.THEN)));

    assertThat(broken.leader().state().status(txn(1))).isInstanceOf(TxnStatus.Ready.class);
  }

  /** Its coordinator is gone, or it is a copy of an order that came late. */
  @Test
  void a_read_that_nobody_ends_is_dropped_without_a_recovery() {
    ParticipantAnswer ordered =
        coordinator.ask(
            new ParticipantCall.Order(
                Given.request(1, Given.get(A)), cluster.now(), Given.TWO_GROUPS, 1, true));
    assertThat(Participants.statusOf(ordered)).isInstanceOf(TxnStatus.Ready.class);
    ShardFront leader = cluster.leader();
    assertThat(leader.overdue(2_000, 10)).isEmpty();
    cluster.pass(2_100);

    assertThat(leader.overdue(2_000, 10)).isEmpty();
    assertThat(leader.state().recordCount()).isOne();

    cluster.awaitTrue(
        "the read is dropped everywhere",
        () ->
            cluster.all().stream()
                .map(member -> member.front().state())
                .allMatch(state -> state.recordCount() == 0 && state.pendingCount() == 0));
  }

  @Test
  void orders_of_a_turn_share_an_entry() {
    ShardFront leader = cluster.leader();
    long before = leader.counters().batches();
    List<ParticipantAnswer> first = begin(leader, order(1, 0, put(A, "1")));
    List<ParticipantAnswer> second = begin(leader, order(2, 0, put(B, "1")));
    cluster.settle();

    assertThat(first).hasSize(1);
    assertThat(second).hasSize(1);
    assertThat(leader.counters().batches()).isEqualTo(before + 1);
  }

  private List<ParticipantAnswer> begin(ShardFront leader, Command.Order order) {
    ParticipantCall call =
        new ParticipantCall.Order(order.request(), order.proposed(), order.participants());
    return cluster.begin(listener -> leader.participate(call, cluster.deadline(), listener));
  }

  private List<ParticipantAnswer> await(long sequence, HybridTimestamp timestamp) {
    return coordinator.begin(new ParticipantCall.Await(txn(sequence), timestamp));
  }
}
