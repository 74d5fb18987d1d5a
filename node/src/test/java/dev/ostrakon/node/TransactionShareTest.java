package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransactionShareTest {
  private final TransactionShare share = new TransactionShare(1);
  private long orders = 1_000_000;
  private long requests = 2_000_000;

  @Test
  void what_was_before_the_first_sample_does_not_count() {
    sample(0, 0);
    assertThat(share.isHigh()).isFalse();
    sample(100, 100);
    assertThat(share.isHigh()).isTrue();
  }

  @Test
  void half_of_a_hundred_is_enough_and_less_is_not() {
    sample(0, 0);
    sample(49, 51);
    assertThat(share.isHigh()).isFalse();
    sample(60, 39);
    assertThat(share.isHigh()).isFalse();
    sample(60, 60);
    assertThat(share.isHigh()).isTrue();
  }

  @Test
  void it_ends_below_a_fifth_and_not_before() {
    sample(0, 0);
    sample(1_000, 0);
    for (int i = 0; i < 100; i++) {
      sample(210, 790);
    }
    assertThat(share.isHigh()).isTrue();
    for (int i = 0; i < 100; i++) {
      sample(190, 810);
    }
    assertThat(share.isHigh()).isFalse();
    sample(490, 510);
    assertThat(share.isHigh()).isFalse();
  }

  @Test
  void it_outlasts_a_pause_and_ends_when_nothing_more_comes() {
    sample(0, 0);
    for (int i = 0; i < 20; i++) {
      sample(1_000, 0);
    }
    int idle = 0;
    while (share.isHigh()) {
      sample(0, 0);
      idle++;
    }
    assertThat(idle).isBetween(4, 8);
  }

  @Test
  void it_ends_with_the_second_sample_of_a_heavier_load_and_the_third_of_an_equal_one() {
    sample(0, 0);
    for (int i = 0; i < 20; i++) {
      sample(1_000, 0);
    }
    sample(0, 1_000);
    assertThat(share.isHigh()).isTrue();
    sample(0, 9_000);
    assertThat(share.isHigh()).isFalse();
    for (int i = 0; i < 20; i++) {
      sample(1_000, 0);
    }
    sample(0, 1_000);
    sample(0, 1_000);
    assertThat(share.isHigh()).isTrue();
    sample(0, 1_000);
    assertThat(share.isHigh()).isFalse();
  }

  @Test
  void a_new_leader_begins_anew() {
    sample(0, 0);
    sample(1_000, 0);
    share.begin(false);
    assertThat(share.isHigh()).isFalse();
    sample(1_000, 0);
    assertThat(share.isHigh()).isFalse();
    sample(150, 0);
    assertThat(share.isHigh()).isTrue();
  }

  @Test
  void a_leader_that_begins_high_stays_so_between_the_bounds() {
    share.begin(true);
    sample(0, 0);
    for (int i = 0; i < 100; i++) {
      sample(20, 35);
      assertThat(share.isHigh()).isTrue();
    }
  }

  @Test
  void a_leader_that_begins_high_ends_so_if_nothing_comes() {
    share.begin(true);
    sample(0, 0);
    assertThat(share.isHigh()).isTrue();
    sample(0, 0);
    assertThat(share.isHigh()).isTrue();
    sample(0, 0);
    assertThat(share.isHigh()).isFalse();
  }

  @Test
  void longer_samples_take_more() {
    TransactionShare slow = new TransactionShare(2);
    slow.sample(0, 0);
    slow.sample(199, 0);
    assertThat(slow.isHigh()).isFalse();
    slow.sample(450, 0);
    assertThat(slow.isHigh()).isTrue();
  }

  private void sample(long newOrders, long newRequests) {
    orders += newOrders;
    requests += newRequests;
    share.sample(orders, requests);
  }
}
