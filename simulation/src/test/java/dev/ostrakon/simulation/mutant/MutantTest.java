package dev.ostrakon.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.simulation.Course;
import dev.ostrakon.simulation.SimulationRunner;
import dev.ostrakon.simulation.SimulationRunner.Settings;
import dev.ostrakon.simulation.SimulationRunner.Summary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every broken variant is noticed by some invariant, with the same faults as everybody. */
final class MutantTest {

  /** The promise is that each is caught within so many seeds, counted from 1. */
  private static final long SEEDS_MAX = 1_000;

  @ParameterizedTest
  @EnumSource
  void a_mutant_is_caught(Mutant mutant) throws InterruptedException {
    Settings settings =
        new Settings(1, SEEDS_MAX, Long.MAX_VALUE, 2, 1, Integer.MAX_VALUE, Course.raft(mutant));

    Summary summary = SimulationRunner.run(settings, soFar -> {});

    assertThat(summary.failures()).as("%s survived %d seeds", mutant, summary.runs()).isNotEmpty();
  }
}
