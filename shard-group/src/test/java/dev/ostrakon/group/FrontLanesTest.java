package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.B;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.FrontCluster.Member;
import dev.ostrakon.group.FrontCluster.Shape;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What unblocks others never waits for what is blocked. */
final class FrontLanesTest {
  private static final int COMMANDS_MAX = 10;

  private final FrontCluster cluster =
      FrontCluster.serving(
          Shape.DEFAULTS.with(ShardFrontConfig.DEFAULTS.withCommands(COMMANDS_MAX, 4, 1)));
  private final ShardFront leader = cluster.leader();
  private final Participants coordinator = new Participants(cluster);

  @Test
  void requests_that_wait_leave_room_for_the_outcome_that_they_wait_for() {
    coordinator.order(1, put(A, "t"));
    List<List<FrontAnswer<RequestOutcome>>> waiting = fillWithRequestsThatWait();

    assertThat(coordinator.commit(1)).isInstanceOf(TxnStatus.Finished.class);

    cluster.settle();
    assertThat(waiting)
        .allSatisfy(each -> assertThat(each).singleElement().isInstanceOf(FrontAnswer.Done.class));
  }

  @Test
  void requests_that_wait_leave_room_for_those_of_other_keys() {
    coordinator.order(1, put(A, "t"));
    fillWithRequestsThatWait();

    assertThat(execute(100, put(B, "1"))).isInstanceOf(FrontAnswer.Done.class);
    assertThat(coordinator.order(101, put(B, "2"))).isInstanceOf(TxnStatus.Ready.class);
  }

  @Test
  void one_more_that_would_have_to_wait_is_turned_away_before_it_is_logged() {
    coordinator.order(1, put(A, "t"));
    fillWithRequestsThatWait();
    long before = leader.counters().commands();

    assertThat(execute(100, append(A, "y"))).isInstanceOf(FrontAnswer.Overloaded.class);
    assertThat(leader.counters().commands()).isEqualTo(before);
  }

  @Test
  void new_work_that_cannot_be_logged_yet_leaves_room_for_what_ends_earlier_work() {
    coordinator.order(1, put(A, "t"));
    Member slow = cluster.awaitLeader();
    cluster.deafen(slow);
    for (int i = 0; i < COMMANDS_MAX; i++) {
      begin(10 + i, put(B, "x"));
    }
    cluster.settle();
    assertThat(begin(99, put(B, "x"))).singleElement().isInstanceOf(FrontAnswer.Overloaded.class);

    List<ParticipantAnswer> committed = coordinator.beginCommit(1);
    List<ParticipantAnswer> refused =
        coordinator.begin(
            new ParticipantCall.Refuse(Given.txn(98), new HybridTimestamp(Given.EPOCH_MILLIS, 0)));
    cluster.heal();
    cluster.awaitTrue("the answers", () -> !committed.isEmpty() && !refused.isEmpty());

    assertThat(Participants.statusOf(committed.get(0))).isInstanceOf(TxnStatus.Finished.class);
    assertThat(Participants.statusOf(refused.get(0))).isInstanceOf(TxnStatus.Refused.class);
  }

  private List<List<FrontAnswer<RequestOutcome>>> fillWithRequestsThatWait() {
    List<List<FrontAnswer<RequestOutcome>>> waiting = new ArrayList<>();
    for (int i = 0; i < COMMANDS_MAX; i++) {
      waiting.add(begin(10 + i, append(A, "x")));
    }
    cluster.settle();
    assertThat(waiting).allSatisfy(each -> assertThat(each).isEmpty());
    return waiting;
  }

  private FrontAnswer<RequestOutcome> execute(long sequence, Operation... operations) {
    return cluster.ask(l -> leader.execute(request(sequence, operations), cluster.deadline(), l));
  }

  private List<FrontAnswer<RequestOutcome>> begin(long sequence, Operation... operations) {
    return cluster.begin(l -> leader.execute(request(sequence, operations), cluster.deadline(), l));
  }
}
