package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The in-flight window against a plain queue. */
class InflightWindowTest {

  private record Batch(long lastIndex, long bytes) {}

  @Property
  void behaves_like_a_queue(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int maxCount,
      @ForAll @IntRange(min = 1, max = 500) int maxBytes) {
    RandomSource random = new RandomSource(seed);
    InflightWindow window = new InflightWindow(maxCount, maxBytes);
    ArrayDeque<Batch> model = new ArrayDeque<>();
    long last = 0;
    for (int step = 0; step < 200; step++) {
      if (random.chance(0.6) && !window.isFull()) {
        last += 1 + random.nextInt(3);
        Batch batch = new Batch(last, random.nextInt(100));
        window.add(batch.lastIndex(), batch.bytes());
        model.addLast(batch);
      } else {
        long answered = random.nextLong(0, last + 1);
        window.freeUpTo(answered);
        model.removeIf(batch -> batch.lastIndex() <= answered);
      }
      long bytes = model.stream().mapToLong(Batch::bytes).sum();
      assertThat(window.count()).isEqualTo(model.size());
      assertThat(window.bytes()).isEqualTo(bytes);
      assertThat(window.isEmpty()).isEqualTo(model.isEmpty());
      assertThat(window.isFull()).isEqualTo(model.size() >= maxCount || bytes >= maxBytes);
    }
  }

  @Test
  void nothing_enters_a_full_window() {
    InflightWindow window = new InflightWindow(1, 100);
    window.add(1, 10);
    assertThatThrownBy(() -> window.add(2, 10)).isInstanceOf(InvariantViolation.class);
  }
}
