package dev.ostrakon.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RandomSource;
import org.junit.jupiter.api.Test;

class BackOffTest {

  private final BackOff backOff = new BackOff(20, 1000, new RandomSource(1));

  @Test
  void waits_double_up_to_the_limit_and_are_spread_downwards() {
    for (int step : new int[] {20, 40, 80, 160, 320, 640, 1000, 1000, 1000}) {
      assertThat(backOff.nextDelayMillis()).isBetween((long) step / 2, (long) step);
    }
  }

  @Test
  void a_success_starts_anew() {
    backOff.saturate();
    assertThat(backOff.nextDelayMillis()).isBetween(500L, 1000L);
    backOff.reset();
    assertThat(backOff.nextDelayMillis()).isBetween(10L, 20L);
  }

  @Test
  void two_nodes_do_not_march_in_step() {
    BackOff other = new BackOff(1000, 1000, new RandomSource(2));
    backOff.saturate();
    int equal = 0;
    for (int i = 0; i < 100; i++) {
      equal += backOff.nextDelayMillis() == other.nextDelayMillis() ? 1 : 0;
    }
    assertThat(equal).isLessThan(10);
  }
}
