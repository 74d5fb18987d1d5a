package dev.ostrakon.simulation.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.report.RunCounts;
import dev.ostrakon.simulation.report.RunReport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store from a few seeds. More with -Dostrakon.simulation.store.seeds=N. */
final class StoreSimulationTest {

  private static final int SEEDS = Integer.getInteger("ostrakon.simulation.store.seeds", 40);

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
    assertThat(counts.crashes()).as("crashes").isGreaterThan(3L * SEEDS);
    assertThat(counts.partitions()).as("partitions").isGreaterThan(3L * SEEDS);
    assertThat(counts.snapshots()).as("snapshots").isGreaterThan(SEEDS);
  }

  /**
   * Seeds that failed once: a recovery that was denied because a clock had been set back (2, 0xd);
   * a question about an outcome that stopped the replica (0x121, 0x25c); a first entry with a
   * configuration and fragments, which stopped every replica of its group for good (0x157, 0x1c8);
   * refusals that expired at other entries on replicas that had restarted (0x147, 0x1b9); a first
   * read of the bank that waited while many transfers happened, and stayed undecided (0xe8262); a
   * follower that needed one snapshot after the other, because the log behind each was compacted
   * before it had it (0xf51d3); a record that was forgotten after its window and went with the next
   * entry only, which may be far away (0x4a2, 0x785, 0x1e8578); a question about a request that is
   * ahead of time, which nobody can answer for long (0x1e855c, 0xf47cb); coordinators that did not
   * know the time (0xf4bd4); clocks compared by monotonic clocks that drift by a fifth (0xf4709).
   */
  @ParameterizedTest
  @ValueSource(
      longs = {
        0xd, 0x121, 0x25c, 0x157, 0x1c8, 0x147, 0x1b9, 0xe8262, 0xf51d3, 0x4a2, 0x785, 0x1e8578,
        0x1e855c, 0xf47cb, 0xf4bd4, 0xf4709
      })
  void a_seed_that_failed_once_passes(long seed) {
    RunReport report = StoreRun.of(seed, Trace.silent());

    assertThat(report.finding()).as(report.failureLine()).isEmpty();
  }

  @Test
  void the_same_seed_takes_the_same_course() {
    for (long seed = 2; seed <= 3; seed++) {
      List<String> firstLines = new ArrayList<>();
      List<String> secondLines = new ArrayList<>();
      RunReport first = StoreRun.of(seed, Trace.to(firstLines::add));
      RunReport second = StoreRun.of(seed, Trace.to(secondLines::add));

      assertThat(second).isEqualTo(first);
      assertThat(secondLines).isEqualTo(firstLines);
      assertThat(StoreRun.of(seed, Trace.silent())).isEqualTo(first);
    }
  }
}
