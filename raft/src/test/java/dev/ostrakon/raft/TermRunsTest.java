package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The runs of terms against a map with one term for each index. */
class TermRunsTest {

  @Property
  void behaves_like_a_map_of_terms(@ForAll long seed) {
    RandomSource random = new RandomSource(seed);
    TermRuns runs = new TermRuns(EntryId.ZERO);
    TreeMap<Long, Long> model = new TreeMap<>();
    model.put(0L, 0L);
    for (int step = 0; step < 200; step++) {
      long first = model.firstKey();
      long last = model.lastKey();
      switch (random.nextInt(8)) {
        case 0 -> {
          long from = random.nextLong(first + 1, last + 2);
          runs.truncateFrom(from);
          model.tailMap(from, true).clear();
        }
        case 1 -> {
          long base = random.nextLong(first, last + 1);
          runs.dropBefore(base);
          model.headMap(base, false).clear();
        }
        default -> {
          long term = model.lastEntry().getValue() + (random.chance(0.2) ? 1 : 0);
          long next = Math.max(1, term);
          runs.append(last + 1, next);
          model.put(last + 1, next);
        }
      }
      requireSame(runs, model);
    }
  }

  private static void requireSame(TermRuns runs, NavigableMap<Long, Long> model) {
    assertThat(runs.baseIndex()).isEqualTo(model.firstKey());
    assertThat(runs.baseTerm()).isEqualTo(model.firstEntry().getValue());
    assertThat(runs.lastTerm()).isEqualTo(model.lastEntry().getValue());
    model.forEach((index, term) -> assertThat(runs.termAt(index)).isEqualTo(term));
    long last = model.lastKey();
    for (long term = 0; term <= runs.lastTerm() + 1; term++) {
      assertThat(runs.floorOfTerm(last, term)).isEqualTo(floorByHand(model, last, term));
      long middle = (model.firstKey() + last) / 2;
      assertThat(runs.floorOfTerm(middle, term)).isEqualTo(floorByHand(model, middle, term));
    }
  }

  private static long floorByHand(NavigableMap<Long, Long> model, long index, long term) {
    for (var entry : model.headMap(index, true).descendingMap().entrySet()) {
      if (entry.getValue() <= term) {
        return entry.getKey();
      }
    }
    return model.firstKey() - 1;
  }

  @Test
  void term_before_the_base_is_unknown() {
    TermRuns runs = new TermRuns(new EntryId(3, 10));
    assertThatThrownBy(() -> runs.termAt(9)).isInstanceOf(InvariantViolation.class);
  }
}
