package dev.ostrakon.hlc;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class CarriedClockTest {
  private static final long NOON = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final long SKEW = 500;

  private final ManualClock below = new ManualClock(NOON);
  private long monotonicMillis = 7;
  private final CarriedClock clock = new CarriedClock(below, () -> monotonicMillis, SKEW);

  private void pass(long millis) {
    monotonicMillis += millis;
    below.advance(millis);
  }

  @Test
  void a_clock_that_goes_on_is_followed() {
    assertThat(clock.wallMillis()).isEqualTo(NOON);
    pass(HOUR);
    assertThat(clock.wallMillis()).isEqualTo(NOON + HOUR);
    assertThat(clock.leadMillis()).isZero();
    assertThat(clock.carriedMillis()).isZero();
  }

  @Test
  void a_clock_that_was_ahead_and_is_mended_is_carried_on_until_it_has_caught_up() {
    below.advance(HOUR);
    clock.reached(NOON + HOUR);
    below.advance(-HOUR);
    clock.reached(NOON + HOUR);

    assertThat(clock.wallMillis()).isEqualTo(NOON + HOUR);
    pass(100_000);
    assertThat(clock.wallMillis()).isEqualTo(NOON + HOUR + 100_000 - 10);
    assertThat(clock.leadMillis()).isEqualTo(HOUR - 10);
    assertThat(clock.carriedMillis()).isEqualTo(NOON + HOUR + 100_000 - 10);
    pass(HOUR * CarriedClock.SLOWNESS);
    assertThat(clock.leadMillis()).isZero();
    assertThat(clock.carriedMillis()).isZero();
  }

  @Test
  void a_clock_that_was_wrong_unnoticed_leaves_no_trace() {
    below.advance(HOUR);
    clock.wallMillis();
    below.advance(-HOUR);

    assertThat(clock.wallMillis()).isEqualTo(NOON);
  }

  @Test
  void a_clock_that_is_ahead_again_and_again_does_not_drive_the_time_further() {
    for (int i = 0; i < 10; i++) {
      below.advance(HOUR);
      long replicated = clock.wallMillis();
      below.advance(-HOUR);
      clock.reached(replicated);
    }

    assertThat(clock.wallMillis()).isEqualTo(NOON + HOUR);
  }

  @Test
  void what_is_replicated_counts_also_after_a_restart() {
    clock.reached(NOON + HOUR);
    assertThat(clock.wallMillis()).isEqualTo(NOON + HOUR);

    clock.reached(NOON + HOUR + 2 * SKEW); // As far as it may be ahead anyway.
    assertThat(clock.wallMillis()).isEqualTo(NOON + HOUR);
  }

  @Test
  void what_others_carry_is_taken_over_to_the_millisecond_and_garbage_is_not() {
    assertThat(clock.told(NOON + 1)).isTrue();
    assertThat(clock.wallMillis()).isEqualTo(NOON + 1);
    assertThat(clock.told(NOON - HOUR)).isTrue();
    assertThat(clock.wallMillis()).isEqualTo(NOON + 1);
    assertThat(clock.told(NOON + CarriedClock.LEAD_MILLIS_MAX + 1)).isFalse();
    assertThat(clock.told(-5)).isFalse();
    assertThat(clock.wallMillis()).isEqualTo(NOON + 1);
  }

  @Test
  void a_clock_that_does_not_know_the_time_is_not_carried() {
    CarriedClock unknown =
        new CarriedClock(() -> PhysicalClock.UNKNOWN, () -> monotonicMillis, SKEW);
    unknown.reached(NOON);

    assertThat(unknown.wallMillis()).isEqualTo(PhysicalClock.UNKNOWN);
    assertThat(unknown.told(NOON)).isTrue();
    assertThat(unknown.leadMillis()).isZero();
    assertThat(unknown.carriedMillis()).isZero();
  }

  @Test
  void by_timestamps_that_may_be_ahead_nobody_drags_the_time_along() {
    HybridLogicalClock hybrid = new HybridLogicalClock(clock, ClockConfig.DEFAULTS);
    HybridTimestamp replicated = HybridTimestamp.ZERO;
    for (int i = 0; i < 1_000; i++) {
      pass(1);
      HybridTimestamp wanted = new HybridTimestamp(clock.wallMillis() + SKEW, 0);
      assertThat(hybrid.observe(wanted)).isInstanceOf(Observation.Observed.class);
      replicated = HybridTimestamp.max(replicated, hybrid.now());
      hybrid.reached(replicated);
    }

    assertThat(clock.wallMillis()).isEqualTo(NOON + 1_000);
  }

  @Property
  void the_time_is_never_far_behind_what_is_replicated(
      @ForAll @LongRange(min = -HOUR, max = HOUR) long first,
      @ForAll @LongRange(min = -HOUR, max = HOUR) long second,
      @ForAll @IntRange(max = 10_000) int gap) {
    long replicated = clock.wallMillis();
    for (long jump : new long[] {first, second}) {
      below.advance(jump);
      clock.reached(replicated);
      pass(gap);
      assertThat(clock.wallMillis()).isGreaterThanOrEqualTo(replicated - 2 * SKEW);
      replicated = Math.max(replicated, clock.wallMillis());
    }
  }
}
