package dev.ostrakon.txn;

/**
 * The rules of PROTOCOL.md on which the correctness of a coordinator hangs, one switch each.
 *
 * <p>Production uses {@link #STANDARD}. The simulator derives classes that break one rule each, to
 * prove that its checkers would notice; nothing else may override anything.
 *
 * <p>Stateless, so one instance serves every coordinator.
 */
public class TxnRules {
  /** The rules as written down. */
  public static final TxnRules STANDARD = new TxnRules();

  /** For {@link #STANDARD} and the simulator's deliberately broken variants. */
  protected TxnRules() {}

  // Decide

  /** Whether reads and verdicts count only if reported ready at the final timestamp. */
  public boolean countsOnlyTheFinalTimestamp() {
    return true;
  }

  /** Whether participants below the final timestamp are moved to it; if not, all stay apart. */
  public boolean finalises() {
    return true;
  }

  /** Whether it is decided only once all are ready; if not, once all have proposed. */
  public boolean decidesWhenAllAreReady() {
    return true;
  }

  /** Whether one refused participant aborts the whole; if not, the others commit without it. */
  public boolean abortsIfOneRefused() {
    return true;
  }

  /** Whether it is committed only if the conditions of all participants hold. */
  public boolean wantsConditionsOfAll() {
    return true;
  }

  /** Whether a status counts only if it was ordered under the same participants. */
  public boolean requiresEqualParticipants() {
    return true;
  }

  /** Whether fragments of different configurations do not make one transaction. */
  public boolean requiresEqualCuts() {
    return true;
  }

  // Apply and forget

  /** Whether a participant that is ready waits for the others before it is told to apply. */
  public boolean appliesAfterDecision() {
    return true;
  }

  /** Whether it is forgotten only once all participants have ended it. */
  public boolean forgetsWhenAllHaveEnded() {
    return true;
  }

  /** Whether a transaction that has ended gives its room in the coordinator back. */
  public boolean givesRoomBack() {
    return true;
  }

  /** Whether a read whose deadline has passed is answered. */
  public boolean answersLateReads() {
    return true;
  }

  /** Whether an abort is told as one of all attempts only if it is: otherwise it leaves doubt. */
  public boolean tellsCertainAborts() {
    return true;
  }

  // Recovery

  /** Whether recovery refuses where nothing is known; if not, it takes absence for a refusal. */
  public boolean recoveryRefuses() {
    return true;
  }

  // Reads

  /** Whether a read over several groups is proved by reading again. */
  public boolean readsTwice() {
    return true;
  }

  /** Whether a key that is absent twice may have been there in between. */
  public boolean mistrustsAbsence() {
    return true;
  }

  /** Whether a transaction that only reads counts only if all participants have it to the end. */
  public boolean confirmsReads() {
    return true;
  }

  /**
   * Whether a read is proved although so many groups have changed since the round before last: the
   * answer of one of them needs no proof.
   */
  public boolean provesReadWith(int changedGroups) {
    return changedGroups <= 1;
  }

  // Attempts

  /** Whether a read that is run as a transaction again takes the next attempt number. */
  public boolean takesTheNextAttempt() {
    return true;
  }
}
