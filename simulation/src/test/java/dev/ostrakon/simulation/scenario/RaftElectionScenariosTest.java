package dev.ostrakon.simulation.scenario;

import static dev.ostrakon.simulation.scenario.RaftScenario.ELECTION_NANOS;
import static dev.ostrakon.simulation.scenario.RaftScenario.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Role;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-A1 to R-A3. */
class RaftElectionScenariosTest {
  private static final long TWO_ELECTIONS_MILLIS = 2 * ELECTION_NANOS / MILLISECOND;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void R_A1_initial_election(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    int leader = raft.checkOneLeader();
    raft.sleepMillis(50);
    long term = raft.checkTerms();
    assertThat(term).isPositive();

    raft.sleepMillis(TWO_ELECTIONS_MILLIS);

    // Nothing failed, so nothing may have changed.
    assertThat(raft.checkTerms()).isEqualTo(term);
    assertThat(raft.checkOneLeader()).isEqualTo(leader);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void R_A2_reelection(long seed) {
    RaftScenario raft = new RaftScenario(3, seed);
    int first = raft.checkOneLeader();
    raft.disconnect(first);
    int second = raft.checkOneLeader();
    assertThat(second).isNotEqualTo(first);
    long term = raft.status(second).term();

    raft.connect(first);
    raft.sleepMillis(TWO_ELECTIONS_MILLIS);
    // The old leader comes back as a follower and disturbs nobody.
    assertThat(raft.checkOneLeader()).isEqualTo(second);
    assertThat(raft.checkTerms()).isEqualTo(term);
    assertThat(raft.status(first).role()).isEqualTo(Role.FOLLOWER);

    raft.disconnect(second);
    raft.disconnect((second + 1) % 3);
    raft.sleepMillis(TWO_ELECTIONS_MILLIS);
    raft.checkNoLeader();

    raft.connect((second + 1) % 3);
    raft.checkOneLeader();
    raft.connect(second);
    raft.checkOneLeader();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void R_A3_many_elections(long seed) {
    RaftScenario raft = new RaftScenario(7, seed);
    raft.checkOneLeader();
    for (int round = 0; round < 9; round++) {
      int first = raft.random().nextInt(7);
      int second = raft.random().nextInt(7);
      int third = raft.random().nextInt(7);
      raft.disconnect(first);
      raft.disconnect(second);
      raft.disconnect(third);
      // Either the present leader or a new one, but exactly one.
      raft.checkOneLeader();
      raft.connect(first);
      raft.connect(second);
      raft.connect(third);
    }
    raft.checkOneLeader();
  }
}
