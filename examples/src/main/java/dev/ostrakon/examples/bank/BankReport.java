package dev.ostrakon.examples.bank;

import java.util.List;
import java.util.Locale;

/**
 * How a run went.
 *
 * @param accounts how many were compared
 * @param mismatches accounts whose balance is not what it must be
 * @param sum all balances together, which is 0
 * @param seconds of the transfers, without set-up and comparison
 * @param fastPath the share of transactions decided in one round; NaN if nobody can tell
 * @param problems what is wrong, for people; empty if nothing is
 */
public record BankReport(
    int accounts,
    long transfers,
    long refused,
    long mismatches,
    long sum,
    double seconds,
    double p50Millis,
    double p99Millis,
    double fastPath,
    List<String> problems) {
  /** Copies the list. */
  public BankReport {
    problems = List.copyOf(problems);
  }

  /** Whether everything is as it must be. */
  public boolean isOk() {
    return mismatches == 0 && sum == 0 && problems.isEmpty();
  }

  /** The same, with the share of the fast path. */
  public BankReport withFastPath(double share) {
    return new BankReport(
        accounts,
        transfers,
        refused,
        mismatches,
        sum,
        seconds,
        p50Millis,
        p99Millis,
        share,
        problems);
  }

  /** Transfers a second. */
  public double transfersPerSecond() {
    return seconds > 0 ? transfers / seconds : 0;
  }

  /** The last line of a run. */
  public String toLine() {
    return String.format(
        Locale.ROOT,
        "bank: %s accounts=%d transfers=%d refused=%d mismatches=%d sum=%d seconds=%.1f tps=%.0f"
            + " p50_ms=%.2f p99_ms=%.2f fast_path=%s",
        isOk() ? "OK" : "FAILED",
        accounts,
        transfers,
        refused,
        mismatches,
        sum,
        seconds,
        transfersPerSecond(),
        p50Millis,
        p99Millis,
        Double.isNaN(fastPath) ? "n/a" : String.format(Locale.ROOT, "%.2f", fastPath));
  }
}
