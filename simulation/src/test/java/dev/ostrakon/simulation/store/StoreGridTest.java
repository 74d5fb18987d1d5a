package dev.ostrakon.simulation.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.report.RunReport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every mix of clients and faults of the classic suites, from a few seeds each. */
final class StoreGridTest {

  private static final int SEEDS = Integer.getInteger("ostrakon.simulation.grid.seeds", 2);
  private static final int WAIT_SEEDS = 10;
  private static final long MILLISECOND = 1_000_000;

  /** The bound of T-5 and T-6 for the longest wait of all clients, first election included. */
  private static final long WAIT_MAX_NANOS = 4_000 * MILLISECOND;

  /**
   * With each fifth message lost. First elections take up to 4.5 s then, and reads that run as
   * transactions hold back writers for one round more than other transactions, until they are
   * confirmed: 2.2 to 7.4 s in 48 seeds.
   */
  private static final long UNRELIABLE_WAIT_MAX_NANOS = 8_000_000_000L; // 8 s

  @ParameterizedTest
  @EnumSource
  void histories_are_right_and_everything_ends(GridScenario scenario) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      RunReport report = StoreRun.of(scenario.plan(seed), StoreRules.STANDARD, Trace.silent());

      assertThat(report.finding()).as("%s seed %d", scenario, seed).isEmpty();
      assertThat(report.counts().commands() + report.counts().reads())
          .as("%s seed %d", scenario, seed)
          .isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"T_5_REPEATED_PUTS_GETS", "T_6_REPEATED_PUTS_GETS_UNRELIABLE"})
  void nobody_waits_for_long(GridScenario scenario) {
    for (long seed = 1; seed <= WAIT_SEEDS; seed++) {
      long longest = StoreRun.longestWaitNanos(scenario.plan(seed));

      boolean isReliable = scenario == GridScenario.T_5_REPEATED_PUTS_GETS;
      assertThat(longest)
          .as("%s seed %d", scenario, seed)
          .isBetween(1L, isReliable ? WAIT_MAX_NANOS : UNRELIABLE_WAIT_MAX_NANOS);
    }
  }
}
