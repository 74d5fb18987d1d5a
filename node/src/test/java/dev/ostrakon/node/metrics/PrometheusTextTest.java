package dev.ostrakon.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrometheusTextTest {

  @Test
  void samples_of_a_metric_stay_together_under_one_head() {
    PrometheusText text = new PrometheusText();
    text.gauge("a", "An A.", PrometheusText.labels("x", "1"), 5)
        .counter("b", "A B.", "", 7)
        .gauge("a", "An A.", PrometheusText.labels("x", "quo\"te"), 0.5);
    assertThat(text.toString())
        .isEqualTo(
            """
            # HELP ostrakon_a An A.
            # TYPE ostrakon_a gauge
            ostrakon_a{x="1"} 5
            ostrakon_a{x="quo\\"te"} 0.5
            # HELP ostrakon_b A B.
            # TYPE ostrakon_b counter
            ostrakon_b 7
            """);
  }

  @Test
  void buckets_of_a_histogram_are_cumulative_and_end_with_all() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(1);
    histogram.record(16_384);
    histogram.record(20_000);
    histogram.record(Long.MAX_VALUE);
    String text = new PrometheusText().histogram("h", "H.", "", histogram).toString();
    assertThat(text)
        .contains("ostrakon_h_bucket{le=\"1.6384E-5\"} 1\n")
        .contains("ostrakon_h_bucket{le=\"3.2768E-5\"} 3\n")
        .contains("ostrakon_h_bucket{le=\"+Inf\"} 4\n")
        .contains("ostrakon_h_count 4\n");
  }
}
