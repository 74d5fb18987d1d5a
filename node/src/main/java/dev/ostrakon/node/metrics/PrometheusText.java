package dev.ostrakon.node.metrics;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes figures in the text format of Prometheus (exposition format 0.0.4). All samples of a
 * metric stay together, whatever the order in which they are added.
 */
public final class PrometheusText {
  private static final String PREFIX = "ostrakon_";

  /** What was written for each metric, headed by its help and type. */
  private final Map<String, StringBuilder> metrics = new LinkedHashMap<>();

  /** Adds a figure that goes up and down. */
  public PrometheusText gauge(String name, String help, String labels, long value) {
    line(metric(name, help, "gauge"), name, labels, Long.toString(value));
    return this;
  }

  /** Adds a figure that goes up and down and need not be whole. */
  public PrometheusText gauge(String name, String help, String labels, double value) {
    line(metric(name, help, "gauge"), name, labels, number(value));
    return this;
  }

  /** Adds a figure that only goes up. */
  public PrometheusText counter(String name, String help, String labels, long value) {
    line(metric(name, help, "counter"), name, labels, Long.toString(value));
    return this;
  }

  /** Adds the buckets, the sum and the count of a histogram, in seconds. */
  public PrometheusText histogram(
      String name, String help, String labels, LatencyHistogram histogram) {
    StringBuilder text = metric(name, help, "histogram");
    String separator = labels.isEmpty() ? "" : ",";
    long total = 0;
    for (int bucket = 0; bucket < histogram.size(); bucket++) {
      total += histogram.count(bucket);
      String bound = number(LatencyHistogram.boundSeconds(bucket));
      line(
          text,
          name + "_bucket",
          labels + separator + "le=\"" + bound + "\"",
          Long.toString(total));
    }
    line(text, name + "_sum", labels, number(histogram.sumSeconds()));
    line(text, name + "_count", labels, Long.toString(total));
    return this;
  }

  /** Labels of pairs of names and values. */
  public static String labels(String... namesAndValues) {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels
          .append(i == 0 ? "" : ",")
          .append(namesAndValues[i])
          .append("=\"")
          .append(escape(namesAndValues[i + 1]))
          .append('"');
    }
    return labels.toString();
  }

  private StringBuilder metric(String name, String help, String type) {
    return metrics.computeIfAbsent(
        name,
        added ->
            new StringBuilder()
                .append("# HELP " + PREFIX + name + " " + help + "\n")
                .append("# TYPE " + PREFIX + name + " " + type + "\n"));
  }

  private static void line(StringBuilder text, String name, String labels, String value) {
    text.append(PREFIX).append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(value).append('\n');
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return Double.toString(value);
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  @Override
  public String toString() {
    return String.join("", metrics.values());
  }
}
