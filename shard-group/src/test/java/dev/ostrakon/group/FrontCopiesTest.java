package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.FrontCluster.Member;
import dev.ostrakon.group.FrontCluster.Shape;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request is logged once, however often it is sent. */
final class FrontCopiesTest {
  private static final long LONG_AGO_MILLIS = 1_000;

  private final FrontCluster cluster = FrontCluster.serving(Shape.DEFAULTS);
  private final ShardFront leader = cluster.leader();
  private final long before = leader.counters().commands();

  @Test
  void a_copy_of_a_request_that_is_not_proposed_yet_joins_it() {
    List<FrontAnswer<RequestOutcome>> first = begin(leader, append(A, "x"));
    List<FrontAnswer<RequestOutcome>> second = begin(leader, append(A, "x"));
    cluster.settle();

    assertThat(first).hasSize(1).isEqualTo(second);
    assertThat(logged()).isEqualTo(1);
  }

  @Test
  void a_copy_of_a_request_that_is_being_replicated_joins_it() {
    Member slow = cluster.awaitLeader();
    cluster.deafen(slow);
    List<FrontAnswer<RequestOutcome>> first = begin(leader, append(A, "x"));
    cluster.settle();

    List<FrontAnswer<RequestOutcome>> second = begin(leader, append(A, "x"));
    cluster.settle();

    assertThat(logged()).isEqualTo(1);
    cluster.heal();
    cluster.awaitTrue("an answer", () -> !second.isEmpty());
    assertThat(FrontAnswers.committed(second.get(0)))
        .isEqualTo(FrontAnswers.committed(first.get(0)));
  }

  @Test
  void a_copy_joins_a_request_whose_sender_has_given_up() {
    Member slow = cluster.awaitLeader();
    cluster.deafen(slow);
    long soon = cluster.scheduler.nowNanos() + 20 * FrontCluster.NANOS_PER_MILLI;
    List<FrontAnswer<RequestOutcome>> first =
        cluster.begin(l -> leader.execute(request(1, append(A, "x")), soon, l));
    cluster.settle();
    cluster.pass(40);
    assertThat(first).containsExactly(new FrontAnswer.Unknown<>());

    List<FrontAnswer<RequestOutcome>> second = begin(leader, append(A, "x"));
    cluster.settle();

    assertThat(logged()).isEqualTo(1);
    cluster.heal();
    cluster.awaitTrue("an answer", () -> !second.isEmpty());
    assertThat(second.get(0)).isInstanceOf(FrontAnswer.Done.class);
  }

  @Test
  void a_copy_that_was_never_logged_ends_as_such() {
    cluster.cutOff(cluster.awaitLeader());
    FrontAnswer<RequestOutcome> first =
        cluster.ask(l -> leader.execute(request(1, append(A, "x")), cluster.deadline(), l));

    assertThat(first).isInstanceOf(FrontAnswer.Unknown.class);
  }

  @Test
  void a_copy_that_comes_after_the_answer_is_told_the_same_and_not_logged() {
    FrontAnswer<RequestOutcome> first =
        cluster.ask(l -> leader.execute(request(1, append(A, "x")), cluster.deadline(), l));
    cluster.pass(LONG_AGO_MILLIS);

    assertThat(begin(leader, append(A, "x"))).containsExactly(first);
    assertThat(logged()).isEqualTo(1);
  }

  @Test
  void a_copy_of_a_request_that_waits_for_its_turn_waits_with_it() {
    Participants coordinator = new Participants(cluster);
    coordinator.order(9, put(A, "t"));
    List<FrontAnswer<RequestOutcome>> first = begin(leader, append(A, "x"), get(A));
    cluster.pass(LONG_AGO_MILLIS);
    long queued = leader.counters().commands();

    List<FrontAnswer<RequestOutcome>> second = begin(leader, append(A, "x"), get(A));
    cluster.settle();
    assertThat(second).isEmpty();
    assertThat(leader.counters().commands()).isEqualTo(queued);

    coordinator.commit(9);
    assertThat(first).hasSize(1).isEqualTo(second);
    assertThat(FrontAnswers.last(second.get(0))).isEqualTo("tx");
  }

  @Test
  void another_body_under_the_same_id_joins_nobody() {
    List<FrontAnswer<RequestOutcome>> first = begin(leader, append(A, "x"));
    List<FrontAnswer<RequestOutcome>> second = begin(leader, append(A, "y"));
    cluster.settle();

    assertThat(first).singleElement().isInstanceOf(FrontAnswer.Done.class);
    assertThat(second)
        .singleElement()
        .isInstanceOfSatisfying(
            FrontAnswer.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.INVALID));
  }

  @Test
  void a_copy_of_an_order_is_told_its_status_and_not_logged() {
    ParticipantCall order =
        new ParticipantCall.Order(request(1, put(A, "1")), cluster.now(), Given.TWO_GROUPS);
    Participants coordinator = new Participants(cluster);
    List<ParticipantAnswer> first =
        cluster.begin(l -> leader.participate(order, cluster.deadline(), l));
    List<ParticipantAnswer> second =
        cluster.begin(l -> leader.participate(order, cluster.deadline(), l));
    cluster.settle();
    assertThat(first).hasSize(1).isEqualTo(second);
    assertThat(logged()).isEqualTo(1);

    cluster.pass(LONG_AGO_MILLIS);
    assertThat(leader.isLeading()).isTrue();
    assertThat(coordinator.status(order)).isInstanceOf(TxnStatus.Ready.class);
    assertThat(logged()).isEqualTo(1);
  }

  private long logged() {
    return leader.counters().commands() - before;
  }

  private List<FrontAnswer<RequestOutcome>> begin(ShardFront front, Operation... operations) {
    Request request = request(1, operations);
    return cluster.begin(listener -> front.execute(request, cluster.deadline(), listener));
  }
}
