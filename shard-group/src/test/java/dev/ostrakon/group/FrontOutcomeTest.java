package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.B;
import static dev.ostrakon.group.Given.add;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.attempt;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.time;
import static dev.ostrakon.group.Given.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.FrontCluster.Shape;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.ManualClock;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.replica.ManualScheduler;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * "An answer that a client never got is found by asking for its request id: committed with this
 * result, not committed, or unknown because the window has passed."
 */
final class FrontOutcomeTest {
  private final FrontCluster cluster = FrontCluster.serving(Shape.DEFAULTS);
  private final Participants coordinator = new Participants(cluster);

  @Test
  void a_request_that_was_carried_out_is_reported_with_its_results() {
    RequestOutcome.Committed first = FrontAnswers.committed(execute(1, append(A, "x"), get(A)));

    assertThat(outcome(1, A)).isEqualTo(new RequestReport.Committed(first));
    assertThat(outcome(1)).isEqualTo(new RequestReport.Committed(first));
  }

  @Test
  void a_request_that_was_never_heard_of_is_refused_from_then_on() {
    assertThat(outcome(1, A)).isEqualTo(new RequestReport.NeverExecuted());

    assertThat(execute(1, append(A, "x")))
        .isInstanceOfSatisfying(
            FrontAnswer.Done.class,
            done -> assertThat(done.value()).isInstanceOf(RequestOutcome.Refused.class));
    Request second =
        new Request(
            attempt(1, 2), time(0), Acknowledgement.NONE, Transaction.of(List.of(append(A, "x"))));
    FrontAnswer<RequestOutcome> answer =
        cluster.ask(l -> cluster.leader().execute(second, cluster.deadline(), l));
    assertThat(answer)
        .isInstanceOfSatisfying(
            FrontAnswer.Done.class,
            done -> assertThat(done.value()).isInstanceOf(RequestOutcome.Refused.class));
    assertThat(outcome(1, A)).isEqualTo(new RequestReport.NeverExecuted());
  }

  @Test
  void without_its_keys_a_request_is_refused_on_all_slots() {
    assertThat(outcome(1)).isEqualTo(new RequestReport.NeverExecuted());
    assertThat(execute(1, append(B, "x")))
        .isInstanceOfSatisfying(
            FrontAnswer.Done.class,
            done -> assertThat(done.value()).isInstanceOf(RequestOutcome.Refused.class));
  }

  /** A client asks one of the groups, and names the keys of all. */
  @Test
  void keys_of_other_groups_do_not_keep_a_request_from_being_refused() {
    GroupId one = new GroupId(1);
    GroupId two = new GroupId(2);
    Configuration shared = TestGroup.configuration(1, List.of(one, two, one, two));
    FrontCluster half =
        new FrontCluster(
            one, new ManualScheduler(), new ManualClock(Given.EPOCH_MILLIS), Shape.DEFAULTS);
    half.adopt(shared);
    Key mine = keyOf(one, shared);
    Key theirs = keyOf(two, shared);

    assertThat(ask(half, theirs))
        .isInstanceOfSatisfying(
            FrontAnswer.Denied.class,
            denied -> assertThat(denied.refusal().reason()).isEqualTo(Refusal.Reason.WRONG_GROUP));
    assertThat(ask(half, theirs, mine))
        .isEqualTo(new FrontAnswer.Done<>(new RequestReport.NeverExecuted()));
  }

