package dev.ostrakon.simulation.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.simulation.engine.NetworkProfile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-D1 to R-D7: a checkpoint after every 10 entries. */
class RaftSnapshotScenariosTest {
  private static final int CHECKPOINT_ENTRIES = 10;
  private static final long LOG_BYTES_MAX = 2_000;
  private static final int ITERATIONS = 30;

  /** What happens to the victim of a round. */
  private enum Mishap {
    NONE,
    DISCONNECT,
    CRASH
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_D1_logs_stay_small_without_a_snapshot_on_the_wire(long seed) {
    // A few entries stay behind a checkpoint, so that nobody who keeps up needs a snapshot.
    RaftScenario raft = scenario(seed, 5);
    runRounds(raft, Mishap.NONE);
    assertThat(raft.traffic().snapshotCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_D2_snapshot_brings_a_disconnected_server_back(long seed) {
    RaftScenario raft = scenario(seed, 0);
    runRounds(raft, Mishap.DISCONNECT);
    assertThat(raft.traffic().snapshotCount()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_D3_the_same_on_an_unreliable_network(long seed) {
    RaftScenario raft = scenario(seed, 0);
    raft.changeNetwork(RaftScenario.UNRELIABLE);
    runRounds(raft, Mishap.DISCONNECT);
    assertThat(raft.traffic().snapshotCount()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_D4_snapshot_brings_a_crashed_server_back(long seed) {
    RaftScenario raft = scenario(seed, 0);
    runRounds(raft, Mishap.CRASH);
    assertThat(raft.traffic().snapshotCount()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_D5_the_same_on_an_unreliable_network(long seed) {
    RaftScenario raft = scenario(seed, 0);
    raft.changeNetwork(RaftScenario.UNRELIABLE);
    runRounds(raft, Mishap.CRASH);
    assertThat(raft.traffic().snapshotCount()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_D6_nothing_is_lost_when_all_crash(long seed) {
    RaftScenario raft = scenario(seed, 0);
    long last = raft.one(3);
    for (int round = 0; round < 5; round++) {
      for (int i = raft.random().nextInt(10) + 5; i > 0; i--) {
        long next = raft.one(3);
        assertThat(next).isEqualTo(last + 1);
        last = next;
      }
      raft.restartAll();
      long next = raft.one(3);
      assertThat(next).isEqualTo(last + 1);
      last = next;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void R_D7_checkpoint_survives_restarts_without_a_new_one(long seed) {
    RaftScenario raft = scenario(seed, 0);
    for (int i = 1; i <= 11; i++) {
      assertThat(raft.one(3)).isEqualTo(i);
    }
    raft.restartAll();
    assertThat(raft.one(3)).isEqualTo(12);
    raft.restartAll();
    assertThat(raft.one(3)).isEqualTo(13);
  }

  private static RaftScenario scenario(long seed, int retainedEntries) {
    return new RaftScenario(3, seed, RaftScenario.config(CHECKPOINT_ENTRIES, retainedEntries));
  }

  private static void runRounds(RaftScenario raft, Mishap mishap) {
    raft.one(3);
    for (int round = 0; round < ITERATIONS; round++) {
      int leader = raft.checkOneLeader();
      int victim = round % 3 == 1 ? leader : (leader + 1) % 3;
      int sender = round % 3 == 1 ? (leader + 1) % 3 : leader;
      befall(raft, mishap, victim);
      int others = mishap == Mishap.NONE ? 3 : 2;
      if (mishap != Mishap.NONE) {
        raft.one(others);
      }
      int commands = CHECKPOINT_ENTRIES / 2 + raft.random().nextInt(CHECKPOINT_ENTRIES);
      for (int i = 0; i < commands; i++) {
        raft.propose(sender, raft.newCommand());
        raft.sleepMillis(1);
      }
      raft.one(others);
      assertLogsAreSmall(raft);
      recover(raft, mishap, victim);
      raft.one(3);
    }
    raft.changeNetwork(NetworkProfile.GOOD);
    raft.one(3);
  }

  private static void befall(RaftScenario raft, Mishap mishap, int victim) {
    switch (mishap) {
      case NONE -> {}
      case DISCONNECT -> raft.disconnect(victim);
      case CRASH -> raft.crash(victim);
    }
  }

  private static void recover(RaftScenario raft, Mishap mishap, int victim) {
    switch (mishap) {
      case NONE -> {}
      case DISCONNECT -> raft.connect(victim);
      case CRASH -> raft.restart(victim);
    }
  }

  private static void assertLogsAreSmall(RaftScenario raft) {
    for (int server = 0; server < 3; server++) {
      assertThat(raft.logBytes(server)).as("log of server %s", server).isLessThan(LOG_BYTES_MAX);
    }
  }
}
