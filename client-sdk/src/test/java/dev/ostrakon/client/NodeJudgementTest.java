package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.Liveness.Verdict;
import org.junit.jupiter.api.Test;

/** When a node is suspected, and how long an attempt may take: rules without a clock. */
class NodeJudgementTest {
  private static final long MILLI = 1_000_000;
  private static final int STEP = 25;

  private final Liveness liveness = new Liveness(100 * MILLI, 400 * MILLI, 150 * MILLI);
  private long nowMillis = 1_000;

  /** The first verdict but NOTHING within so many milliseconds, and when it came. */
  private String verdictWithin(long millis) {
    long end = nowMillis + millis;
    while (nowMillis < end) {
      nowMillis += STEP;
      Verdict verdict = liveness.check(nowMillis * MILLI);
      if (verdict != Verdict.NOTHING) {
        return verdict + " at " + nowMillis;
      }
    }
    return "NOTHING";
  }

  @Test
  void a_silent_node_that_owes_something_is_probed_and_then_suspected_once() {
    liveness.owe(nowMillis * MILLI);
    assertThat(verdictWithin(1_000)).isEqualTo("PROBE at 1100");
    assertThat(verdictWithin(1_000)).isEqualTo("SUSPECT at 1500");
    assertThat(liveness.isSuspect()).isTrue();
    assertThat(verdictWithin(10_000)).isEqualTo("NOTHING");
    assertThat(liveness.hear(nowMillis * MILLI)).isTrue();
    assertThat(liveness.isSuspect()).isFalse();
    assertThat(verdictWithin(1_000)).isEqualTo("PROBE at 11600");
  }

  @Test
  void any_sign_of_life_begins_the_time_anew() {
    liveness.owe(nowMillis * MILLI);
    for (int i = 0; i < 50; i++) {
      assertThat(verdictWithin(75)).isEqualTo("NOTHING");
      assertThat(liveness.hear(nowMillis * MILLI)).isFalse();
    }
    verdictWithin(1_000);
    nowMillis += STEP;
    liveness.hear(nowMillis * MILLI);
    assertThat(verdictWithin(1_000)).startsWith("PROBE");
    assertThat(verdictWithin(375)).isEqualTo("NOTHING");
  }

  @Test
  void a_node_that_owes_nothing_may_be_silent() {
    assertThat(verdictWithin(5_000)).isEqualTo("NOTHING");
    liveness.owe(nowMillis * MILLI);
    liveness.settle();
    assertThat(verdictWithin(5_000)).isEqualTo("NOTHING");
    liveness.owe(nowMillis * MILLI);
    assertThat(verdictWithin(1_000)).startsWith("PROBE");
  }

  @Test
  void a_pause_of_this_program_is_not_the_nodes_silence() {
    liveness.owe(nowMillis * MILLI);
    verdictWithin(1_000);
    nowMillis += 3_000;
    assertThat(liveness.check(nowMillis * MILLI)).isEqualTo(Verdict.NOTHING);
    assertThat(liveness.isSuspect()).isFalse();
    assertThat(verdictWithin(1_000)).startsWith("PROBE");
  }

  @Test
  void
      an_attempt_to_a_node_of_unknown_latency_may_take_the_configured_time_and_more_for_its_size() {
    LatencyEstimate unknown = new LatencyEstimate();
    assertThat(AttemptLimits.millis(2_000, unknown, 0, 0)).isEqualTo(2_000);
    assertThat(AttemptLimits.millis(2_000, unknown, 40 << 20, 0)).isBetween(41_000L, 43_000L);
  }

  @Test
  void attempts_adapt_to_measured_latency_both_ways() {
    LatencyEstimate latency = new LatencyEstimate();
    for (int i = 0; i < 100; i++) {
      latency.observe(2 * MILLI);
    }
    assertThat(AttemptLimits.millis(2_000, latency, 0, 0)).isEqualTo(1_000);
    for (int i = 0; i < 100; i++) {
      latency.observe(3_000 * MILLI);
    }
    assertThat(AttemptLimits.millis(2_000, latency, 0, 0)).isBetween(6_000L, 12_000L);
    for (int i = 0; i < 200; i++) {
      latency.observe(2 * MILLI);
    }
    assertThat(AttemptLimits.millis(2_000, latency, 0, 0)).isEqualTo(1_000);
  }

  @Test
  void each_attempt_that_was_given_up_doubles_the_next_up_to_a_bound() {
    LatencyEstimate unknown = new LatencyEstimate();
    assertThat(AttemptLimits.millis(1_000, unknown, 0, 1)).isEqualTo(2_000);
    assertThat(AttemptLimits.millis(1_000, unknown, 0, 3)).isEqualTo(8_000);
    assertThat(AttemptLimits.millis(1_000, unknown, 0, 1_000)).isEqualTo(32_000);
    assertThat(AttemptLimits.millis(3_600_000, unknown, Long.MAX_VALUE / 4, 1_000)).isPositive();
  }
}
