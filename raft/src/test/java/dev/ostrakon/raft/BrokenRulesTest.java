package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The random runs of {@link RandomizedGroupTest} are worth something only if they notice when a
 * rule is broken. Each of these groups breaks one. Rules whose breach shows only in rare schedules
 * have directed tests instead: RareScheduleTest.
 */
class BrokenRulesTest {

  private static final int SEEDS = Integer.getInteger("raft.mutant.seeds", 100);

  /** A rule book with one page torn out. */
  private record Broken(String name, RaftRules rules) {}

  private static List<Broken> variants() {
    return List.of(
        new Broken(
            "a vote for whoever asks, however short its log",
            new RaftRules() {
              @Override
              public boolean isUpToDate(EntryId candidateLast, EntryId ownLast) {
                return true;
              }
            }),
        new Broken(
            "two votes in one term",
            new RaftRules() {
              @Override
              public boolean mayVoteFor(ReplicaId votedFor, ReplicaId candidate) {
                return true;
              }
            }),
        new Broken(
            "conflicting entries of an old leader stay",
            new RaftRules() {
              @Override
              public boolean isConflict(long storedTerm, long receivedTerm) {
                return false;
              }
            }),
        new Broken(
            "entries are acknowledged before they are durable",
            new RaftRules() {
              @Override
              public boolean acknowledgementMayLeaveBeforeDurable() {
                return true;
              }
            }),
        new Broken(
            "a leader counts what is not durable",
            new RaftRules() {
              @Override
              public long leaderMatchIndex(long durableIndex, long lastIndex) {
                return lastIndex;
              }
            }),
        new Broken(
            "a follower commits beyond what matched",
            new RaftRules() {
              @Override
              public long followerCommitIndex(long leaderCommit, long matched, long last) {
                return Math.min(leaderCommit, last);
              }
            }),
        new Broken(
            "a heartbeat tells more than the follower holds",
            new RaftRules() {
              @Override
              public long heartbeatCommitIndex(long commitIndex, long matchIndex) {
                return commitIndex;
              }
            }),
        new Broken(
            "reads are served before the term's first commit",
            new RaftRules() {
              @Override
              public boolean mayServeReads(long commitTerm, long currentTerm) {
                return true;
              }
            }));
  }

  @TestFactory
  List<DynamicTest> every_broken_rule_is_noticed() {
    return variants().stream()
        .map(v -> DynamicTest.dynamicTest(v.name(), () -> requireNoticed(v)))
        .toList();
  }

  private static void requireNoticed(Broken broken) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        new FuzzGroup(seed, broken.rules()).run(300);
      } catch (AssertionError | RuntimeException | InvariantViolation noticed) {
        return;
      }
    }
    assertThat(SEEDS).as("%s goes unnoticed", broken.name()).isZero();
  }
}
