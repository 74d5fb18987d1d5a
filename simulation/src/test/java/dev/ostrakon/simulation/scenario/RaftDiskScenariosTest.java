package dev.ostrakon.simulation.scenario;

import static dev.ostrakon.simulation.scenario.RaftScenario.ELECTION_NANOS;
import static dev.ostrakon.simulation.scenario.RaftScenario.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.Role;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.mutant.Mutant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that hang: no error, and no answer either. */
class RaftDiskScenariosTest {
  private static final long MINUTE_MILLIS = 60_000;

  /** Within so long after its disk stopped to answer a leader has given up, and another leads. */
  private static final long HANDOVER_MILLIS = 2 * ELECTION_NANOS / MILLISECOND;

  /** What may gather until the hang is noticed: a command each 5 ms for less than two seconds. */
  private static final int WAITING_MAX = 400;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void leader_whose_disk_hangs_hands_over_and_takes_part_again_once_it_answers(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    raft.one(3);
    int hung = raft.checkOneLeader();
    raft.hangDisk(hung, MINUTE_MILLIS);
    write(raft, hung, HANDOVER_MILLIS);

    assertThat(raft.status(hung).role()).isEqualTo(Role.FOLLOWER);
    assertThat(raft.checkOneLeader()).isNotEqualTo(hung);
    for (int i = 0; i < 100; i++) {
      raft.one(2);
    }
    raft.sleepMillis(MINUTE_MILLIS / 2);
    assertThat(raft.status(hung).role()).isEqualTo(Role.FOLLOWER);
    assertThat(raft.waitingWrites(hung)).isLessThan(WAITING_MAX);

    raft.sleepMillis(MINUTE_MILLIS);
    raft.one(3);
    raft.awaitAllApplied(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void follower_whose_disk_hangs_does_not_disturb_and_queues_little(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    raft.one(3);
    int leader = raft.checkOneLeader();
    int hung = (leader + 1) % 3;
    long term = raft.status(leader).term();
    raft.hangDisk(hung, MINUTE_MILLIS);
    write(raft, leader, MINUTE_MILLIS / 2);

    assertThat(raft.waitingWrites(hung)).isLessThan(WAITING_MAX);
    assertThat(raft.checkOneLeader()).isEqualTo(leader);
    assertThat(raft.status(leader).term()).isEqualTo(term);
    raft.sleepMillis(MINUTE_MILLIS);
    raft.one(3);
    raft.awaitAllApplied(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void group_of_one_waits_for_its_disk_and_goes_on(long seed) {
    RaftScenario raft = new RaftScenario(1, seed);
    raft.one(1);
    raft.hangDisk(0, MINUTE_MILLIS);
    write(raft, 0, HANDOVER_MILLIS);

    assertThat(raft.propose(0, raft.newCommand())).isFalse();
    raft.sleepMillis(MINUTE_MILLIS);
    raft.one(1);
  }

  /** So that the first scenario is known to notice. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void leader_that_never_notices_is_found_out(long seed) {
    RaftScenario raft =
        new RaftScenario(3, seed, RaftScenario.config(1_000_000, 10_000), Mutant.HUNG_DISK_IGNORED);
    raft.one(3);
    int hung = raft.checkOneLeader();
    raft.hangDisk(hung, MINUTE_MILLIS);

    assertThatThrownBy(() -> write(raft, hung, HANDOVER_MILLIS))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(Invariant.HUNG_DISK.name());
    assertThat(raft.status(hung).role()).isEqualTo(Role.LEADER);
  }

  /** A command each five milliseconds for so long, at a server that may or may not lead. */
  private static void write(RaftScenario raft, int server, long millis) {
    for (long at = 0; at < millis; at += 5) {
      raft.propose(server, raft.newCommand());
      raft.sleepMillis(5);
    }
  }
}
