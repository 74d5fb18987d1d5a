package dev.ostrakon.simulation.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.GroupRules;
import dev.ostrakon.simulation.RunCounts;
import dev.ostrakon.simulation.RunReport;
import dev.ostrakon.simulation.engine.Trace;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The store from a few seeds, and variants of its rules that must be noticed. */
final class StoreSimulationTest {

  private static final int SEEDS = Integer.getInteger("ostrakon.simulation.store.seeds", 10);
  private static final int MUTANT_SEEDS_MAX = 100;

  @Test
  void the_store_survives_the_seeds_of_every_build() {
    RunCounts counts = RunCounts.NONE;
    for (long seed = 1; seed <= SEEDS; seed++) {
      RunReport report = StoreRun.of(seed, Trace.silent());
      assertThat(report.finding()).as(report.failureLine()).isEmpty();
      counts = counts.plus(report.counts());
    }
    assertThat(counts.commands()).as("commands").isGreaterThan(20L * SEEDS);
    assertThat(counts.reads()).as("reads").isGreaterThan(20L * SEEDS);
    assertThat(counts.crashes()).as("crashes").isGreaterThan(SEEDS);
  }

  @Test
  void the_same_seed_takes_the_same_course() {
    assertThat(StoreRun.of(2, Trace.silent())).isEqualTo(StoreRun.of(2, Trace.silent()));
  }

  @Test
  void a_duplicate_that_is_carried_out_twice_is_noticed() {
    assertNoticed(
        new GroupRules() {
          @Override
          public boolean recognisesRetries() {
            return false;
          }
        });
  }

  @Test
  void a_read_without_confirmed_leadership_is_noticed() {
    assertNoticed(
        new GroupRules() {
          @Override
          public boolean readConfirmsLeadership() {
            return false;
          }
        });
  }

  @Test
  void finished_requests_that_are_lost_in_a_snapshot_are_noticed() {
    assertNoticed(
        new GroupRules() {
          @Override
          public boolean checkpointsFinished() {
            return false;
          }
        });
  }

  private static void assertNoticed(GroupRules broken) {
    Optional<RunReport> noticed =
        LongStream.rangeClosed(1, MUTANT_SEEDS_MAX)
            .mapToObj(seed -> StoreRun.of(seed, StoreRules.of(broken), Trace.silent()))
            .filter(RunReport::failed)
            .findFirst();
    assertThat(noticed).as("survived %d seeds", MUTANT_SEEDS_MAX).isPresent();
  }
}
