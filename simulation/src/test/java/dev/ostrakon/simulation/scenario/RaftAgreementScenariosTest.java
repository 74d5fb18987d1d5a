package dev.ostrakon.simulation.scenario;

import static dev.ostrakon.simulation.scenario.RaftScenario.ELECTION_NANOS;
import static dev.ostrakon.simulation.scenario.RaftScenario.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-B1 to R-B10. */
class RaftAgreementScenariosTest {
  private static final long TWO_ELECTIONS_MILLIS = 2 * ELECTION_NANOS / MILLISECOND;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B1_basic_agreement(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    for (int position = 1; position <= 3; position++) {
      String command = raft.newCommand();
      assertThat(raft.appliedCount(command)).isZero();

      assertThat(raft.one(command, 3)).isEqualTo(position);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B2_each_command_is_sent_to_each_peer_once(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    raft.one(3);
    long before = raft.traffic().bytes();

    for (int i = 0; i < 10; i++) {
      raft.one(raft.newCommand(5_000), 3);
    }

    // Two peers get 50,000 bytes each; the limit of the matrix is far above that.
    assertThat(raft.traffic().bytes() - before).isBetween(100_000L, 150_000L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B3_failing_followers(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    raft.one(3);
    int leader = raft.checkOneLeader();
    raft.disconnect((leader + 1) % 3);
    raft.one(2);
    raft.sleepMillis(ELECTION_NANOS / MILLISECOND);
    raft.one(2);

    int last = raft.checkOneLeader();
    raft.disconnect((last + 1) % 3);
    raft.disconnect((last + 2) % 3);
    String stuck = raft.newCommand();
    assertThat(raft.propose(last, stuck)).isTrue();

    raft.sleepMillis(TWO_ELECTIONS_MILLIS);
    assertThat(raft.appliedCount(stuck)).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B4_failing_leaders(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    raft.one(3);
    raft.disconnect(raft.checkOneLeader());
    raft.one(2);
    raft.sleepMillis(ELECTION_NANOS / MILLISECOND);
    raft.one(2);

    raft.disconnect(raft.checkOneLeader());
    String stuck = raft.newCommand();
    for (int server = 0; server < 3; server++) {
      raft.propose(server, stuck);
    }

    raft.sleepMillis(TWO_ELECTIONS_MILLIS);
    assertThat(raft.appliedCount(stuck)).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B5_follower_comes_back(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    raft.one(3);
    raft.disconnect((raft.checkOneLeader() + 1) % 3);
    for (int i = 0; i < 4; i++) {
      raft.one(2);
      raft.sleepMillis(i % 2 == 0 ? 0 : ELECTION_NANOS / MILLISECOND);
    }

    for (int server = 0; server < 3; server++) {
      raft.connect(server);
    }

    assertThat(raft.one(3)).isEqualTo(6);
    raft.sleepMillis(ELECTION_NANOS / MILLISECOND);
    assertThat(raft.one(3)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B6_no_agreement_without_quorum(long seed) {
    RaftScenario raft = new RaftScenario(5, seed);
    raft.one(5);
    int leader = raft.checkOneLeader();
    for (int i = 1; i <= 3; i++) {
      raft.disconnect((leader + i) % 5);
    }
    String early = raft.newCommand();
    assertThat(raft.propose(leader, early)).isTrue();
    raft.sleepMillis(TWO_ELECTIONS_MILLIS);
    assertThat(raft.appliedCount(early)).isZero();

    for (int i = 1; i <= 3; i++) {
      raft.connect((leader + i) % 5);
    }
    // The early command may have survived or not.
    assertThat(raft.one(5)).isIn(2L, 3L);
    raft.one(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B7_concurrent_proposals(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    int leader = raft.checkOneLeader();
    long term = raft.status(leader).term();
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      commands.add(raft.newCommand());
    }

    commands.forEach(command -> assertThat(raft.propose(leader, command)).isTrue());
    boolean applied =
        raft.await(
            ELECTION_NANOS,
            () -> commands.stream().allMatch(command -> raft.appliedCount(command) == 3));

    assertThat(applied).isTrue();
    assertThat(raft.checkTerms()).isEqualTo(term);
    Set<Long> positions = new TreeSet<>();
    commands.forEach(command -> positions.add(raft.journal().positionOf(command)));
    assertThat(positions).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B8_rejoin_of_a_partitioned_leader(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    raft.one(3);
    int first = raft.checkOneLeader();
    raft.disconnect(first);
    List<String> lost = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      lost.add(raft.newCommand());
      assertThat(raft.propose(first, lost.get(i))).isTrue();
    }
    raft.one(2);
    int second = raft.checkOneLeader();
    raft.disconnect(second);
    raft.connect(first);
    raft.one(2);
    raft.connect(second);
    raft.one(3);

    lost.forEach(command -> assertThat(raft.appliedCount(command)).isZero());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B9_quick_backup_over_wrong_logs(long seed) {
    RaftScenario raft = new RaftScenario(5, seed);
    raft.one(5);
    int first = raft.checkOneLeader();
    cutOff(raft, (first + 2) % 5, (first + 3) % 5, (first + 4) % 5);
    proposeMany(raft, first);
    raft.sleepMillis(ELECTION_NANOS / 2 / MILLISECOND);

    cutOff(raft, first, (first + 1) % 5);
    reconnect(raft, (first + 2) % 5, (first + 3) % 5, (first + 4) % 5);
    for (int i = 0; i < 50; i++) {
      raft.one(3);
    }
    int second = raft.checkOneLeader();
    int other = (first + 2) % 5 == second ? (first + 3) % 5 : (first + 2) % 5;
    raft.disconnect(other);
    proposeMany(raft, second);
    raft.sleepMillis(ELECTION_NANOS / 2 / MILLISECOND);

    for (int server = 0; server < 5; server++) {
      raft.disconnect(server);
    }
    reconnect(raft, first, (first + 1) % 5, other);
    long requestsBefore = raft.traffic().requestCount();
    long startNanos = raft.nowNanos();
    raft.one(3);
    // One election, and backing up costs a message or two for each wrong term, not for each entry.
    assertThat(raft.nowNanos() - startNanos).isLessThan(5 * ELECTION_NANOS);
    assertThat(raft.traffic().requestCount() - requestsBefore).isLessThan(200);
    for (int i = 0; i < 49; i++) {
      raft.one(3);
    }
    for (int server = 0; server < 5; server++) {
      raft.connect(server);
    }
    raft.one(5);
    assertThat(raft.journal().lastPosition()).isBetween(102L, 104L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_B10_count_of_calls(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    int leader = raft.checkOneLeader();
    assertThat(raft.traffic().requestCount()).isBetween(1L, 30L);
    raft.sleepMillis(50);
    long before = raft.traffic().requestCount();

    List<String> burst = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      burst.add(raft.newCommand());
      assertThat(raft.propose(leader, burst.get(i))).isTrue();
    }
    assertThat(
            raft.await(
                ELECTION_NANOS,
                () -> burst.stream().allMatch(command -> raft.appliedCount(command) == 3)))
        .isTrue();
    assertThat(raft.traffic().requestCount() - before).isLessThanOrEqualTo(42);

    raft.sleepMillis(200);
    long idleFrom = raft.traffic().requestCount();
    raft.sleepMillis(1_000);
    assertThat(raft.traffic().requestCount() - idleFrom).isBetween(1L, 60L);
  }

  private static void proposeMany(RaftScenario raft, int leader) {
    for (int i = 0; i < 50; i++) {
      assertThat(raft.propose(leader, raft.newCommand())).isTrue();
    }
  }

  private static void cutOff(RaftScenario raft, int... servers) {
    for (int server : servers) {
      raft.disconnect(server);
    }
  }

  private static void reconnect(RaftScenario raft, int... servers) {
    for (int server : servers) {
      raft.connect(server);
    }
  }
}
