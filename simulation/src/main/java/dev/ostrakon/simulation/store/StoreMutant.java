package dev.ostrakon.simulation.store;

import dev.ostrakon.group.GroupRules;
import dev.ostrakon.model.Condition;
import dev.ostrakon.simulation.mutant.Mutant;
import dev.ostrakon.txn.TxnRules;

/**
 * A deliberately broken store: one rule that does not hold. Never used by a node.
 *
 * <p>Rules that matter only while slots move, or too rarely, are broken in the tests of the
 * coordinator and of the groups; docs/internals/simulation.md names all.
 */
public enum StoreMutant {
  DUPLICATE_EXECUTED_TWICE(
      5,
      "a request that was carried out already is carried out again",
      new GroupRules() {
        @Override
        public boolean recognisesRetries() {
          return false;
        }
      }),
  FINISHED_LOST_IN_SNAPSHOT(
      1,
      "the memory of finished requests is not part of checkpoints",
      new GroupRules() {
        @Override
        public boolean checkpointsFinished() {
          return false;
        }
      }),
  DENIAL_REMEMBERED(
      34,
      "that a group did not serve a slot yet is remembered as the result of a request",
      new GroupRules() {
        @Override
        public boolean remembersDenials() {
          return true;
        }
      }),
  APPLY_SKIPPED_AFTER_RESTART(
      1,
      "what was pending at a restart is not written when its outcome is applied",
      new GroupRules() {
        @Override
        public boolean appliesWhatWasRestored() {
          return false;
        }
      }),
  READ_DOES_NOT_WAIT(
      5,
      "a read does not wait for a conflicting transaction that is ready",
      new GroupRules() {
        @Override
        public boolean readWaitsForReady() {
          return false;
        }
      }),
  READY_WITHOUT_WAITING(
      2,
      "a fragment is ready although what conflicts is pending before it",
      new GroupRules() {
        @Override
        public boolean readyWaitsForEarlier() {
          return false;
        }
      }),
  REQUEST_OVERTAKES(
      2,
      "a request inside a group overtakes what conflicts and is pending before it",
      new GroupRules() {
        @Override
        public boolean requestsWaitTheirTurn() {
          return false;
        }
      }),
  ADD_WITHOUT_ESCROW(
      15,
      "an add that commutes is not checked against the reservations of others",
      new GroupRules() {
        @Override
        public boolean checksEscrow() {
          return false;
        }
      }),
  FINALISE_NOT_LOGGED(
      1,
      "FINALISE changes only what this leader says",
      new GroupRules() {
        @Override
        public boolean logsFinalise() {
          return false;
        }
      }),
  QUESTION_DENIED(
      55,
      "a question with keys of other groups is denied where nothing was heard of the request",
      new GroupRules() {
        @Override
        public boolean settlesWhatItServes() {
          return false;
        }
      }),
  REFUSAL_DROPPED_EARLY(
      193,
      "a recorded refusal is dropped at once",
      new GroupRules() {
        @Override
        public boolean keepsRefusals() {
          return false;
        }
      }),
  FINISHED_DROPPED_EARLY(
      16,
      "a finished record goes before every participant has applied the outcome",
      new GroupRules() {
        @Override
        public boolean keepsFinishedUntilForgotten() {
          return false;
        }
      }),
  READ_RECORD_KEPT(
      1,
      "a transaction that only reads leaves a record",
      new GroupRules() {
        @Override
        public boolean dropsReads() {
          return false;
        }
      }),
  ACKNOWLEDGED_RECORD_KEPT(
      1,
      "a record stays although its client will not ask for it again",
      new GroupRules() {
        @Override
        public boolean dropsAcknowledged() {
          return false;
        }
      }),
  ESCROW_KEPT_AFTER_ABORT(
      9,
      "what adds have reserved is not given back by an abort",
      new GroupRules() {
        @Override
        public boolean releasesReservations() {
          return false;
        }
      }),
  LATE_CALL_UNANSWERED(
      5,
      "a call whose deadline has passed is not answered",
      new GroupRules() {
        @Override
        public boolean answersLateCalls() {
          return false;
        }
      }),
  LATE_COMMAND_LOGGED(
      18,
      "a command is logged although its caller was told that nothing happened",
      new GroupRules() {
        @Override
        public boolean logsOnlyWhatIsAwaited() {
          return false;
        }
      }),
  EDGE_OF_CONDITION(
      11,
      "a number that equals the bound does not satisfy greater-or-equal",
      new GroupRules() {
        @Override
        public boolean compares(Condition.Comparison comparison, long number, long bound) {
          return comparison == Condition.Comparison.GREATER_OR_EQUAL
              ? number > bound
              : comparison.holds(number, bound);
        }
      }),
  OVERFLOW_BELOW(
      2,
      "a sum below the smallest number wraps around",
      new GroupRules() {
        @Override
        public boolean overflows(long number, long delta) {
          return number > 0 && super.overflows(number, delta);
        }
      }),
  OVERFLOW_AT_THE_EDGE(
      2,
      "a sum that is the largest number is refused",
      new GroupRules() {
        @Override
        public boolean overflows(long number, long delta) {
          return super.overflows(number, delta) || number + delta == Long.MAX_VALUE;
        }
      }),
  WINDOW_TOO_SHORT(
      2,
      "a request is taken for too old in a hundredth of the window",
      new GroupRules() {
        @Override
        public boolean isBeyondWindow(long issuedMillis, long clockMillis, long windowMillis) {
          return super.isBeyondWindow(issuedMillis, clockMillis, windowMillis / 100);
        }
      }),
  READS_BELOW_FINAL(
      2,
      "what was reported below the final timestamp counts",
      new TxnRules() {
        @Override
        public boolean countsOnlyTheFinalTimestamp() {
          return false;
        }
      }),
  NO_SLOW_PATH(
      1,
      "participants below the final timestamp are not moved to it",
      new TxnRules() {
        @Override
        public boolean finalises() {
          return false;
        }
      }),
  DECIDED_BEFORE_READY(
      1,
      "it is decided once all have proposed",
      new TxnRules() {
        @Override
        public boolean decidesWhenAllAreReady() {
          return false;
        }
      }),
  COMMIT_WITHOUT_ONE(
      3,
      "one participant that refused does not keep the others from committing",
      new TxnRules() {
        @Override
        public boolean abortsIfOneRefused() {
          return false;
        }
      }),
  CONDITIONS_OF_ONE(
      1,
      "it is committed although the conditions of some do not hold",
      new TxnRules() {
        @Override
        public boolean wantsConditionsOfAll() {
          return false;
        }
      }),
  APPLIED_BEFORE_DECIDED(
      1,
      "a participant that is ready is told to apply before the others are",
      new TxnRules() {
        @Override
        public boolean appliesAfterDecision() {
          return false;
        }
      }),
  FORGOTTEN_EARLY(
      18,
      "it is forgotten before all participants have ended it",
      new TxnRules() {
        @Override
        public boolean forgetsWhenAllHaveEnded() {
          return false;
        }
      }),
  SINGLE_READING(
      1,
      "a read over several groups is not proved by reading again",
      new TxnRules() {
        @Override
        public boolean readsTwice() {
          return false;
        }
      }),
  TWO_GROUPS_UNPROVED(
      5,
      "a read over several groups is proved although two of them have changed",
      new TxnRules() {
        @Override
        public boolean provesReadWith(int changedGroups) {
          return changedGroups <= 2;
        }
      }),
  ROOM_NOT_GIVEN_BACK(
      1,
      "a transaction that has ended keeps its room in the coordinator",
      new TxnRules() {
        @Override
        public boolean givesRoomBack() {
          return false;
        }
      }),
  LATE_READ_UNANSWERED(
      1,
      "a read over several groups whose deadline has passed is not answered",
      new TxnRules() {
        @Override
        public boolean answersLateReads() {
          return false;
        }
      }),
  ABORT_LEAVES_DOUBT(
      2,
      "an abort that is certain is told as one that leaves doubt",
      new TxnRules() {
        @Override
        public boolean tellsCertainAborts() {
          return false;
        }
      }),
  COMMIT_WHERE_NOT_READY(
      1,
      "a group believes a coordinator that has decided before the fragment is ready",
      StoreRules.of(
          new GroupRules() {
            @Override
            public boolean commitNeedsReady() {
              return false;
            }
          },
          new TxnRules() {
            @Override
            public boolean decidesWhenAllAreReady() {
              return false;
            }
          })),
  HUNG_DISK_IGNORED(
      3, Mutant.HUNG_DISK_IGNORED.sentence(), StoreRules.of(Mutant.HUNG_DISK_IGNORED)),
  TIMESTAMP_AHEAD_TAKEN(
      1,
      "a timestamp far ahead of the time is logged",
      new GroupRules() {
        @Override
        public boolean refusesTimestampsAhead() {
          return false;
        }
      }),
  UNKNOWN_PARTICIPANT_TAKEN(
      1,
      "an order is taken although one of its participants does not exist",
      new GroupRules() {
        @Override
        public boolean refusesUnknownParticipants() {
          return false;
        }
      }),
  FORGOTTEN_WITHIN_WINDOW(
      2,
      "what became of a request is remembered for a hundredth of the window",
      new GroupRules() {
        @Override
        public long remembersForMillis(long windowMillis) {
          return windowMillis / 100;
        }
      }),
  REUSED_ID_ANSWERED(
      1,
      "a request whose id was used for another one is answered with what became of that",
      new GroupRules() {
        @Override
        public boolean recognisesReuse() {
          return false;
        }
      });

  private final long seed;
  private final String sentence;

  @SuppressWarnings("ImmutableEnumChecker") // Stateless, as the rules demand.
  private final StoreRules rules;

  StoreMutant(long seed, String sentence, GroupRules rules) {
    this(seed, sentence, StoreRules.of(rules));
  }

  StoreMutant(long seed, String sentence, TxnRules rules) {
    this(seed, sentence, StoreRules.of(rules));
  }

  StoreMutant(long seed, String sentence, StoreRules rules) {
    this.seed = seed;
    this.sentence = sentence;
    this.rules = rules;
  }

  /** The first seed from which it was noticed, counted from 1. */
  public long seed() {
    return seed;
  }

  /** What is broken. */
  public String sentence() {
    return sentence;
  }

  /** The rules of which one is broken. */
  public StoreRules rules() {
    return rules;
  }
}
