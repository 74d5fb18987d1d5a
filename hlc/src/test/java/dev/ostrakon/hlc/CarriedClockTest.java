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
  private final CarriedClock<String> clock =
      new CarriedClock<>(below, () -> monotonicMillis, SKEW, 2);

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
  void what_enough_others_carry_is_taken_over_to_the_millisecond() {
    clock.told("a", NOON + HOUR + 7);
    assertThat(clock.wallMillis()).isEqualTo(NOON);
    clock.told("b", NOON + HOUR);
    assertThat(clock.carriedMillis()).isEqualTo(NOON + HOUR);

    clock.told("a", NOON + HOUR + 8);
    assertThat(clock.wallMillis()).isEqualTo(NOON + HOUR + 8);
    clock.told("a", NOON - HOUR);
    clock.told("b", NOON - HOUR);
    assertThat(clock.wallMillis()).isEqualTo(NOON + HOUR + 8);
  }

  @Test
  void what_one_alone_says_moves_nothing_however_often_and_is_reported() {
    for (int i = 0; i < 1_000; i++) {
      pass(1);
      clock.told("liar", clock.wallMillis() + HOUR + i);
    }

    assertThat(clock.wallMillis()).isEqualTo(NOON + 1_000);
    assertThat(clock.carriedMillis()).isZero();
    assertThat(clock.ignored()).contains(new CarriedClock.Claim<>("liar", HOUR + 999));
    clock.told("liar", 0);
    assertThat(clock.ignored()).isEmpty();
  }

  @Test
  void what_one_alone_says_is_followed_as_far_as_correct_nodes_differ_and_not_passed_on() {
    clock.told("a", NOON + 3 * SKEW);
    assertThat(clock.wallMillis()).isEqualTo(NOON + 3 * SKEW);
    assertThat(clock.carriedMillis()).isZero();

    for (int i = 0; i < 100; i++) {
      clock.told("a", clock.wallMillis() + SKEW);
    }
    assertThat(clock.wallMillis()).isEqualTo(NOON + 3 * SKEW);
  }

  @Test
  void nodes_that_follow_one_that_creeps_ahead_do_not_confirm_it_to_each_other() {
    CarriedClock<String> other = new CarriedClock<>(below, () -> monotonicMillis, SKEW, 2);
    for (int i = 0; i < 1_000; i++) {
      long latest = Math.max(clock.wallMillis(), other.wallMillis());
      clock.told("liar", latest + SKEW);
      other.told("liar", latest + SKEW);
      clock.told("other", other.carriedMillis());
      other.told("clock", clock.carriedMillis());
    }

    assertThat(clock.wallMillis()).isLessThanOrEqualTo(NOON + 3 * SKEW);
    assertThat(other.wallMillis()).isLessThanOrEqualTo(NOON + 3 * SKEW);
  }

  @Test
  void garbage_is_ignored_even_if_all_say_it() {
    for (long garbage :
        new long[] {-5, Long.MIN_VALUE, Long.MAX_VALUE, HybridTimestamp.WALL_MILLIS_MAX}) {
      clock.told("a", garbage);
      clock.told("b", garbage);
      clock.told("c", garbage);
      assertThat(clock.wallMillis()).isEqualTo(NOON);
    }
  }

  @Test
  void a_clock_that_does_not_know_the_time_is_not_carried() {
    CarriedClock<String> unknown =
        new CarriedClock<>(() -> PhysicalClock.UNKNOWN, () -> monotonicMillis, SKEW, 1);
    unknown.reached(NOON);

    assertThat(unknown.wallMillis()).isEqualTo(PhysicalClock.UNKNOWN);
    unknown.told("a", NOON);
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
