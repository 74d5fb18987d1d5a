package dev.ostrakon.hlc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.Observation.Observed;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of the clock whatever the wall clock and the peers do. */
final class HybridLogicalClockPropertyTest {
  private static final long NOON = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;

  @Property
  void timestamps_rise_under_any_wall_clock(@ForAll("readings") List<Long> readings) {
    ManualClock physicalClock = new ManualClock(NOON);
    HybridLogicalClock clock = new HybridLogicalClock(physicalClock, ClockConfig.DEFAULTS);
    HybridTimestamp last = clock.last();
    for (long reading : readings) {
      physicalClock.set(reading);
      HybridTimestamp now = clock.now();
      assertThat(now).isGreaterThan(last);
      last = now;
    }
  }

  @Property
  void the_packed_expression_is_the_algorithm_of_the_paper(
      @ForAll("readings") List<Long> readings, @ForAll("remotes") List<HybridTimestamp> remotes) {
    ManualClock physicalClock = new ManualClock(NOON);
    HybridLogicalClock clock = new HybridLogicalClock(physicalClock, ClockConfig.DEFAULTS);
    Figure5 model = new Figure5();
    for (int i = 0; i < Math.min(readings.size(), remotes.size()); i++) {
      physicalClock.set(readings.get(i));
      HybridTimestamp remote = remotes.get(i);
      if (clock.observe(remote) instanceof Observed observed) {
        // Without a time to compare with, nothing is merged.
        assertThat(observed.now())
            .isEqualTo(
                isTime(physicalClock)
                    ? model.receive(remote, reading(physicalClock))
                    : model.localEvent(0));
      }
      assertThat(clock.now()).isEqualTo(model.localEvent(reading(physicalClock)));
    }
  }

  @Property(tries = 100)
  void a_fast_peer_cannot_drag_the_clock_along_step_by_step(@ForAll("skews") List<Integer> steps) {
    ManualClock physicalClock = new ManualClock(NOON);
    HybridLogicalClock clock = new HybridLogicalClock(physicalClock, ClockConfig.DEFAULTS);
    for (int step : steps) {
      clock.observe(new HybridTimestamp(clock.last().wallMillis() + step, 0));
      assertThat(clock.driftMillis()).isLessThanOrEqualTo(clock.maxClockSkewMillis());
    }
  }

  @Provide
  Arbitrary<List<Long>> readings() {
    Arbitrary<Long> near = Arbitraries.longs().between(NOON - 3, NOON + 3);
    Arbitrary<Long> hours = Arbitraries.longs().between(NOON - 9 * HOUR, NOON + 9 * HOUR);
    return Arbitraries.oneOf(near, near, hours, Arbitraries.longs()).list().ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<HybridTimestamp>> remotes() {
    Arbitrary<Long> walls = Arbitraries.longs().between(NOON - 3, NOON + 600);
    Arbitrary<Long> near = Arbitraries.longs().between(NOON - 3, NOON + 3);
    Arbitrary<Integer> logicals = Arbitraries.integers().between(0, 1_000);
    return Combinators.combine(Arbitraries.oneOf(near, near, walls), logicals)
        .as(HybridTimestamp::new)
        .list()
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<Integer>> skews() {
    return Arbitraries.integers().between(0, 1_000).list().ofMaxSize(50);
  }

  /** The reading as the clock takes it: 0 if no timestamp can hold it. */
  private static boolean isTime(ManualClock clock) {
    return clock.wallMillis() >= 0 && clock.wallMillis() <= HybridTimestamp.WALL_MILLIS_MAX;
  }

  private static long reading(ManualClock physicalClock) {
    long reading = physicalClock.wallMillis();
    return reading < 0 || reading > HybridTimestamp.WALL_MILLIS_MAX ? 0 : reading;
  }

  /** The algorithm of the paper word by word, without bounds on its parts. */
  private static final class Figure5 {
    private long wall;
    private long count;

    HybridTimestamp localEvent(long physical) {
      long before = wall;
      wall = Math.max(before, physical);
      count = wall == before ? count + 1 : 0;
      return timestamp();
    }

    HybridTimestamp receive(HybridTimestamp remote, long physical) {
      long before = wall;
      wall = Math.max(Math.max(before, remote.wallMillis()), physical);
      if (wall == before && wall == remote.wallMillis()) {
        count = Math.max(count, remote.logical()) + 1;
      } else if (wall == before) {
        count = count + 1;
      } else if (wall == remote.wallMillis()) {
        count = remote.logical() + 1L;
      } else {
        count = 0;
      }
      return timestamp();
    }

    private HybridTimestamp timestamp() {
      return new HybridTimestamp(wall, (int) count);
    }
  }
}
