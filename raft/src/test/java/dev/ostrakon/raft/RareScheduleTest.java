package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Schedules that random runs hardly ever hit: each does harm without one rule and none with it. The
 * checker of {@link ScriptedGroup} notices the harm.
 */
class RareScheduleTest {

  private interface Schedule {
    void run(RaftRules rules);
  }

  private static void requireRuleMatters(Schedule schedule, RaftRules broken, String harm) {
    assertThatCode(() -> schedule.run(RaftRules.STANDARD)).doesNotThrowAnyException();
    assertThatThrownBy(() -> schedule.run(broken))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(harm);
  }

  @Test
  void restarted_voter_must_remember_that_it_heard_a_leader() {
    requireRuleMatters(
        RareScheduleTest::voterOfALeaseRestarts,
        new RaftRules() {
          @Override
          public boolean sticksAfterRestart(long storedTerm) {
            return false;
          }
        },
        "sees what was committed before it began");
  }

  /** Replica 2 grants 1 a lease, restarts, and is asked for its vote by 3 at once. */
  private static void voterOfALeaseRestarts(RaftRules rules) {
    ScriptedGroup group = ScriptedGroup.ofVoters(3, TestConfigs.standard(), rules);
    group.elect(1);
    group.cut(1, 3);
    for (int i = 0; i < TestConfigs.ELECTION_TICKS; i++) {
      group.tick(List.of(group.replica(1), group.replica(2), group.replica(3)));
      group.converse(1, 2);
    }
    group.crash(2);
    group.restart(2);
    group.cut(1, 2);
    group.rush(3);
    group.converse(2, 3);
    group.read(1, 7);
  }

  @Test
  void lease_must_be_shorter_than_the_promise_behind_it() {
    requireRuleMatters(
        RareScheduleTest::leaderSleepsThroughAnElection,
        new RaftRules() {
          @Override
          public long leaseEndNanos(long roundStartNanos, RaftConfig config) {
            return roundStartNanos + 3 * config.electionTimeoutNanos();
          }
        },
        "sees what was committed before it began");
  }

  /** Leader 1 gets no ticks while the others' patience ends. */
  private static void leaderSleepsThroughAnElection(RaftRules rules) {
    ScriptedGroup group = ScriptedGroup.ofVoters(3, TestConfigs.standard(), rules);
    group.elect(1);
    group.cut(1, 2);
    group.cut(1, 3);
    electWithout(group, 2, 3);
    group.read(1, 7);
  }

  /** {@code winner} is elected by {@code voter} once both have lost patience with their leader. */
  private static void electWithout(ScriptedGroup group, long winner, long voter) {
    for (int i = 0; i < TestConfigs.ELECTION_TICKS; i++) {
      group.tick(List.of(group.replica(winner), group.replica(voter)));
      group.take(voter, winner);
      group.take(winner, voter);
    }
    group.rush(winner);
    group.converse(winner, voter);
    assertThat(group.replica(winner).isLeader()).isTrue();
  }

  @Test
  void order_to_campaign_may_arrive_after_the_transfer_was_given_up() {
    requireRuleMatters(
        RareScheduleTest::orderToCampaignIsLate,
        new RaftRules() {
          @Override
          public boolean mayLeaseAfterTimeoutNow() {
            return true;
          }
        },
        "sees what was committed before it began");
  }

  private static void orderToCampaignIsLate(RaftRules rules) {
    ScriptedGroup group = ScriptedGroup.ofVoters(3, TestConfigs.standard(), rules);
    group.elect(1);
    group.replica(1).transferTo(new ReplicaId(2));
    List<ScriptedGroup.InTransit> order = group.take(1, 2);
    assertThat(order).hasSize(1);
    for (int i = 0; i <= TestConfigs.ELECTION_TICKS; i++) {
      group.tick(List.of(group.replica(1)));
      group.take(1, 2);
      group.converse(1, 3);
    }
    group.cut(1, 3);
    group.putBack(order);
    group.deliver(1, 2, 1);
    group.cut(1, 2);
    group.converse(2, 3);
    assertThat(group.replica(2).isLeader()).isTrue();
    group.read(1, 7);
  }

  @Test
  void late_answer_to_an_earlier_round_must_not_confirm_a_read() {
    requireRuleMatters(
        RareScheduleTest::roundIsAnsweredLate,
        new RaftRules() {
          @Override
          public boolean confirmsRead(long acknowledgedRound, long readRound) {
            return acknowledgedRound >= readRound - 1;
          }
        },
        "sees what was committed before it began");
  }

