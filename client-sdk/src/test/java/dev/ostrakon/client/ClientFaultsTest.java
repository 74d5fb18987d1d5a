package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.ServiceError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the client makes of nodes that fail in every way. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClientFaultsTest {
  private static final ClientConfig PATIENT =
      ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(60_000, 500));
  private static final ClientConfig HASTY =
      ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(300, 100));

  /** Ends soon, but no answer of a machine that stands still for a second or two is late. */
  private static final ClientConfig STEADY =
      ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(3_000, 2_500));

  private final FakeCluster cluster = new FakeCluster(3, 3);
  private final List<OstrakonClient> clients = new ArrayList<>();

  @AfterEach
  void end() {
    clients.forEach(OstrakonClient::close);
    cluster.close();
  }

  private OstrakonClient connect(ClientConfig config) {
    OstrakonClient client = cluster.connect(config);
    clients.add(client);
    return client;
  }

  /** Lets the first so many requests, of any node, meet with this. */
  private AtomicInteger firstMeet(int count, Reaction reaction) {
    AtomicInteger left = new AtomicInteger(count);
    cluster.script = (node, call) -> left.getAndDecrement() > 0 ? reaction : new Reaction.Answer();
    return left;
  }

  private static KvException failureOf(CompletableFuture<?> future) {
    try {
      future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KvException failure) {
        return failure;
      }
      throw new AssertionError("expected a failure of the client's own", e);
    } catch (Exception e) {
      throw new AssertionError("the future did not complete", e);
    }
    throw new AssertionError("the future succeeded");
  }

  private void incrementsHappenOnceWith(Reaction reaction) {
    OstrakonClient db = connect(PATIENT);
    firstMeet(5, reaction);
    List<CompletableFuture<Long>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(db.increment("counter", 1));
    }
    assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(50);
    assertThat(cluster.store.get("counter")).contains("50");
    assertThat(cluster.store.executions()).isEqualTo(50);
    assertThat(cluster.store.isIssuedOnce()).isTrue();
  }

  @Test
  void a_lost_answer_is_asked_for_again_under_the_same_id() {
    incrementsHappenOnceWith(new Reaction.LoseAnswer());
    assertThat(cluster.store.sendingsMax()).isGreaterThan(1);
  }

  @Test
  void a_request_that_vanishes_is_sent_again() {
    incrementsHappenOnceWith(new Reaction.Ignore());
  }

  @Test
  void a_stream_that_breaks_after_the_work_costs_nothing_but_time() {
    incrementsHappenOnceWith(new Reaction.CloseAfter());
    assertThat(cluster.store.sendingsMax()).isGreaterThan(1);
  }

  @Test
  void a_stream_that_breaks_before_the_work_costs_nothing_but_time() {
    incrementsHappenOnceWith(new Reaction.CloseBefore());
  }

  @Test
  void an_answer_that_comes_twice_counts_once() {
    incrementsHappenOnceWith(new Reaction.AnswerTwice());
  }

  @Test
  void a_slow_answer_to_an_earlier_sending_still_counts() {
    OstrakonClient db = connect(PATIENT);
    firstMeet(1, new Reaction.Delay(700));
    assertThat(db.increment("counter", 1).join()).isEqualTo(1);
    assertThat(cluster.store.executions()).isEqualTo(1);
  }

  /** With pauses of up to 200 ms, 60 refusals would take at least 5.4 s; here, at most 2.5 s. */
  @Test
  void while_a_group_has_no_leader_it_is_asked_often() {
    OstrakonClient db =
        connect(ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(5_200, 2_000)));
    firstMeet(60, new Reaction.Refuse(new ServiceError(ErrorCode.NOT_LEADER, "no leader")));
    assertThat(db.increment("counter", 1).join()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {
        "WRONG_GROUP",
        "NOT_LEADER",
        "OVERLOADED",
        "NOT_ORDERED",
        "UNAVAILABLE",
        "CLOCK_SKEW",
        "OUTCOME_UNKNOWN",
        "DEADLINE_EXCEEDED"
      })
  void what_passes_is_tried_again(ErrorCode code) {
    OstrakonClient db = connect(PATIENT);
    firstMeet(3, new Reaction.Refuse(new ServiceError(code, "told to")));
    assertThat(db.increment("counter", 1).join()).isEqualTo(1);
    assertThat(cluster.requests.get()).isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {
        "LIMIT_EXCEEDED",
        "INVALID",
        "UNSUPPORTED",
        "NOT_A_NUMBER",
        "NUMBER_OVERFLOW",
        "WRONG_CLUSTER",
        "WIRE_FORMAT",
        "UNKNOWN_GROUP"
      })
  void what_can_never_succeed_fails_at_once_and_surely(ErrorCode code) {
    OstrakonClient db = connect(PATIENT);
    firstMeet(1, new Reaction.Refuse(new ServiceError(code, "told to")));
    assertThat(failureOf(db.increment("counter", 1)))
        .isInstanceOf(NotExecutedException.class)
        .isNotInstanceOf(RetryableException.class)
        .hasMessageContaining("told to");
    assertThat(cluster.requests.get()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"WINDOW_PASSED", "INTERNAL"})
  void what_nobody_knows_is_unknown_to_a_write_and_harmless_to_a_read(ErrorCode code) {
    OstrakonClient db = connect(PATIENT);
    cluster.script = (node, call) -> new Reaction.Refuse(new ServiceError(code, "told to"));
    assertThat(failureOf(db.increment("counter", 1))).isInstanceOf(CommitUnknownException.class);
    assertThat(failureOf(db.get("counter"))).isInstanceOf(NotExecutedException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"WRONG_GROUP", "CLOCK_SKEW", "NOT_ORDERED", "OVERLOADED", "NOT_LEADER"})
  void an_attempt_that_a_group_may_have_refused_for_ever_is_left_and_no_other(ErrorCode code) {
    OstrakonClient db = connect(PATIENT);
    List<Integer> attempts = attemptsMet(new Reaction.Refuse(new ServiceError(code, "told to")));
    assertThat(db.increment("counter", 1).join()).isEqualTo(1);
    boolean isLeft = code != ErrorCode.OVERLOADED && code != ErrorCode.NOT_LEADER;
    assertThat(attempts.get(0)).isEqualTo(1);
    assertThat(attempts.subList(1, attempts.size())).isNotEmpty().containsOnly(isLeft ? 2 : 1);
    assertThat(cluster.store.executions()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"WRONG_GROUP", "CLOCK_SKEW"})
  void an_attempt_that_is_left_may_have_happened_by_an_earlier_sending(ErrorCode code) {
    OstrakonClient db = connect(PATIENT);
    List<Integer> attempts =
        attemptsMet(
            new Reaction.DoneButSays(new ServiceError(ErrorCode.OUTCOME_UNKNOWN, "lost")),
            new Reaction.Refuse(new ServiceError(code, "told to")),
            new Reaction.Refuse(new ServiceError(ErrorCode.INVALID, "told to")));
    assertThat(failureOf(db.increment("counter", 1))).isInstanceOf(CommitUnknownException.class);
    assertThat(attempts).isEqualTo(List.of(1, 1, 2));
  }

  /** Lets requests meet with these one after the other; the attempts that came, by then. */
  private List<Integer> attemptsMet(Reaction... reactions) {
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    AtomicInteger next = new AtomicInteger();
    cluster.script =
        (node, call) -> {
          attempts.add(((KvCall.Execute) call).request().id().attempt());
          int turn = next.getAndIncrement();
          return turn < reactions.length ? reactions[turn] : new Reaction.Answer();
        };
    return attempts;
  }

  @Test
  void what_was_done_and_lost_its_results_is_told_as_done_and_not_sent_again() {
    OstrakonClient db = connect(PATIENT);
    ServiceError lost = new ServiceError(ErrorCode.RESULTS_LOST, "slots have moved");
    firstMeet(1, new Reaction.DoneButSays(lost));
    assertThat(failureOf(db.increment("counter", 1)))
        .isInstanceOf(ResultsLostException.class)
        .hasMessageContaining("slots have moved");
    assertThat(cluster.requests.get()).isEqualTo(1);
    assertThat(db.increment("counter", 1).join()).isEqualTo(2);
    db.put("a", "1").join();
    assertThat(cluster.store.watermark()).as("the lost one is settled").isGreaterThanOrEqualTo(1);
  }

  @Test
  void a_refusal_at_the_door_says_nothing_of_an_earlier_sending() {
    OstrakonClient db = connect(PATIENT);
    AtomicInteger count = new AtomicInteger();
    cluster.script =
        (node, call) ->
            count.getAndIncrement() == 0
                ? new Reaction.DoneButSays(new ServiceError(ErrorCode.OUTCOME_UNKNOWN, "lost"))
                : new Reaction.Refuse(new ServiceError(ErrorCode.INVALID, "told to"));
    assertThat(failureOf(db.increment("counter", 1))).isInstanceOf(CommitUnknownException.class);
  }

  @Test
  void an_unknown_outcome_can_be_asked_for_and_is_then_settled() {
    OstrakonClient db = connect(HASTY);
    cluster.script =
        (node, call) ->
            call instanceof KvCall.Execute ? new Reaction.LoseAnswer() : new Reaction.Answer();
    CommitUnknownException done = (CommitUnknownException) failureOf(db.put("a", "1"));
    cluster.script =
        (node, call) ->
            call instanceof KvCall.Execute ? new Reaction.Ignore() : new Reaction.Answer();
    CommitUnknownException never = (CommitUnknownException) failureOf(db.put("b", "1"));
    OstrakonClient other = connect(PATIENT);
    assertThat(other.outcome(done.request()).join()).isInstanceOf(Outcome.Committed.class);
    assertThat(db.outcome(done.requestId()).join()).isInstanceOf(Outcome.Committed.class);
    assertThat(other.outcome(never.requestId()).join()).isInstanceOf(Outcome.NotHeardOf.class);
    assertThat(other.outcome(never.request()).join()).isInstanceOf(Outcome.NotCommitted.class);
    assertThat(db.outcome(never.requestId()).join()).isInstanceOf(Outcome.NotCommitted.class);
  }

  @Test
  void an_unknown_outcome_holds_the_watermark_until_it_was_asked_for() {
    OstrakonClient db = connect(HASTY);
    db.put("a", "0").join();
    cluster.script = (node, call) -> new Reaction.Ignore();
    CommitUnknownException unknown = (CommitUnknownException) failureOf(db.put("a", "1"));
    cluster.script = (node, call) -> new Reaction.Answer();
    OstrakonClient patient = db.withTimeout(Duration.ofSeconds(30));
    patient.put("a", "2").join();
    patient.put("a", "3").join();
    assertThat(cluster.store.watermark()).isEqualTo(1);
    patient.outcome(unknown.requestId()).join();
    patient.put("a", "4").join();
    patient.put("a", "5").join();
    assertThat(cluster.store.watermark()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void an_answer_that_makes_no_sense_leaves_a_write_unknown() {
    OstrakonClient db = connect(PATIENT);
    firstMeet(1, new Reaction.Garble());
    assertThat(failureOf(db.put("a", "1"))).isInstanceOf(CommitUnknownException.class);
    firstMeet(1, new Reaction.Confuse());
    assertThat(failureOf(db.put("a", "1"))).isInstanceOf(CommitUnknownException.class);
    firstMeet(1, new Reaction.Confuse());
    assertThat(failureOf(db.get("a"))).isInstanceOf(NotExecutedException.class);
  }

  @Test
  void every_call_ends_by_its_deadline_and_says_whether_it_was_sent() {
    OstrakonClient db = connect(HASTY);
    cluster.script = (node, call) -> new Reaction.Ignore();
    long before = System.nanoTime();
    assertThat(failureOf(db.put("a", "1"))).isInstanceOf(CommitUnknownException.class);
    assertThat(failureOf(db.get("a"))).isInstanceOf(NotExecutedException.class);
    assertThat(failureOf(db.scan(Scan.all()))).isInstanceOf(NotExecutedException.class);
    assertThat(failureOf(db.transact(tx -> new CompletableFuture<Void>())))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void a_cluster_that_nobody_reaches_is_unavailable_and_nothing_was_done() {
    OstrakonClient db = OstrakonClient.connect(HASTY, "127.0.0.1:1");
    clients.add(db);
    assertThat(failureOf(db.put("a", "1")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("127.0.0.1:1");
    assertThat(failureOf(db.ready())).isInstanceOf(UnavailableException.class);
  }

  @Test
  void the_reason_of_a_refusal_that_lasts_is_told_in_the_end() {
    OstrakonClient db = connect(STEADY);
    cluster.script =
        (node, call) ->
            new Reaction.Refuse(
                ServiceError.notLeader(
                    "no", new ServiceError.Leader(new NodeId("n9"), "127.0.0.1:1")));
    assertThat(failureOf(db.get("a"))).isInstanceOf(RetryableException.class);
    cluster.script = (node, call) -> new Reaction.Refuse(ServiceError.overloaded("full", 20));
    assertThat(reasonOf(db.put("a", "1"))).isInstanceOf(OverloadedException.class);
    cluster.script = (node, call) -> new Reaction.Refuse(ServiceError.wrongGroup("gone", 7));
    assertThat(reasonOf(db.put("a", "1"))).isInstanceOf(WrongShardException.class);
  }

  /**
   * Why a call failed; a write that is under way once more at its deadline is unknown, for this.
   */
  private static @Nullable Throwable reasonOf(CompletableFuture<?> future) {
    Throwable failure = failureOf(future);
    return failure instanceof CommitUnknownException ? failure.getCause() : failure;
  }

  @Test
  void a_hint_is_followed_and_remembered() {
    OstrakonClient db = connect(PATIENT);
    cluster.leaders.replaceAll((group, leader) -> 2);
    for (int i = 0; i < 20; i++) {
      db.put("key" + i, "v").join();
    }
    assertThat(cluster.requests.get()).isBetween(20L, 30L);
  }

  @Test
  void a_newer_configuration_is_fetched_once_for_all_that_need_it() {
    OstrakonClient db = connect(PATIENT);
    db.put("warm", "up").join();
    long queries = cluster.queries.get();
    cluster.giveAllTo(new GroupId(2));
    cluster.script =
        (node, call) ->
            node.index() == 1
                ? new Reaction.Answer()
                : new Reaction.Refuse(
                    ServiceError.wrongGroup("not here", cluster.configuration.number()));
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(db.put("key" + i, "v"));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
    assertThat(cluster.queries.get() - queries).isBetween(1L, 10L);
  }

  @Test
  void a_node_that_is_away_is_gone_round_and_used_again() {
    OstrakonClient db = connect(PATIENT);
    db.put("a", "1").join();
    cluster.nodes.get(0).stop();
    cluster.leaders.replaceAll((group, leader) -> leader == 0 ? 1 : leader);
    for (int i = 0; i < 50; i++) {
      db.put("key" + i, "v").join();
    }
    cluster.nodes.get(0).start();
    cluster.leaders.replaceAll((group, leader) -> 0);
    for (int i = 0; i < 50; i++) {
      assertThat(db.get("key" + i).join().map(Versioned::value)).isEqualTo(Optional.of("v"));
    }
  }

  @Test
  void a_node_of_another_cluster_is_not_talked_to() {
    OstrakonClient db = connect(HASTY);
    cluster.nodes.forEach(
        node -> node.welcome = new ServiceError(ErrorCode.WRONG_CLUSTER, "expected x, was fake"));
    assertThat(failureOf(db.put("a", "1"))).isInstanceOf(WrongClusterException.class);
  }

  @Test
  void a_cluster_of_another_name_is_not_learned_of() {
    try (FakeCluster other = new FakeCluster(1, 1)) {
      other.nodes.get(0).clusterId = "other";
      other.nodes.get(0).skewMillis = -7_200_000;
      OstrakonClient db =
          OstrakonClient.connect(
              PATIENT.withClusterId("fake"),
              other.nodes.get(0).address(),
              cluster.nodes.get(0).address());
      clients.add(db);
      db.put("a", "1").join();
      assertThat(other.queries.get()).isPositive();
    }
    assertThat(cluster.store.get("a")).contains("1");
  }

  @Test
  void a_client_that_finds_another_cluster_only_says_so() {
    cluster.nodes.forEach(node -> node.clusterId = "other");
    OstrakonClient db = connect(HASTY.withClusterId("fake"));
    assertThat(failureOf(db.ready())).isInstanceOf(WrongClusterException.class);
    assertThat(failureOf(db.put("a", "1"))).isInstanceOf(WrongClusterException.class);
  }

  @Test
  void the_status_of_a_node_of_another_cluster_is_not_taken() {
    OstrakonClient db = connect(PATIENT.withClusterId("fake"));
    db.ready().join();
    cluster.nodes.get(1).clusterId = "other";
    assertThat(failureOf(db.status(new NodeId("n2")))).isInstanceOf(WrongClusterException.class);
  }

  @Test
  void one_fast_clock_does_not_become_the_clients() {
    cluster.nodes.get(0).skewMillis = 3_600_000;
    OstrakonClient db = connect(PATIENT);
    for (int i = 0; i < 100; i++) {
      db.put("key" + i, "v").join();
    }
    assertThat(cluster.store.executions()).isEqualTo(100);
  }

  @Test
  void a_request_larger_than_any_frame_is_refused_with_the_limit() {
    cluster.frameBytesMax = 10_000;
    OstrakonClient db = connect(PATIENT);
    KvException failure = failureOf(db.put("a", "x".repeat(20_000)));
    assertThat(failure).isInstanceOf(InvalidRequestException.class);
    assertThat(((InvalidRequestException) failure).limit().orElseThrow().allowed())
        .isEqualTo(10_000);
    assertThat(db.put("a", "x".repeat(5_000)).join()).isNotNull();
  }

  @Test
  void closing_completes_everything() {
    OstrakonClient db = connect(PATIENT);
    db.put("warm", "up").join();
    cluster.script = (node, call) -> new Reaction.Ignore();
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(db.put("key" + i, "v"));
      all.add(db.get("key" + i));
      all.add(db.transact(tx -> tx.get("a").thenCompose(a -> tx.put("b", "c"))));
      all.add(db.scan(Scan.all()));
    }
    all.add(db.transact(tx -> new CompletableFuture<Void>()));
    all.add(db.status());
    db.close();
    assertThat(all).allMatch(CompletableFuture::isDone);
    assertThat(failureOf(db.put("late", "v"))).isInstanceOf(ClientClosedException.class);
    assertThatThrownBy(() -> db.transact(tx -> tx.get("a")).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(ClientClosedException.class);
    db.close();
  }
}
