package dev.ostrakon.hlc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.hlc.Observation.Observed;
import dev.ostrakon.hlc.Observation.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the clock promises beyond the paper: bad wall clocks, skew, restarts, threads. */
final class HybridLogicalClockTest {
  private static final long NOON = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;

  private final ManualClock physicalClock = new ManualClock(NOON);
  private final HybridLogicalClock clock =
      new HybridLogicalClock(physicalClock, ClockConfig.DEFAULTS);

  @Test
  void a_wall_clock_that_goes_backwards_does_not_take_time_with_it() {
    HybridTimestamp before = clock.now();
    physicalClock.advance(-5 * HOUR);

    assertThat(clock.now()).isEqualTo(before.next());
    assertThat(clock.driftMillis()).isEqualTo(5 * HOUR);
  }

  @Test
  void a_frozen_wall_clock_carries_the_logical_part_into_the_wall_part() {
    for (int i = 0; i <= HybridTimestamp.LOGICAL_MAX; i++) {
      assertThat(clock.now()).isEqualTo(new HybridTimestamp(NOON, i));
    }

    assertThat(clock.now()).isEqualTo(new HybridTimestamp(NOON + 1, 0));
    assertThat(clock.driftMillis()).isOne();
  }

  @Test
  void a_jump_of_hours_is_followed_and_its_return_is_waited_for() {
    physicalClock.advance(7 * HOUR);
    HybridTimestamp ahead = clock.now();
    physicalClock.advance(-7 * HOUR);

    assertThat(ahead).isEqualTo(new HybridTimestamp(NOON + 7 * HOUR, 0));
    assertThat(clock.now()).isEqualTo(ahead.next());
    physicalClock.advance(7 * HOUR + 1);
    assertThat(clock.now()).isEqualTo(new HybridTimestamp(NOON + 7 * HOUR + 1, 0));
  }

  @Test
  void readings_that_no_timestamp_can_hold_are_ignored() {
    HybridTimestamp before = clock.now();

    physicalClock.set(-1);
    assertThat(clock.now()).isEqualTo(before.next());
    physicalClock.set(HybridTimestamp.WALL_MILLIS_MAX + 1);
    assertThat(clock.now()).isEqualTo(before.next().next());
  }

  @Test
  void a_remote_timestamp_exactly_at_the_maximum_skew_is_merged() {
    HybridTimestamp remote = new HybridTimestamp(NOON + 500, 9);

    assertThat(clock.observe(remote)).isEqualTo(new Observed(remote.next()));
    assertThat(clock.driftMillis()).isEqualTo(500);
  }

  @Test
  void a_remote_timestamp_beyond_the_maximum_skew_is_refused_with_both_numbers() {
    HybridTimestamp before = clock.last();

    assertThat(clock.observe(new HybridTimestamp(NOON + 501, 0))).isEqualTo(new Refused(501, 500));
    assertThat(clock.last()).isEqualTo(before);
  }

  @Test
  void a_remote_timestamp_from_the_end_of_time_is_refused() {
    assertThat(clock.observe(HybridTimestamp.MAX)).isInstanceOf(Refused.class);
  }

  @Test
  void a_remote_timestamp_however_old_is_merged() {
    assertThat(clock.observe(HybridTimestamp.ZERO))
        .isEqualTo(new Observed(new HybridTimestamp(NOON, 0)));
  }

  @Test
  void a_restored_clock_is_above_its_past_though_the_wall_clock_was_set_back() {
    HybridTimestamp past = new HybridTimestamp(NOON + HOUR, 12);
    HybridLogicalClock restored =
        HybridLogicalClock.restoredFrom(past, physicalClock, ClockConfig.DEFAULTS);

    assertThat(restored.last()).isEqualTo(past);
    assertThat(restored.now()).isEqualTo(past.next());
    assertThat(restored.driftMillis()).isEqualTo(HOUR);
  }

  @Test
  void a_restored_clock_takes_the_physical_time_if_that_is_later() {
    HybridLogicalClock restored =
        HybridLogicalClock.restoredFrom(
            new HybridTimestamp(NOON - HOUR, 12), physicalClock, ClockConfig.DEFAULTS);

    assertThat(restored.now()).isEqualTo(new HybridTimestamp(NOON, 0));
  }

  @Test
  void the_end_of_time_is_an_error_and_not_a_wrap() {
    HybridLogicalClock old =
        HybridLogicalClock.restoredFrom(HybridTimestamp.MAX, physicalClock, ClockConfig.DEFAULTS);

    assertThatThrownBy(old::now).isInstanceOf(ArithmeticException.class);
    assertThat(old.last()).isEqualTo(HybridTimestamp.MAX);
  }

  @Test
  void drift_is_negative_while_the_clock_rests() {
    clock.now();
    physicalClock.advance(20);

    assertThat(clock.driftMillis()).isEqualTo(-20);
  }

  @Test
  void skews_out_of_bounds_are_refused() {
    assertThat(new ClockConfig(0).maxClockSkewMillis()).isZero();
    assertThatThrownBy(() -> new ClockConfig(-1)).hasMessageContaining("was -1");
    assertThatThrownBy(() -> new ClockConfig(HOUR + 1)).hasMessageContaining("maxClockSkewMillis");
  }

  @Test
  void threads_that_share_a_clock_never_get_the_same_timestamp() throws Exception {
    int threads = 4;
    int perThread = 40_000; // more in all than the logical part holds, so carries are contended
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<List<HybridTimestamp>>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(executor.submit(() -> drawAfter(start, perThread)));
      }
      start.countDown();
      List<HybridTimestamp> all = new ArrayList<>();
      for (Future<List<HybridTimestamp>> result : results) {
        List<HybridTimestamp> own = result.get(60, TimeUnit.SECONDS);
        assertThat(own).isSorted();
        all.addAll(own);
      }
      assertThat(all).hasSize(threads * perThread).doesNotHaveDuplicates();
      assertThat(clock.last()).isEqualTo(all.stream().max(HybridTimestamp::compareTo).get());
    } finally {
      executor.shutdownNow();
    }
  }

  private List<HybridTimestamp> drawAfter(CountDownLatch start, int count)
      throws InterruptedException {
    start.await();
    List<HybridTimestamp> drawn = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      drawn.add(i % 2 == 0 ? clock.now() : observed(clock.last()));
    }
    return drawn;
  }

  private HybridTimestamp observed(HybridTimestamp remote) {
    return clock.observe(remote) instanceof Observed observed ? observed.now() : remote;
  }
}
