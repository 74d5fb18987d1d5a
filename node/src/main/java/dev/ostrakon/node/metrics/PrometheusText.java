package dev.ostrakon.node.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    List<Bucket> buckets = new ArrayList<>();
    long count = 0;
    for (int bucket = 0; bucket < histogram.size(); bucket++) {
      count += histogram.count(bucket);
      buckets.add(new Bucket(LatencyHistogram.boundSeconds(bucket), count));
    }
    return histogram(name, help, labels, buckets, new Total(count, histogram.sumSeconds()));
  }

  /**
   * What a histogram counts up to a bound.
   *
   * @param boundSeconds the bound, which belongs to the bucket
   * @param count of everything up to the bound
   */
  public record Bucket(double boundSeconds, long count) {}

  /** What a histogram has counted, and how much that is together. */
  public record Total(long count, double sumSeconds) {}

  /**
   * Adds a histogram that was counted elsewhere.
   *
   * @param buckets by rising bounds; the infinite one may be left out
   */
  public PrometheusText histogram(
      String name, String help, String labels, List<Bucket> buckets, Total total) {
    StringBuilder text = metric(name, help, "histogram");
    List<Bucket> all = new ArrayList<>(buckets);
    if (all.isEmpty() || !Double.isInfinite(all.get(all.size() - 1).boundSeconds())) {
      all.add(new Bucket(Double.POSITIVE_INFINITY, total.count()));
    }
    String separator = labels.isEmpty() ? "" : ",";
    for (Bucket bucket : all) {
      String bound = labels + separator + "le=\"" + number(bucket.boundSeconds()) + "\"";
      line(text, name + "_bucket", bound, Long.toString(bucket.count()));
    }
    line(text, name + "_sum", labels, number(total.sumSeconds()));
    line(text, name + "_count", labels, Long.toString(total.count()));
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
