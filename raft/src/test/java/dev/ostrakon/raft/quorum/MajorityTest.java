package dev.ostrakon.raft.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The arithmetic of majorities against counting by hand. */
class MajorityTest {

  @Test
  void no_voters_restrict_nothing() {
    assertThat(Majority.reached(new long[0], 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(Majority.outcome(0, 0, 0)).isEqualTo(VoteOutcome.WON);
  }

  /** Every assignment of four values to up to five voters. */
  @Test
  void reached_is_the_greatest_value_that_a_majority_has_exhaustively() {
    for (int voters = 1; voters <= 5; voters++) {
      int assignments = (int) Math.pow(4, voters);
      for (int code = 0; code < assignments; code++) {
        long[] values = new long[voters];
        int rest = code;
        for (int i = 0; i < voters; i++) {
          values[i] = rest % 4;
          rest /= 4;
        }
        assertThat(Majority.reached(values.clone(), voters)).isEqualTo(countByHand(values));
      }
    }
  }

  @Property
  void reached_is_the_greatest_value_that_a_majority_has(
      @ForAll @Size(min = 1, max = 9) List<@LongRange(max = 20) Long> drawn) {
    long[] values = drawn.stream().mapToLong(Long::longValue).toArray();
    assertThat(Majority.reached(values.clone(), values.length)).isEqualTo(countByHand(values));
  }

  private static long countByHand(long[] values) {
    for (long candidate = 20; candidate > 0; candidate--) {
      long bound = candidate;
      if (2 * Arrays.stream(values).filter(v -> v >= bound).count() > values.length) {
        return candidate;
      }
    }
    return 0;
  }

  @Test
  void only_the_first_values_count() {
    assertThat(Majority.reached(new long[] {1, 2, 3, 99, 99, 99}, 3)).isEqualTo(2);
  }

  /** Every way in which up to seven voters can have answered. */
  @Test
  void outcome_is_decided_exactly_when_no_further_answer_can_change_it() {
    for (int voters = 1; voters <= 7; voters++) {
      for (int granted = 0; granted <= voters; granted++) {
        for (int denied = 0; granted + denied <= voters; denied++) {
          boolean isWon = 2 * granted > voters;
          boolean canBeWon = 2 * (voters - denied) > voters;
          VoteOutcome expected =
              isWon ? VoteOutcome.WON : canBeWon ? VoteOutcome.PENDING : VoteOutcome.LOST;
          assertThat(Majority.outcome(granted, denied, voters)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void joint_decision_needs_both_and_either_can_lose_it() {
    for (VoteOutcome one : VoteOutcome.values()) {
      assertThat(one.and(VoteOutcome.WON)).isEqualTo(one);
      assertThat(one.and(VoteOutcome.LOST)).isEqualTo(VoteOutcome.LOST);
      assertThat(VoteOutcome.WON.and(one)).isEqualTo(one);
    }
    assertThat(VoteOutcome.PENDING.and(VoteOutcome.PENDING)).isEqualTo(VoteOutcome.PENDING);
  }
}
