package dev.ostrakon.simulation.scenario;

import static dev.ostrakon.simulation.scenario.RaftScenario.ELECTION_NANOS;
import static dev.ostrakon.simulation.scenario.RaftScenario.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.engine.NetworkProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-C1 to R-C8. */
class RaftPersistenceScenariosTest {
  private static final long ELECTION_MILLIS = ELECTION_NANOS / MILLISECOND;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_C1_restarts(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    raft.one(3);
    raft.restartAll();
    raft.one(3);

    raft.restart(raft.checkOneLeader());
    raft.one(3);

    int absentLeader = raft.checkOneLeader();
    raft.disconnect(absentLeader);
    raft.one(2);
    raft.restart(absentLeader);
    raft.connect(absentLeader);
    raft.awaitAllApplied(3);

    int absentFollower = (raft.checkOneLeader() + 1) % 3;
    raft.disconnect(absentFollower);
    raft.one(2);
    raft.restart(absentFollower);
    raft.connect(absentFollower);
    assertThat(raft.one(3)).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_C2_more_restarts(long seed) {
    RaftScenario raft = new RaftScenario(5, seed);
    long agreed = 0;
    for (int round = 0; round < 5; round++) {
      agreed = assertNext(raft.one(5), agreed);
      int leader = raft.checkOneLeader();
      int first = (leader + 1) % 5;
      int second = (leader + 2) % 5;
      int third = (leader + 3) % 5;
      raft.disconnect(first);
      raft.disconnect(second);
      agreed = assertNext(raft.one(3), agreed);
      raft.disconnect(leader);
      raft.disconnect(third);
      raft.disconnect((leader + 4) % 5);

      raft.restart(first);
      raft.restart(second);
      raft.connect(first);
      raft.connect(second);
      raft.sleepMillis(ELECTION_MILLIS);
      raft.restart(third);
      raft.connect(third);
      agreed = assertNext(raft.one(3), agreed);
      raft.connect((leader + 4) % 5);
      raft.connect(leader);
    }
    assertNext(raft.one(5), agreed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_C3_partitioned_leader_and_one_follower_crash(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    raft.one(3);
    int leader = raft.checkOneLeader();
    raft.disconnect((leader + 2) % 3);
    raft.one(2);
    raft.crash(leader);
    raft.crash((leader + 1) % 3);

    raft.connect((leader + 2) % 3);
    raft.restart(leader);
    raft.one(2);
    raft.restart((leader + 1) % 3);

    assertThat(raft.one(3)).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_C4_figure_8(long seed) {
    RaftScenario raft = new RaftScenario(5, seed);
    raft.one(1);
    for (int i = 0; i < 1_000; i++) {
      int leader = proposeEverywhere(raft);
      pauseAsFigure8(raft);
      if (leader >= 0) {
        raft.crash(leader);
      }
      reviveAtRandom(raft);
    }
    reviveAll(raft);

    raft.one(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_C5_agreement_on_an_unreliable_network(long seed) {
    RaftScenario raft = new RaftScenario(5, seed);
    raft.changeNetwork(RaftScenario.UNRELIABLE);
    for (int i = 1; i < 50; i++) {
      for (int extra = 0; extra < 4; extra++) {
        String command = raft.newCommand();
        for (int server = 0; server < 5; server++) {
          raft.propose(server, command);
        }
      }
      raft.one(1);
    }
    raft.changeNetwork(NetworkProfile.GOOD);

    raft.one(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_C6_figure_8_on_an_unreliable_network(long seed) {
    RaftScenario raft = new RaftScenario(5, seed);
    raft.changeNetwork(RaftScenario.UNRELIABLE);
    raft.one(1);
    for (int i = 0; i < 1_000; i++) {
      if (i == 200) {
        raft.changeNetwork(RaftScenario.LONG_REORDERING);
      }
      int leader = proposeEverywhere(raft);
      pauseAsFigure8(raft);
      if (leader >= 0 && raft.random().chance(0.5)) {
        raft.disconnect(leader);
      }
      if (raft.connectedCount() < 3) {
        raft.connect(raft.random().nextInt(5));
      }
    }
    for (int server = 0; server < 5; server++) {
      raft.connect(server);
    }

    // The network stays as it is: agreement is due within 10 s all the same.
    raft.one(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_C7_reliable_churn(long seed) {
    churn(new RaftScenario(5, seed), NetworkProfile.GOOD);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_C8_unreliable_churn(long seed) {
    churn(new RaftScenario(5, seed), RaftScenario.UNRELIABLE);
  }

  /** Clients propose everywhere while servers come and go; what they saw committed must stay. */
  private static void churn(RaftScenario raft, NetworkProfile network) {
    raft.changeNetwork(network);
    RandomSource random = raft.random();
    List<String> seen = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      if (random.chance(0.2)) {
        raft.disconnect(random.nextInt(5));
      }
      if (random.chance(0.5)) {
        int server = random.nextInt(5);
        if (!raft.isUp(server)) {
          raft.restart(server);
        }
        raft.connect(server);
      }
      if (random.chance(0.2)) {
        int server = random.nextInt(5);
        if (raft.isUp(server)) {
          raft.crash(server);
        }
      }
      for (int client = 0; client < 21; client++) {
        String command = raft.newCommand();
        proposeEverywhere(raft, command);
        if (raft.await(33 * MILLISECOND, () -> raft.appliedCount(command) > 0)) {
          seen.add(command);
        }
      }
    }
    raft.sleepMillis(ELECTION_MILLIS);
    raft.changeNetwork(NetworkProfile.GOOD);
    reviveAll(raft);

    long last = raft.one(5);
    assertThat(seen).as("commands that clients saw committed").hasSizeGreaterThan(20);
    // Each was applied by all, at one position, before the last one.
    seen.forEach(
        command -> {
          assertThat(raft.appliedCount(command)).isEqualTo(5);
          assertThat(raft.journal().positionOf(command)).isLessThan(last);
        });
  }

  private static long assertNext(long position, long previous) {
    assertThat(position).isGreaterThan(previous);
    return position;
  }

  private static int proposeEverywhere(RaftScenario raft) {
    return proposeEverywhere(raft, raft.newCommand());
  }

  private static int proposeEverywhere(RaftScenario raft, String command) {
    int leader = -1;
    for (int server = 0; server < 5; server++) {
      if (raft.propose(server, command)) {
        leader = server;
        command = raft.newCommand();
      }
    }
    return leader;
  }

  private static void pauseAsFigure8(RaftScenario raft) {
    boolean isLong = raft.random().chance(0.1);
    raft.sleepMillis(raft.random().nextInt(isLong ? (int) ELECTION_MILLIS / 2 : 13));
  }

  private static void reviveAtRandom(RaftScenario raft) {
    int server = raft.random().nextInt(5);
    if (raft.connectedCount() < 3 && !raft.isUp(server)) {
      raft.restart(server);
    }
  }

  private static void reviveAll(RaftScenario raft) {
    for (int server = 0; server < 5; server++) {
      if (!raft.isUp(server)) {
        raft.restart(server);
      }
      raft.connect(server);
    }
  }
}
