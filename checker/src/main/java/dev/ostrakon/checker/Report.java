package dev.ostrakon.checker;

import java.util.List;

/**
 * The outcome of a check.
 *
 * <p>Invariant: anomalies are empty if and only if the verdict is not {@link Verdict#INVALID}.
 *
 * @param summary one sentence: what was checked, or why it is undecided
 */
public record Report(Verdict verdict, String summary, List<Anomaly> anomalies) {
  public Report {
    anomalies = List.copyOf(anomalies);
    if ((verdict == Verdict.INVALID) == anomalies.isEmpty()) {
      throw new IllegalArgumentException(verdict + " with " + anomalies.size() + " anomalies");
    }
  }

  static Report of(String summary, List<Anomaly> anomalies) {
    return new Report(anomalies.isEmpty() ? Verdict.VALID : Verdict.INVALID, summary, anomalies);
  }

  static Report undecided(String summary) {
    return new Report(Verdict.UNDECIDED, summary, List.of());
  }

  /** Whether the history was proven to be correct. */
  public boolean isValid() {
    return verdict == Verdict.VALID;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(verdict + ": " + summary);
    anomalies.forEach(anomaly -> text.append('\n').append(anomaly));
    return text.toString();
  }
}
