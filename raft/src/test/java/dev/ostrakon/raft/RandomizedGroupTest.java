package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whole groups under random faults; every seed is a run of its own and can be run alone. */
class RandomizedGroupTest {

  private static final int SEEDS = Integer.getInteger("raft.fuzz.seeds", 120);
  private static final long FIRST_SEED = Long.getLong("raft.fuzz.first", 1);

  @Test
  void random_faults_break_no_safety_property_and_healed_groups_make_progress() {
    long leaders = 0;
    long commits = 0;
    long reads = 0;
    long crashes = 0;
    long snapshots = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      FuzzGroup group = new FuzzGroup(seed, RaftRules.STANDARD);
      try {
        group.run(300);
      } catch (AssertionError | RuntimeException | InvariantViolation failure) {
        throw new AssertionError("FAILED seed=" + seed + ": -Draft.fuzz.first=" + seed, failure);
      }
      leaders += group.checker().leaders();
      commits += group.checker().maxCommitIndex();
      reads += group.checker().confirmedReads();
      crashes += group.crashes();
      snapshots += group.snapshots();
    }
    // The runs must have been worth something.
    assertThat(leaders).isGreaterThan(2L * SEEDS);
    assertThat(commits).isGreaterThan(50L * SEEDS);
    assertThat(reads).isGreaterThan(10L * SEEDS);
    assertThat(crashes).isGreaterThan(SEEDS);
    assertThat(snapshots).isGreaterThan(SEEDS);
  }
}
