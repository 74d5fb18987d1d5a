package dev.ostrakon.txn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random runs are strictly serializable and end; each broken rule is noticed. */
class TxnSimulationTest {
  private static final int SEEDS = Integer.getInteger("ostrakon.txn.seeds", 60);
  private static final int SEEDS_PER_MUTANT = 400;

  /** The first seed that shows a recovery which writes no refusal. */
  private static final long NOTICES_RARE_FAULTS = 761;

  @Test
  void every_run_is_strictly_serializable_and_ends() {
    long answered = 0;
    long slowPath = 0;
    long fastPath = 0;
    long recovered = 0;
    long readsAsTransactions = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      TxnSimulation run = new TxnSimulation(seed, TxnRules.STANDARD);
      assertThat(run.run()).as("seed %s", seed).isEmpty();
      answered += run.history().answered();
      fastPath += run.fastPath();
      slowPath += run.slowPath();
      recovered += run.recovered();
      readsAsTransactions += run.readsAsTransactions();
    }
    assertThat(answered).isGreaterThan(50L * SEEDS);
    assertThat(fastPath).isPositive();
    assertThat(slowPath).isPositive();
    assertThat(recovered).isPositive();
    assertThat(readsAsTransactions).isPositive();
  }

  @Test
  void same_seed_gives_the_same_run() {
    TxnSimulation first = new TxnSimulation(7, TxnRules.STANDARD);
    TxnSimulation second = new TxnSimulation(7, TxnRules.STANDARD);

    assertThat(first.run()).isEqualTo(second.run());
    assertThat(first.trace()).isEqualTo(second.trace()).isNotZero();
  }

  static Stream<Named<TxnRules>> broken() {
    return Stream.of(
        Named.of(
            "reads below the final timestamp count",
            new TxnRules() {
              @Override
              public boolean countsOnlyTheFinalTimestamp() {
                return false;
              }
            }),
        Named.of(
            "nothing is finalised",
            new TxnRules() {
              @Override
              public boolean finalises() {
                return false;
              }
            }),
        Named.of(
            "decided before all are ready",
            new TxnRules() {
              @Override
              public boolean decidesWhenAllAreReady() {
                return false;
              }
            }),
        Named.of(
            "committed without one that refused",
            new TxnRules() {
              @Override
              public boolean abortsIfOneRefused() {
                return false;
              }
            }),
        Named.of(
            "conditions of one are enough",
            new TxnRules() {
              @Override
              public boolean wantsConditionsOfAll() {
                return false;
              }
            }),
        Named.of(
            "participants under other lists count",
            new TxnRules() {
              @Override
              public boolean requiresEqualParticipants() {
                return false;
              }
            }),
        Named.of(
            "fragments of different configurations are one transaction",
            new TxnRules() {
              @Override
              public boolean requiresEqualCuts() {
                return false;
              }
            }),
        Named.of(
            "applied before it is decided",
            new TxnRules() {
              @Override
              public boolean appliesAfterDecision() {
                return false;
              }
            }),
        Named.of(
            "forgotten too early",
            new TxnRules() {
              @Override
              public boolean forgetsWhenAllHaveEnded() {
                return false;
              }
            }),
        Named.of(
            "recovery takes absence for a refusal",
            new TxnRules() {
              @Override
              public boolean recoveryRefuses() {
                return false;
              }
            }),
        Named.of(
            "read once only",
            new TxnRules() {
              @Override
              public boolean readsTwice() {
                return false;
              }
            }));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void broken_rule_is_noticed(TxnRules rules) {
    boolean isNoticed = !verdict(NOTICES_RARE_FAULTS, rules).isEmpty();
    for (long seed = 0; seed < SEEDS_PER_MUTANT && !isNoticed; seed++) {
      isNoticed = !verdict(seed, rules).isEmpty();
    }
    assertThat(isNoticed).isTrue();
  }

  private static String verdict(long seed, TxnRules rules) {
    try {
      return new TxnSimulation(seed, rules).run();
    } catch (AssertionError | IllegalStateException impossible) {
      return String.valueOf(impossible.getMessage());
    }
  }
}
