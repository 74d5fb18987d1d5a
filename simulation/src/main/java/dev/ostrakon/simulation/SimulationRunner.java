package dev.ostrakon.simulation;

import dev.ostrakon.simulation.check.Findings.Finding;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.cluster.PortDecorator;
import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.report.RunCounts;
import dev.ostrakon.simulation.report.RunReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Runs many seeds, each in one thread, on all cores.
 *
 * <p>Thread-safe by sharing nothing but counters: what a seed does depends on the seed alone.
 */
public final class SimulationRunner {

  /**
   * What to run.
   *
   * @param firstSeed the seeds are this one and those that follow
   * @param seedCount how many at most
   * @param nanosMax how long at most, in real time; what runs then is finished
   * @param threads how many at once
   * @param failuresMax after so many failures no further seed is begun
   * @param repeatEvery each so-manieth seed runs twice and must take the same course
   * @param course what each seed does
   */
  public record Settings(
      long firstSeed,
      long seedCount,
      long nanosMax,
      int threads,
      int failuresMax,
      int repeatEvery,
      Course course) {

    /** These seeds on all cores, with production's rules, until the first failure. */
    public static Settings ofSeeds(long firstSeed, long seedCount) {
      return new Settings(
          firstSeed,
          seedCount,
          Long.MAX_VALUE,
          Runtime.getRuntime().availableProcessors(),
          1,
          50,
          Course.raft(PortDecorator.NONE));
    }
  }

  /**
   * What came of it, so far or at the end.
   *
   * @param runs seeds that were finished
   * @param failures by seed
   * @param elapsedNanos real time
   */
  public record Summary(long runs, RunCounts counts, List<RunReport> failures, long elapsedNanos) {
    public Summary {
      failures = List.copyOf(failures);
    }
  }

  private final Settings settings;
  private final Consumer<Summary> listener;
  private final long startNanos = System.nanoTime();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicBoolean enough = new AtomicBoolean();

  private final List<RunReport> failures = new ArrayList<>();
  private RunCounts counts = RunCounts.NONE;
  private long runs;

  private SimulationRunner(Settings settings, Consumer<Summary> listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Runs the seeds.
   *
   * @param listener is told after each, one call at a time
   * @throws InterruptedException if the caller is interrupted; no further seed is begun then
   */
  public static Summary run(Settings settings, Consumer<Summary> listener)
      throws InterruptedException {
    SimulationRunner runner = new SimulationRunner(settings, listener);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < settings.threads(); i++) {
      Thread thread = new Thread(runner::work, "simulation-" + i);
      thread.start();
      threads.add(thread);
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } finally {
      runner.enough.set(true);
    }
    return runner.summary();
  }

  private void work() {
    while (!enough.get() && System.nanoTime() - startNanos < settings.nanosMax()) {
      long number = begun.getAndIncrement();
      if (number >= settings.seedCount()) {
        return;
      }
      boolean repeat = number % settings.repeatEvery() == 0;
      onRun(runOne(settings.firstSeed() + number, repeat, settings.course()));
    }
  }

  private static RunReport runOne(long seed, boolean repeat, Course course) {
    RunReport first = course.run(seed, Trace.silent());
    if (!repeat || first.failed()) {
      return first;
    }
    RunReport second = course.run(seed, Trace.silent());
    if (first.equals(second)) {
      return first;
    }
    Finding finding = new Finding(Invariant.DETERMINISM, "first " + first + ", then " + second, 0);
    return new RunReport(
        first.kind(), seed, Optional.of(finding), first.traceHash(), first.counts());
  }

  private synchronized void onRun(RunReport report) {
    runs++;
    counts = counts.plus(report.counts());
    if (report.failed()) {
      failures.add(report);
      failures.sort(Comparator.comparingLong(RunReport::seed));
      if (failures.size() >= settings.failuresMax()) {
        enough.set(true);
      }
    }
    listener.accept(summary());
  }

  private synchronized Summary summary() {
    return new Summary(runs, counts, failures, System.nanoTime() - startNanos);
  }
}