  private static void roundIsAnsweredLate(RaftRules rules) {
    ScriptedGroup group = ScriptedGroup.ofVoters(3, TestConfigs.withoutLease(), rules);
    group.elect(1);
    group.tick(List.of(group.replica(1)));
    group.deliver(1, 2, 1);
    List<ScriptedGroup.InTransit> answer = group.take(2, 1);
    group.cut(1, 2);
    group.cut(1, 3);
    electWithout(group, 2, 3);
    group.read(1, 7);
    group.putBack(answer);
    group.deliver(2, 1, 1);
  }

  @Test
  void earlier_terms_entry_on_a_majority_can_still_be_overwritten() {
    requireRuleMatters(
        RareScheduleTest::figureEight,
        new RaftRules() {
          @Override
          public boolean mayCommitByCounting(long entryTerm, long currentTerm) {
            return true;
          }
        },
        "state machine safety");
  }

  /** Raft paper, figure 8, (a) to (d). */
  private static void figureEight(RaftRules rules) {
    ScriptedGroup group = ScriptedGroup.ofVoters(5, TestConfigs.standard(), rules);
    group.preset(1, 3, LoneReplica.entries(1, 1, 2));
    group.preset(2, 3, LoneReplica.entries(1, 1, 2));
    group.preset(3, 3, LoneReplica.entries(1, 1));
    group.preset(4, 3, LoneReplica.entries(1, 1));
    group.preset(5, 3, LoneReplica.entries(1, 1, 3));
    group.cut(1, 4);
    group.cut(1, 5);
    bePatient(group);
    group.rush(1);
    group.deliver(1, 2, 9);
    group.deliver(1, 3, 9);
    group.deliver(2, 1, 9);
    group.deliver(3, 1, 9);
    group.deliver(1, 2, 9);
    group.deliver(1, 3, 9);
    group.deliver(2, 1, 9);
    group.deliver(3, 1, 9);
    assertThat(group.replica(1).isLeader()).isTrue();
    // 3 refuses the no-op, is asked about index 1, and gets the entry of term 2 and no more.
    group.deliver(1, 3, 9);
    group.deliver(3, 1, 9);
    group.deliver(1, 3, 9);
    group.deliver(3, 1, 9);
    group.deliver(1, 3, 1);
    group.deliver(3, 1, 9);
    // 2 has that entry, and gets the no-op behind it: the entry of term 2 is on a majority now.
    group.deliver(1, 2, 9);
    group.deliver(2, 1, 9);
    group.crash(1);
    group.take(1, 3);
    bePatient(group);
    group.rush(5);
    group.stabilize();
    assertThat(group.replica(5).isLeader()).as("learns only that its term has passed").isFalse();
    group.rush(5);
    group.stabilize();
    assertThat(group.replica(5).isLeader()).isTrue();
  }

  /** Everybody is ready to vote, and nobody's questions are on their way. */
  private static void bePatient(ScriptedGroup group) {
    for (int i = 0; i < TestConfigs.ELECTION_TICKS; i++) {
      group.tick(group.running());
    }
    for (long from = 1; from <= 5; from++) {
      for (long to = 1; to <= 5; to++) {
        group.take(from, to);
      }
    }
  }

  @Test
  void vote_must_be_durable_before_it_is_seen() {
    requireRuleMatters(
        RareScheduleTest::voterForgets,
        new RaftRules() {
          @Override
          public boolean voteMayLeaveBeforeDurable() {
            return true;
          }
        },
        "election safety");
  }

  /** Replica 3 votes for 1, crashes before that is on its disk, and is asked by 2. */
  private static void voterForgets(RaftRules rules) {
    ScriptedGroup group = ScriptedGroup.ofVoters(3, TestConfigs.standard(), rules);
    group.cut(1, 2);
    group.setDiskSlow(3);
    group.rush(1);
    group.deliver(1, 3, 9);
    group.deliver(3, 1, 9);
    group.deliver(1, 3, 9);
    group.deliver(3, 1, 9);
    group.crash(3);
    group.take(1, 3);
    group.cut(1, 3);
    group.setDiskFast(3);
    group.restart(3);
    group.rush(2);
    group.converse(2, 3);
    assertThat(group.replica(2).isLeader()).isTrue();
  }
}
