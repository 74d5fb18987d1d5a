package dev.ostrakon.group.queue;

import static dev.ostrakon.group.queue.TxnQueuesTest.time;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * Against two generations that know nothing of each other, which is also what states of earlier
   * builds hold.
   */
  @Test
  void a_key_that_stays_in_use_is_known_as_if_both_generations_were_asked() {
    RandomSource random = new RandomSource(1);
    List<Access> accesses = List.of(Access.READ, Access.ADD, Access.WRITE);
    Apart apart = new Apart();
    ConflictTimestamps subject = conflicts;
    long now = 0;
    for (int step = 0; step < 20_000; step++) {
      now += random.nextInt(200);
      subject.onClock(time(now));
      apart.onClock(now);
      if (random.chance(0.02)) {
        subject = apart.asState();
      }
      Key key = Key.utf8("key" + random.nextInt(6));
      Access access = accesses.get(random.nextInt(3));
      assertThat(subject.of(new TreeMap<>(Map.of(key, access)))).isEqualTo(apart.of(key, access));
      // Proposals may be ahead of the group's clock, and what comes late is behind it.
      long at = Math.max(1, now + random.nextInt(3_000) - 1_000);
      subject.touch(key, access, time(at));
      apart.young.add(new Touch(key, access, at));
    }
  }

  private record Touch(Key key, Access access, long at) {}

  /** The rule of {@link ConflictTimestamps}, told in lists. */
  private static final class Apart {
    private List<Touch> young = new ArrayList<>();
    private List<Touch> old = new ArrayList<>();
    private long since;
    private long mark;

    void onClock(long now) {
      if (young.isEmpty()) {
        since = now;
      } else if (now - since >= 1_000) {
        for (Touch touch : old) {
          mark = Math.max(mark, touch.at());
        }
        old = young;
        young = new ArrayList<>();
        since = now;
      }
    }

    HybridTimestamp of(Key key, Access access) {
      long highest = mark;
      for (List<Touch> generation : List.of(old, young)) {
        for (Touch touch : generation) {
          boolean conflicts = touch.access() != access || access == Access.WRITE;
          if (touch.key().equals(key) && conflicts) {
            highest = Math.max(highest, touch.at());
          }
        }
      }
      return highest == 0 ? HybridTimestamp.ZERO : time(highest);
    }

    ConflictTimestamps asState() {
      ConflictTimestamps restored = new ConflictTimestamps();
      restored.restoreHeader(mark == 0 ? HybridTimestamp.ZERO : time(mark), since);
      old.forEach(touch -> restore(restored, false, touch));
      young.forEach(touch -> restore(restored, true, touch));
      return restored;
    }

    private static void restore(ConflictTimestamps restored, boolean inYoung, Touch touch) {
      long at = time(touch.at()).packed();
      restored.restoreTouched(
          inYoung,
          touch.key(),
          touch.access() == Access.READ ? at : 0,
          touch.access() == Access.ADD ? at : 0,
          touch.access() == Access.WRITE ? at : 0);
    }
  }

  private HybridTimestamp of(Key key, Access access) {
    return conflicts.of(new TreeMap<>(Map.of(key, access)));
  }
}
