package dev.ostrakon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.simulation.SimulationRunner.Settings;
import dev.ostrakon.simulation.SimulationRunner.Summary;
import dev.ostrakon.simulation.check.Findings.Finding;
import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.plan.RunPlan;
import dev.ostrakon.simulation.report.RunCounts;
import dev.ostrakon.simulation.report.RunReport;
import dev.ostrakon.simulation.report.SimulationKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The seeds that every build runs. More with -Dostrakon.simulation.seeds=N. */
final class SimulationTest {

  private static final int SEEDS = Integer.getInteger("ostrakon.simulation.seeds", 150);

  @Test
  void clusters_survive_the_seeds_of_every_build() throws InterruptedException {
    Summary summary = SimulationRunner.run(Settings.ofSeeds(1, SEEDS), soFar -> {});

    assertThat(summary.failures()).extracting(RunReport::failureLine).isEmpty();
    assertThat(summary.runs()).isEqualTo(SEEDS);
    RunCounts counts = summary.counts();
    assertThat(counts.elections()).as("elections").isGreaterThan(3L * SEEDS);
    assertThat(counts.crashes()).as("crashes").isGreaterThan(SEEDS);
    assertThat(counts.partitions()).as("partitions").isGreaterThan(SEEDS);
    assertThat(counts.snapshots()).as("snapshots").isGreaterThan(SEEDS);
    assertThat(counts.commands()).as("commands").isGreaterThan(50L * SEEDS);
    assertThat(counts.reads()).as("reads").isGreaterThan(50L * SEEDS);
  }

  static List<Long> regressionSeeds() {
    List<Long> seeds = new ArrayList<>();
    InputStream file =
        Objects.requireNonNull(SimulationTest.class.getResourceAsStream("/seeds.txt"));
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String seed = line.replaceFirst("#.*", "").strip();
        if (!seed.isEmpty()) {
          seeds.add(Long.decode(seed));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("regressionSeeds")
  void a_seed_that_failed_once_passes(long seed) {
    RunReport report = SimulationRun.of(RunPlan.draw(seed), Trace.silent());

    assertThat(report.finding()).as(report.failureLine()).isEmpty();
  }

  @Test
  void the_same_seed_takes_the_same_course() {
    for (long seed = 1; seed <= 5; seed++) {
      List<String> firstLines = new ArrayList<>();
      List<String> secondLines = new ArrayList<>();
      RunReport first = SimulationRun.of(RunPlan.draw(seed), Trace.to(firstLines::add));
      RunReport second = SimulationRun.of(RunPlan.draw(seed), Trace.to(secondLines::add));

      assertThat(second).isEqualTo(first);
      assertThat(secondLines).isEqualTo(firstLines);
    }
  }

  @Test
  void reading_the_trace_does_not_change_the_course() {
    RunReport silent = SimulationRun.of(RunPlan.draw(3), Trace.silent());
    RunReport read = SimulationRun.of(RunPlan.draw(3), Trace.to(line -> {}));

    assertThat(read).isEqualTo(silent);
  }

  @Test
  void other_seeds_take_other_courses() {
    List<Long> hashes = new ArrayList<>();
    for (long seed = 1; seed <= 20; seed++) {
      hashes.add(SimulationRun.of(RunPlan.draw(seed), Trace.silent()).traceHash());
    }

    assertThat(hashes).doesNotHaveDuplicates();
  }

  @Test
  void a_failure_is_one_line_that_replays_it() {
    Finding finding =
        new Finding(dev.ostrakon.simulation.check.Invariant.LOG_MATCHING, "detail", 5_000_000);
    String what = "FAILED seed=0x2a LOG_MATCHING at 5 ms: detail replay: bin/ostrakon simulate";

    assertThat(failureLine(SimulationKind.RAFT, finding))
        .isEqualTo(what + " --seed 0x2a")
        .hasLineCount(1);
    assertThat(failureLine(SimulationKind.STORE, finding))
        .isEqualTo(what + " --kind store --seed 0x2a");
  }

  private static String failureLine(SimulationKind kind, Finding finding) {
    return new RunReport(kind, 0x2a, java.util.Optional.of(finding), 7, RunCounts.NONE)
        .failureLine();
  }
}
