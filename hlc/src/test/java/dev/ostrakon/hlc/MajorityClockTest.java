package dev.ostrakon.hlc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class MajorityClockTest {
  private static final long NOON = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final long TOLERANCE = 250;

  private final ManualClock own = new ManualClock(NOON);
  private long monotonicMillis = 77;

  private MajorityClock<String> clock(int peers) {
    return new MajorityClock<>(own, () -> monotonicMillis, peers, TOLERANCE);
  }

  /** True time goes on; the machine's own clock with it. */
  private void pass(long millis) {
    monotonicMillis += millis;
    own.advance(millis);
  }

  @Test
  void alone_a_node_believes_its_own_clock() {
    MajorityClock<String> alone = clock(0);
    own.advance(HOUR);

    assertThat(alone.wallMillis()).isEqualTo(NOON + HOUR);
  }

  @Test
  void the_time_is_unknown_until_a_majority_was_heard() {
    MajorityClock<String> three = clock(2);
    MajorityClock<String> five = clock(4);
    assertThat(three.wallMillis()).isEqualTo(PhysicalClock.UNKNOWN);

    three.follow("a").told(NOON, 5);
    five.follow("a").told(NOON, 5);

    assertThat(three.wallMillis()).isEqualTo(NOON);
    assertThat(five.wallMillis()).isEqualTo(PhysicalClock.UNKNOWN);
    five.follow("b").told(NOON, 5);
    assertThat(five.wallMillis()).isEqualTo(NOON);
  }

  @Test
  void a_clock_that_jumps_ahead_is_held_by_what_the_others_said_before() {
    MajorityClock<String> clock = clock(2);
    clock.follow("a").told(NOON + 3, 5);
    clock.follow("b").told(NOON - 3, 900);

    pass(10_000);
    own.advance(HOUR);

    assertThat(clock.wallMillis()).isEqualTo(NOON + 10_000 + 3 + TOLERANCE);
  }

  @Test
  void a_clock_that_was_ahead_from_the_start_is_held_by_one_peer_of_two() {
    own.advance(HOUR);
    MajorityClock<String> clock = clock(2);
    clock.follow("a").told(NOON, 5);

    assertThat(clock.wallMillis()).isEqualTo(NOON + TOLERANCE);
  }

  @Test
  void a_clock_that_falls_back_is_held_once_both_peers_are_known() {
    MajorityClock<String> clock = clock(2);
    clock.follow("a").told(NOON + 40, 5);
    clock.follow("b").told(NOON + 50, 5);
    own.advance(-HOUR);

    assertThat(clock.wallMillis()).isEqualTo(NOON + 40 - TOLERANCE);
  }

  @Test
  void one_wrong_peer_of_two_changes_nothing() {
    MajorityClock<String> clock = clock(2);
    clock.follow("a").told(NOON, 5);
    MajorityClock<String>.Reports wrong = clock.follow("b");
    for (long error : new long[] {HOUR, -HOUR, 400, -400}) {
      wrong.told(NOON + error, 5);
      assertThat(clock.wallMillis()).isEqualTo(NOON);
    }
  }

  @Test
  void with_two_nodes_the_slower_clock_counts() {
    MajorityClock<String> clock = clock(1);
    MajorityClock<String>.Reports peer = clock.follow("a");
    peer.told(NOON - HOUR, 5);
    assertThat(clock.wallMillis()).isEqualTo(NOON - HOUR + TOLERANCE);
    peer.told(NOON + HOUR, 5);
    assertThat(clock.wallMillis()).isEqualTo(NOON);
  }

  @Test
  void a_delayed_report_does_not_set_the_clock_back() {
    MajorityClock<String> clock = clock(2);
    MajorityClock<String>.Reports a = clock.follow("a");
    MajorityClock<String>.Reports b = clock.follow("b");
    a.told(NOON, 0);
    b.told(NOON, 0);

    // This node stood still for 5 s, and now reads what the others sent at the beginning of that.
    pass(5_000);
    a.told(NOON + 100, 100);
    b.told(NOON + 100, 100);

    assertThat(clock.wallMillis()).isEqualTo(NOON + 5_000);
  }

  @Test
  void a_peer_whose_clock_jumps_is_noticed_at_once_in_both_directions() {
    MajorityClock<String> clock = clock(1);
    MajorityClock<String>.Reports peer = clock.follow("a");
    peer.told(NOON, 0);
    peer.told(NOON - HOUR, 0);
    assertThat(clock.wallMillis()).isEqualTo(NOON - HOUR + TOLERANCE);
    peer.told(NOON, 0);
    assertThat(clock.wallMillis()).isEqualTo(NOON);
  }

  @Test
  void reports_that_were_overtaken_or_are_no_time_are_ignored() {
    MajorityClock<String> clock = clock(1);
    MajorityClock<String>.Reports peer = clock.follow("a");
    peer.told(NOON, 10);
    peer.told(NOON - HOUR, 9);
    peer.told(-1, 11);
    peer.told(HybridTimestamp.WALL_MILLIS_MAX + 1, 11);

    assertThat(clock.wallMillis()).isEqualTo(NOON);
  }

  @Test
  void another_life_of_a_peer_counts_from_its_first_report_on() {
    MajorityClock<String> clock = clock(1);
    MajorityClock<String>.Reports first = clock.follow("a");
    first.told(NOON - HOUR, 1_000_000);
    MajorityClock<String>.Reports next = clock.follow("a");
    assertThat(clock.wallMillis()).isEqualTo(NOON - HOUR + TOLERANCE);

    next.told(NOON, 3);
    assertThat(clock.wallMillis()).isEqualTo(NOON);

    // What the former life had sent arrives late.
    first.told(NOON - HOUR + 1, 1_000_001);
    assertThat(clock.wallMillis()).isEqualTo(NOON);
  }

  @Test
  void monotonic_clocks_that_drift_apart_are_followed() {
    MajorityClock<String> clock = clock(1);
    MajorityClock<String>.Reports peer = clock.follow("a");
    long uptime = 0;
    for (int i = 0; i < 10_000; i++) {
      // The peer's monotonic clock is slow by 1 in 1,000, and so is its wall clock.
      pass(1_000);
      uptime += 999;
      peer.told(NOON + uptime, uptime);
    }
    own.advance(HOUR);

    // The difference is 10 s by now; the least delayed report is at most two windows old.
    assertThat(clock.wallMillis() - (NOON + uptime)).isBetween(-2L, TOLERANCE + 123);
  }

  /** Readings of whole milliseconds flicker by one. */
  @Test
  void moves_of_more_than_two_milliseconds_are_followed() {
    MajorityClock<String> clock = clock(1);
    MajorityClock<String>.Reports peer = clock.follow("a");
    peer.told(NOON - HOUR, 5);
    peer.told(NOON - HOUR + 2, 5);
    assertThat(clock.wallMillis()).isEqualTo(NOON - HOUR + TOLERANCE);

    peer.told(NOON - HOUR + 3, 5);
    assertThat(clock.wallMillis()).isEqualTo(NOON - HOUR + 3 + TOLERANCE);
  }

  @Test
  void more_peers_than_there_are_change_nothing() {
    MajorityClock<String> clock = clock(1);
    clock.follow("a").told(NOON, 5);
    clock.follow("stranger").told(NOON - HOUR, 5);

    assertThat(clock.wallMillis()).isEqualTo(NOON);
  }

  @Test
  void negative_numbers_are_refused() {
    assertThatThrownBy(() -> clock(-1)).hasMessageContaining("peerCount=-1");
    assertThatThrownBy(() -> new MajorityClock<String>(own, () -> 0, 2, -1))
        .hasMessageContaining("toleranceMillis=-1");
  }

  /** A minority of clocks shows anything, the others the truth: all nodes know the truth. */
  @Property(tries = 500)
  void a_minority_of_wrong_clocks_falsifies_no_reading(
      @ForAll @IntRange(min = 3, max = 7) int nodes,
      @ForAll @Size(7) List<@LongRange(min = -HOUR, max = HOUR) Long> errors) {
    int wrong = (nodes - 1) / 2;
    List<Long> clocks = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      clocks.add(NOON + (node < wrong ? errors.get(node) : 0));
    }
    for (int node = 0; node < nodes; node++) {
      own.set(clocks.get(node));
      MajorityClock<String> clock = clock(nodes - 1);
      for (int other = 0; other < nodes; other++) {
        if (other != node) {
          clock.follow("n" + other).told(clocks.get(other), 5);
        }
      }
      assertThat(clock.wallMillis()).isBetween(NOON - TOLERANCE, NOON + TOLERANCE);
    }
  }
}
