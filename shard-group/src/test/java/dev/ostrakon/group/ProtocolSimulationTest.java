package dev.ostrakon.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md over the real state machine: random schedules, and mutants that must be caught. */
final class ProtocolSimulationTest {
  private static final int SEEDS = Integer.getInteger("group.seeds", 150);
  private static final int MUTANT_SEEDS_MAX = 400;

  @Test
  void every_history_is_strictly_serializable_and_everything_ends() {
    for (long seed = 0; seed < SEEDS; seed++) {
      assertThat(run(seed)).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void the_same_seed_gives_the_same_run() {
    ProtocolSimulation first = new ProtocolSimulation(7);
    ProtocolSimulation second = new ProtocolSimulation(7);
    first.run();
    second.run();

    TestWorkload.OWNERS.forEach(
        group -> assertThat(first.group(group).dump()).isEqualTo(second.group(group).dump()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reads below the final timestamp",
        "finalise not logged",
        "a read does not wait",
        "single reading",
        "commit with a missing participant",
      })
  void a_broken_coordinator_is_caught(String mutation) {
    for (long seed = 0; seed < MUTANT_SEEDS_MAX; seed++) {
      if (!run(seed, mutation).isEmpty()) {
        return;
      }
    }
    throw new AssertionError("not caught in " + MUTANT_SEEDS_MAX + " seeds: " + mutation);
  }

  private static String run(long seed, String... mutations) {
    try {
      return new ProtocolSimulation(seed, mutations).run();
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    }
  }
}
