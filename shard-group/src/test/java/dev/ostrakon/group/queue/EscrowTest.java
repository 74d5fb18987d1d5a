package dev.ostrakon.group.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.queue.Escrow.Reach;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.TxnId;
import org.junit.jupiter.api.Test;

final class EscrowTest {
  private static final Key KEY = Key.utf8("cash");
  private static final TxnId FIRST = TxnQueuesTest.txn(1);
  private static final TxnId SECOND = TxnQueuesTest.txn(2);

  private final Escrow escrow = new Escrow();

  @Test
  void without_reservations_the_range_of_numbers_decides() {
    assertThat(escrow.fits(KEY, Long.MAX_VALUE - 1, new Reach(0, 1))).isTrue();
    assertThat(escrow.fits(KEY, Long.MAX_VALUE, new Reach(0, 1))).isFalse();
    assertThat(escrow.fits(KEY, Long.MIN_VALUE, new Reach(-1, 0))).isFalse();
  }

  /** "checked for overflow against the value plus the reservations of the same sign" */
  @Test
  void reservations_of_the_same_sign_count_and_those_of_the_other_do_not() {
    escrow.reserve(FIRST, KEY, new Reach(-10, 0));
    assertThat(escrow.fits(KEY, Long.MAX_VALUE, new Reach(0, 5))).isFalse();

    escrow.reserve(SECOND, KEY, new Reach(0, 3));
    assertThat(escrow.fits(KEY, Long.MAX_VALUE - 5, new Reach(0, 2))).isTrue();
    assertThat(escrow.fits(KEY, Long.MAX_VALUE - 5, new Reach(0, 3))).isFalse();
  }

  @Test
  void what_is_released_is_free_again() {
    escrow.reserve(FIRST, KEY, new Reach(0, 3));
    escrow.reserve(FIRST, Key.utf8("other"), new Reach(0, 3));
    escrow.release(FIRST);

    assertThat(escrow.fits(KEY, Long.MAX_VALUE - 3, new Reach(0, 3))).isTrue();
    assertThat(escrow.isEmpty()).isTrue();
  }

  @Test
  void reservations_that_would_overflow_by_themselves_are_refused() {
    escrow.reserve(FIRST, KEY, new Reach(0, Long.MAX_VALUE));

    assertThat(escrow.fits(KEY, -100, new Reach(0, 1))).isFalse();
  }
}
