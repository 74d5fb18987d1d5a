package dev.ostrakon.simulation.report;

import dev.ostrakon.simulation.check.Findings.Finding;
import java.util.Optional;

/**
 * How a run went.
 *
 * @param finding what did not hold, if anything
 * @param traceHash fingerprint of the course it took
 * @param counts what happened in it
 */
public record RunReport(
    SimulationKind kind, long seed, Optional<Finding> finding, long traceHash, RunCounts counts) {

  public boolean failed() {
    return finding.isPresent();
  }

  /** The one line that tells of a failure and replays it. */
  public String failureLine() {
    String what = finding.map(Finding::toString).orElse("nothing");
    return "FAILED seed=0x"
        + Long.toHexString(seed)
        + " "
        + what
        + " replay: bin/ostrakon simulate"
        + kind.option()
        + " --seed 0x"
        + Long.toHexString(seed);
  }
}
