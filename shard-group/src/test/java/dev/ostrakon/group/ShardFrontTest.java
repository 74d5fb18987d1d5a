package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.B;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.FrontCluster.Member;
import dev.ostrakon.group.FrontCluster.Shape;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.ManualClock;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.replica.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests: batches, retries, refusals at the door, bounds, deadlines and loss of leadership. */
final class ShardFrontTest {
  private final FrontCluster cluster = FrontCluster.serving(Shape.DEFAULTS);

  @Test
  void a_request_is_carried_out_and_answered_when_its_entry_is_applied() {
    FrontAnswer<RequestOutcome> answer = execute(1, put(A, "1"));

    assertThat(answer)
        .isInstanceOfSatisfying(
            FrontAnswer.Done.class,
            done -> assertThat(done.value()).isInstanceOf(RequestOutcome.Committed.class));
  }

  @Test
  void all_that_gathers_in_a_turn_becomes_one_entry() {
    ShardFront leader = cluster.leader();
    long before = leader.counters().batches();
    List<List<FrontAnswer<RequestOutcome>>> answers = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      answers.add(begin(leader, request(i, append(A, "x"))));
    }
    cluster.settle();

    assertThat(answers).allSatisfy(each -> assertThat(each).hasSize(1));
    assertThat(leader.counters().batches()).isEqualTo(before + 1);
  }

  @Test
  void an_entry_is_closed_when_it_has_its_commands() {
    FrontCluster small =
        FrontCluster.serving(
            Shape.DEFAULTS.with(ShardFrontConfig.DEFAULTS.withCommands(1_000, 10, 2)));
    ShardFront leader = small.leader();
    long before = leader.counters().batches();
    List<List<FrontAnswer<RequestOutcome>>> answers = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      answers.add(begin(small, leader, request(i, put(A, "x"))));
    }
    small.settle();

    assertThat(answers).allSatisfy(each -> assertThat(each).hasSize(1));
    assertThat(leader.counters().batches()).isEqualTo(before + 10);
  }

  @Test
  void a_request_that_is_sent_again_gets_the_first_answer() {
    FrontAnswer<RequestOutcome> first = execute(1, append(A, "x"));

    assertThat(execute(1, append(A, "x"))).isEqualTo(first);
    assertThat(execute(2, get(A)))
        .satisfies(answer -> assertThat(FrontAnswers.text(answer)).isEqualTo("x"));
  }

  @Test
  void a_request_that_has_to_wait_is_answered_when_its_turn_has_come() {
    Participants coordinator = new Participants(cluster);
    coordinator.order(1, put(A, "t"));
    List<FrontAnswer<RequestOutcome>> waiting =
        begin(cluster.leader(), request(2, append(A, "x"), get(A)));
    cluster.settle();
    assertThat(waiting).isEmpty();

    coordinator.commit(1);

    assertThat(waiting).hasSize(1);
    assertThat(FrontAnswers.last(waiting.get(0))).isEqualTo("tx");
  }

  @Test
  void a_request_that_waits_is_answered_even_if_its_turn_comes_within_the_same_entry() {
    Participants coordinator = new Participants(cluster);
    coordinator.order(1, put(A, "t"));
    List<FrontAnswer<RequestOutcome>> waiting =
        begin(cluster.leader(), request(2, append(A, "x"), get(A)));
    coordinator.beginCommit(1);
    cluster.settle();

    assertThat(waiting).hasSize(1);
    assertThat(FrontAnswers.last(waiting.get(0))).isEqualTo("tx");
  }

  @Test
  void what_breaks_a_limit_is_refused_before_it_is_logged() {
    long before = cluster.leader().counters().batches();
    Key large = new Key(ByteString.wrap(new byte[2_000]));

    assertDenied(execute(1, put(large, "x")), Refusal.Reason.LIMIT_EXCEEDED);
    assertDenied(execute(2), Refusal.Reason.INVALID);
    assertThat(cluster.leader().counters().batches()).isEqualTo(before);
  }

  /** "a request whose timestamp is that far ahead is refused at the door, before it is logged" */
  @Test
  void a_request_from_the_future_is_refused_before_it_is_logged_and_counted() {
    ShardFront leader = cluster.leader();
    HybridTimestamp future = new HybridTimestamp(cluster.now().wallMillis() + 501, 0);
    Request request =
        new Request(txn(1), future, Acknowledgement.NONE, Transaction.of(List.of(put(A, "1"))));

    List<FrontAnswer<RequestOutcome>> answers = begin(leader, request);

    assertThat(answers).hasSize(1);
    assertDenied(answers.get(0), Refusal.Reason.CLOCK_SKEW);
    assertThat(leader.counters().clockSkews()).isEqualTo(1);
    assertThat(cluster.awaitLeader().clock().last()).isLessThan(future);
  }

  @Test
  void a_group_without_configuration_denies_and_remembers_nothing() {
    FrontCluster fresh =
        new FrontCluster(
            new GroupId(1),
            new ManualScheduler(),
            new ManualClock(Given.EPOCH_MILLIS),
            Shape.DEFAULTS);
    FrontAnswer<RequestOutcome> denied =
        fresh.ask(l -> fresh.leader().execute(request(1, put(A, "1")), fresh.deadline(), l));
    assertDenied(denied, Refusal.Reason.WRONG_GROUP);
    GroupId one = fresh.group;
    fresh.adopt(TestGroup.configuration(1, List.of(one, one, one, one)));

    FrontAnswer<RequestOutcome> answer =
        fresh.ask(l -> fresh.leader().execute(request(1, put(A, "1")), fresh.deadline(), l));

    assertThat(answer).isInstanceOf(FrontAnswer.Done.class);
  }

  @Test
  void a_follower_says_who_leads() {
    Member leader = cluster.awaitLeader();
    Member follower =
        cluster.all().stream().filter(m -> !m.id().equals(leader.id())).findFirst().orElseThrow();

    List<FrontAnswer<RequestOutcome>> answers = begin(follower.front(), request(1, put(A, "1")));

    assertThat(answers)
        .containsExactly(new FrontAnswer.NotLeader<>(Optional.of(FrontCluster.node(leader.id()))));
  }

  @Test
  void more_commands_than_may_wait_are_turned_away() {
    FrontCluster small =
        FrontCluster.serving(Shape.DEFAULTS.with(ShardFrontConfig.DEFAULTS.withCommands(10, 4, 1)));
    ShardFront leader = small.leader();
    List<List<FrontAnswer<RequestOutcome>>> answers = new ArrayList<>();
    for (int i = 1; i <= 11; i++) {
      answers.add(begin(small, leader, request(i, put(A, "x"))));
    }

    assertThat(answers.get(10)).singleElement().isInstanceOf(FrontAnswer.Overloaded.class);
    small.settle();
    assertThat(answers.subList(0, 10))
        .allSatisfy(each -> assertThat(each).singleElement().isInstanceOf(FrontAnswer.Done.class));
    assertThat(leader.counters().overloaded()).isEqualTo(1);
    assertThat(leader.counters().waitingCommands()).isZero();
  }

  @Test
  void a_deadline_ends_what_waits_and_what_was_never_logged_says_so() {
    FrontCluster small =
        FrontCluster.serving(Shape.DEFAULTS.with(ShardFrontConfig.DEFAULTS.withCommands(10, 1, 1)));
    Member leader = small.awaitLeader();
    small.deafen(leader);
    long deadline = small.scheduler.nowNanos() + 300 * FrontCluster.NANOS_PER_MILLI;
    List<List<FrontAnswer<RequestOutcome>>> answers = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      Request request = request(i, put(A, "x"));
      answers.add(small.begin(l -> leader.front().execute(request, deadline, l)));
    }
    small.pass(400);

    assertThat(answers.get(0)).containsExactly(new FrontAnswer.Unknown<>());
    assertThat(answers.get(1)).containsExactly(new FrontAnswer.DeadlineExceeded<>());
    long logged = leader.front().counters().commands();
    small.heal();
    small.pass(2_000);
    assertThat(leader.front().counters().commands()).as("logged so far").isEqualTo(logged);
  }

  @Test
  void loss_of_leadership_tells_what_may_be_logged_from_what_is_not() {
    FrontCluster small =
        FrontCluster.serving(Shape.DEFAULTS.with(ShardFrontConfig.DEFAULTS.withCommands(10, 1, 1)));
    Member leader = small.awaitLeader();
    small.cutOff(leader);
    List<List<FrontAnswer<RequestOutcome>>> answers = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      Request request = request(i, put(A, "x"));
      answers.add(small.begin(l -> leader.front().execute(request, Long.MAX_VALUE, l)));
    }
    small.awaitTrue("the end of the leadership", () -> !leader.front().isLeading());
    small.pass(100);

    assertThat(answers.get(0)).containsExactly(new FrontAnswer.Unknown<>());
    assertThat(answers.get(1)).singleElement().isInstanceOf(FrontAnswer.NotLeader.class);
  }

  @Test
  void an_unknown_request_is_settled_by_sending_it_again_to_the_next_leader() {
    Member leader = cluster.awaitLeader();
    cluster.deafen(leader);
    List<FrontAnswer<RequestOutcome>> first = begin(leader.front(), request(1, append(A, "x")));
    cluster.awaitTrue("the end of the leadership", () -> !first.isEmpty());
    assertThat(first).containsExactly(new FrontAnswer.Unknown<>());
    cluster.awaitLeader();
    cluster.heal();

    execute(1, append(A, "x"));

    assertThat(FrontAnswers.text(execute(2, get(A)))).isEqualTo("x");
  }

  @Test
  void a_request_that_waits_for_its_turn_is_unknown_when_leadership_is_lost() {
    new Participants(cluster).order(1, put(A, "t"));
    Member leader = cluster.awaitLeader();
    List<FrontAnswer<RequestOutcome>> waiting = begin(leader.front(), request(2, append(A, "x")));
    cluster.settle();
    cluster.cutOff(leader);
    cluster.awaitTrue("the end of the leadership", () -> !leader.front().isLeading());
    cluster.pass(100);

    assertThat(waiting).containsExactly(new FrontAnswer.Unknown<>());
    assertThat(leader.front().counters().waitingCommands()).isZero();
  }

  @Test
  void stopping_ends_every_call() {
    Member leader = cluster.awaitLeader();
    cluster.cutOff(leader);
    List<FrontAnswer<RequestOutcome>> write = begin(leader.front(), request(1, put(A, "1")));
    List<FrontAnswer<RequestOutcome>> read =
        cluster.begin(l -> leader.front().read(Transaction.of(List.of(get(B))), Long.MAX_VALUE, l));
    cluster.settle();
    leader.replica().stop();
    leader.front().stop();

    assertThat(write).hasSize(1);
    assertThat(read).hasSize(1);
  }

  private FrontAnswer<RequestOutcome> execute(long sequence, Operation... operations) {
    return cluster.ask(
        listener ->
            cluster.leader().execute(request(sequence, operations), cluster.deadline(), listener));
  }

  private List<FrontAnswer<RequestOutcome>> begin(ShardFront front, Request request) {
    return begin(cluster, front, request);
  }

  private static List<FrontAnswer<RequestOutcome>> begin(
      FrontCluster in, ShardFront front, Request request) {
    return in.begin(listener -> front.execute(request, in.deadline(), listener));
  }

  private static Request request(long sequence, Operation... operations) {
    return Given.request(sequence, operations);
  }

  private static void assertDenied(FrontAnswer<?> answer, Refusal.Reason reason) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            FrontAnswer.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(reason));
  }
}
