package dev.ostrakon.cli;

import dev.ostrakon.simulation.SimulationRunner.Summary;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows how far a simulation is: often on a terminal, seldom elsewhere. */
final class SimulateProgress {

  /** Set by the launcher, which can tell whether standard error is a terminal. */
  private static final String TERMINAL_PROPERTY = "ostrakon.terminal";

  private static final long TERMINAL_GAP_NANOS = 500_000_000; // 0.5 s
  private static final long PLAIN_GAP_NANOS = 30_000_000_000L; // 30 s

  private final PrintWriter err;
  private final long seedCount;
  private final boolean shown;
  private final boolean terminal = Boolean.getBoolean(TERMINAL_PROPERTY);
  private long lastNanos;
  private boolean lineOpen;

  SimulateProgress(PrintWriter err, long seedCount, boolean shown) {
    this.err = err;
    this.seedCount = seedCount;
    this.shown = shown;
  }

  void onRun(Summary summary) {
    long gap = terminal ? TERMINAL_GAP_NANOS : PLAIN_GAP_NANOS;
    if (!shown || summary.elapsedNanos() - lastNanos < gap) {
      return;
    }
    lastNanos = summary.elapsedNanos();
    String line =
        String.format(
            Locale.ROOT,
            "%d%s seeds, %.1f simulated hours, %.0f s",
            summary.runs(),
            seedCount == Long.MAX_VALUE ? "" : " of " + seedCount,
            summary.counts().virtualHours(),
            summary.elapsedNanos() / 1e9);
    if (terminal) {
      err.print("\r" + line);
      err.flush();
      lineOpen = true;
    } else {
      err.println(line);
    }
  }

  void end() {
    if (lineOpen) {
      err.println();
    }
  }
}
