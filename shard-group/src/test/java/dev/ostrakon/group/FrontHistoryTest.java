package dev.ostrakon.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Histories of one replicated group under changes of leaders, and what breaks them. */
final class FrontHistoryTest {
  private static final int SEEDS = Integer.getInteger("front.seeds", 60);

  @Test
  void histories_are_strictly_serializable_whoever_leads() {
    for (long seed = 0; seed < SEEDS; seed++) {
      assertThat(new FrontHistory(seed, GroupRules.STANDARD).run()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void a_read_that_does_not_wait_for_what_is_ready_is_noticed() {
    assertNoticed(
        new GroupRules() {
          @Override
          public boolean readWaitsForReady() {
            return false;
          }
        });
  }

  @Test
  void a_read_without_confirmed_leadership_is_noticed() {
    assertNoticed(
        new GroupRules() {
          @Override
          public boolean readConfirmsLeadership() {
            return false;
          }
        });
  }

  @Test
  void a_request_that_overtakes_what_is_pending_is_noticed() {
    assertNoticed(
        new GroupRules() {
          @Override
          public boolean requestsWaitTheirTurn() {
            return false;
          }
        });
  }

  @Test
  void a_retry_that_is_not_recognised_is_noticed() {
    assertNoticed(
        new GroupRules() {
          @Override
          public boolean recognisesRetries() {
            return false;
          }
        });
  }

  @Test
  void ready_without_waiting_is_noticed() {
    assertNoticed(
        new GroupRules() {
          @Override
          public boolean readyWaitsForEarlier() {
            return false;
          }
        });
  }

  private static void assertNoticed(GroupRules rules) {
    for (long seed = 0; seed < 10L * SEEDS; seed++) {
      try {
        if (!new FrontHistory(seed, rules).run().isEmpty()) {
          return;
        }
      } catch (AssertionError | RuntimeException expected) {
        return;
      }
    }
    throw new AssertionError("no history shows the broken rule");
  }
}
