package dev.ostrakon.group.queue;

import static dev.ostrakon.group.queue.TxnQueuesTest.time;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ConflictTimestampsTest {
  private static final Key KEY = Key.utf8("a");
  private static final Key OTHER = Key.utf8("b");

  private final ConflictTimestamps conflicts = new ConflictTimestamps();

  @Test
  void keys_touched_lately_are_known_exactly() {
    conflicts.touch(KEY, Access.WRITE, time(100));

    assertThat(of(KEY, Access.READ)).isEqualTo(time(100));
    assertThat(of(OTHER, Access.WRITE)).isEqualTo(HybridTimestamp.ZERO);
  }

  /** "one low-water mark per group for all the rest (raising the mark is always safe)" */
  @Test
  void what_is_forgotten_raises_the_mark_for_all() {
    conflicts.onClock(time(100));
    conflicts.touch(KEY, Access.WRITE, time(100));
    conflicts.onClock(time(1_200));
    conflicts.touch(OTHER, Access.WRITE, time(1_200));
    assertThat(of(Key.utf8("c"), Access.READ)).isEqualTo(HybridTimestamp.ZERO);

    conflicts.onClock(time(2_300));

    assertThat(of(KEY, Access.READ)).isEqualTo(time(100));
    assertThat(of(Key.utf8("c"), Access.READ)).isEqualTo(time(100));
    assertThat(of(OTHER, Access.READ)).isEqualTo(time(1_200));
  }

  @Test
  void many_keys_within_a_moment_take_bounded_memory() {
    for (int i = 0; i < 100_000; i++) {
      conflicts.onClock(time(5));
      conflicts.touch(Key.utf8("key" + i), Access.WRITE, time(5));
    }
    int[] kept = new int[1];
    conflicts.visit(
        new ConflictTimestamps.Visitor() {
          @Override
          public void header(HybridTimestamp mark, long youngSinceMillis) {
            assertThat(mark).isEqualTo(time(5));
          }

          @Override
          public void touched(boolean inYoung, Key key, long read, long add, long write) {
            kept[0]++;
          }
        });

    assertThat(kept[0]).isLessThanOrEqualTo(2 * 16_384);
  }

  private HybridTimestamp of(Key key, Access access) {
    return conflicts.of(new TreeMap<>(Map.of(key, access)));
  }
}