  private static Key keyOf(GroupId group, Configuration configuration) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> Key.utf8("key-" + i))
        .filter(key -> configuration.ownerOf(configuration.slots().of(key)).equals(group))
        .findFirst()
        .orElseThrow();
  }

  private static FrontAnswer<RequestReport> ask(FrontCluster cluster, Key... keys) {
    return cluster.ask(
        l ->
            cluster
                .leader()
                .outcome(txn(1).request(), List.of(keys), time(0), cluster.deadline(), l));
  }

  @Test
  void a_refusal_for_a_reason_of_its_own_is_reported_with_it() {
    execute(1, put(A, "x"));
    execute(2, add(A, 1));

    assertThat(outcome(2, A))
        .isInstanceOfSatisfying(
            RequestReport.Refused.class,
            refused ->
                assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.NOT_A_NUMBER));
  }

  @Test
  void a_request_that_waits_is_reported_when_it_was_carried_out() {
    coordinator.order(1, put(A, "t"));
    cluster.<FrontAnswer<RequestOutcome>>begin(
        l -> cluster.leader().execute(request(2, append(A, "x")), cluster.deadline(), l));
    List<FrontAnswer<RequestReport>> asked = begin(2, A);
    cluster.settle();
    assertThat(asked).isEmpty();

    coordinator.commit(1);

    assertThat(asked)
        .singleElement()
        .isInstanceOfSatisfying(
            FrontAnswer.Done.class,
            done -> assertThat(done.value()).isInstanceOf(RequestReport.Committed.class));
  }

  @Test
  void a_transaction_over_several_groups_that_is_pending_is_left_to_a_recovery() {
    coordinator.order(1, put(A, "t"));

    assertThat(outcome(1, A))
        .isEqualTo(new RequestReport.Pending(txn(1), time(0), Given.TWO_GROUPS));
    coordinator.commit(1);
    assertThat(outcome(1, A)).isInstanceOf(RequestReport.CommittedInPart.class);
  }

  @Test
  void results_of_one_group_are_not_told_as_those_of_the_whole_transaction() {
    coordinator.order(1, append(A, "t"));
    coordinator.commit(1);
    assertThat(outcome(1, A)).isInstanceOf(RequestReport.CommittedInPart.class);

    cluster.<ParticipantAnswer>begin(
        l ->
            cluster
                .leader()
                .participate(new ParticipantCall.Forget(List.of(txn(1))), cluster.deadline(), l));
    cluster.settle();

    assertThat(outcome(1, A)).isInstanceOf(RequestReport.CommittedInPart.class);
    assertThat(outcome(1)).isInstanceOf(RequestReport.CommittedInPart.class);
  }

  /** The question finds it pending, and before the answer its outcome is applied. */
  @Test
  void a_transaction_that_ends_within_the_entry_of_the_question_is_reported() {
    HybridTimestamp at = ready(coordinator.order(1, put(A, "t")));
    ShardFront leader = cluster.leader();

    List<FrontAnswer<RequestReport>> asked =
        cluster.begin(
            l -> leader.outcome(txn(1).request(), List.of(A), time(0), cluster.deadline(), l));
    ParticipantCall commit =
        new ParticipantCall.Apply(txn(1), at, new TxnOutcome.Commit(Branch.THEN));
    leader.participate(commit, cluster.deadline(), answer -> {});
    cluster.settle();

    assertThat(asked)
        .singleElement()
        .isInstanceOfSatisfying(
            FrontAnswer.Done.class,
            done -> assertThat(done.value()).isInstanceOf(RequestReport.CommittedInPart.class));
  }

  @Test
  void what_is_older_than_the_window_is_forgotten() {
    HybridTimestamp old = new HybridTimestamp(Given.EPOCH_MILLIS - 600_001, 0);
    assertThat(ask(2, old, A)).isEqualTo(new RequestReport.Forgotten());
  }

  @Test
  void a_request_whose_time_is_not_known_is_refused_from_then_on_and_not_called_forgotten() {
    assertThat(ask(1, HybridTimestamp.ZERO)).isEqualTo(new RequestReport.NotHeardOf());

    assertThat(execute(1, append(A, "x")))
        .isInstanceOfSatisfying(
            FrontAnswer.Done.class,
            done -> assertThat(done.value()).isInstanceOf(RequestOutcome.Refused.class));
    assertThat(ask(1, HybridTimestamp.ZERO)).isEqualTo(new RequestReport.NotHeardOf());
    assertThat(outcome(1, A)).isEqualTo(new RequestReport.NeverExecuted());
  }

  @Test
  void what_is_remembered_is_told_even_if_its_time_is_not_known() {
    execute(1, append(A, "x"));

    assertThat(ask(1, HybridTimestamp.ZERO, A)).isInstanceOf(RequestReport.Committed.class);
  }

  @Test
  void what_the_client_has_acknowledged_is_told_as_acknowledged_and_not_as_forgotten() {
    execute(1, append(A, "x"));
    Request second =
        new Request(txn(2), time(0), Acknowledgement.upTo(1), Transaction.of(List.of(put(B, "1"))));
    cluster.<FrontAnswer<RequestOutcome>>ask(
        l -> cluster.leader().execute(second, cluster.deadline(), l));

    assertThat(outcome(1, A)).isEqualTo(new RequestReport.Acknowledged());
    assertThat(ask(1, HybridTimestamp.ZERO)).isEqualTo(new RequestReport.Acknowledged());
  }

  private static HybridTimestamp ready(TxnStatus status) {
    if (status instanceof TxnStatus.Ready ready) {
      return ready.timestamp();
    }
    throw new AssertionError("expected a transaction that is ready, was " + status);
  }

  private FrontAnswer<RequestOutcome> execute(long sequence, Operation... operations) {
    return cluster.ask(
        l -> cluster.leader().execute(request(sequence, operations), cluster.deadline(), l));
  }

  private static Request request(long sequence, Operation... operations) {
    return Given.request(sequence, operations);
  }

  private RequestReport outcome(long sequence, Key... keys) {
    return ask(sequence, time(0), keys);
  }

  private RequestReport ask(long sequence, HybridTimestamp issuedAt, Key... keys) {
    FrontAnswer<RequestReport> answer =
        cluster.ask(
            l ->
                cluster
                    .leader()
                    .outcome(
                        txn(sequence).request(), List.of(keys), issuedAt, cluster.deadline(), l));
    if (answer instanceof FrontAnswer.Done<RequestReport> done) {
      return done.value();
    }
    throw new AssertionError("expected a report, was " + answer);
  }

  private List<FrontAnswer<RequestReport>> begin(long sequence, Key... keys) {
    return cluster.begin(
        l ->
            cluster
                .leader()
                .outcome(txn(sequence).request(), List.of(keys), time(0), cluster.deadline(), l));
  }
}
