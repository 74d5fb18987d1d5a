package dev.ostrakon.benchmarks.load;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was measured.
 *
 * @param operations that succeeded
 * @param seconds in which they did
 * @param latency of these operations
 * @param errors by the simple name of the failure
 * @param fastPath the share of transactions decided in one round; NaN if there were none over
 *     several groups
 */
public record LoadReport(
    long operations,
    double seconds,
    Latency latency,
    SortedMap<String, Long> errors,
    double fastPath) {

  /** Milliseconds. */
  public record Latency(double mean, double p50, double p90, double p99, double p999, double max) {}

  /** Copies the map. */
  public LoadReport {
    errors = Collections.unmodifiableSortedMap(new TreeMap<>(errors));
  }

  /** Operations a second. */
  public double perSecond() {
    return seconds > 0 ? operations / seconds : 0;
  }
}
