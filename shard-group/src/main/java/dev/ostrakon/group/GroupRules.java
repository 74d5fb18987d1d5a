package dev.ostrakon.group;

import dev.ostrakon.model.Condition;

/**
 * The rules of PROTOCOL.md on which the correctness of a shard group hangs, one switch each.
 *
 * <p>Production uses {@link #STANDARD}. The simulator derives classes that break one rule each, to
 * prove that its checkers would notice; nothing else may override anything.
 *
 * <p>Stateless, so one instance serves every replica.
 */
public class GroupRules {
  /** The rules as written down. */
  public static final GroupRules STANDARD = new GroupRules();

  /** For {@link #STANDARD} and the simulator's deliberately broken variants. */
  protected GroupRules() {}

  // Reads

  /** Reads: whether a read waits for a conflicting transaction that is ready in this group. */
  public boolean readWaitsForReady() {
    return true;
  }

  /** Reads: whether a leader has its leadership confirmed before it serves a read. */
  public boolean readConfirmsLeadership() {
    return true;
  }

  /** Reads: whether a call that is late is answered all the same, with its deadline. */
  public boolean answersLateCalls() {
    return true;
  }

  // Conditions, numbers and time

  /** Whether a number compares to the bound of a condition as the condition wants it. */
  public boolean compares(Condition.Comparison comparison, long number, long bound) {
    return comparison.holds(number, bound);
  }

  /** Whether the sum of a number and what is added to it is beyond 64 bits. */
  public boolean overflows(long number, long delta) {
    long sum = number + delta;
    return ((number ^ sum) & (delta ^ sum)) < 0;
  }

  /**
   * Whether a request is so old that nobody remembers what became of it: first sent before the
   * group's clock less the window.
   */
  public boolean isBeyondWindow(long issuedMillis, long clockMillis, long windowMillis) {
    return issuedMillis < clockMillis - windowMillis;
  }

  // Messages that no correct node sends

  /** Whether a timestamp that is too far ahead of the time here is refused before it is logged. */
  public boolean refusesTimestampsAhead() {
    return true;
  }

  /** Whether an order is refused that names a participant which no configuration has. */
  public boolean refusesUnknownParticipants() {
    return true;
  }

  /** Whether a request is refused whose id was used for another one before. */
  public boolean recognisesReuse() {
    return true;
  }

  // Exactly once

  /** For how long a group remembers what became of a request that is not acknowledged. */
  public long remembersForMillis(long windowMillis) {
    return windowMillis;
  }

  /** Whether a command whose caller was told that nothing happened stays out of the log. */
  public boolean logsOnlyWhatIsAwaited() {
    return true;
  }

  /** Whether a request that was carried out already gets its first answer and nothing else. */
  public boolean recognisesRetries() {
    return true;
  }

  /** Whether the memory of finished requests is part of checkpoints and snapshots. */
  public boolean checkpointsFinished() {
    return true;
  }

  /** Whether the denial of a request whose slot is not served is remembered as its result. */
  public boolean remembersDenials() {
    return false;
  }

  // Order

  /** Whether a fragment is ready only when nothing that conflicts is pending before it. */
  public boolean readyWaitsForEarlier() {
    return true;
  }

  /** Whether a request inside the group waits for what conflicts and is pending before it. */
  public boolean requestsWaitTheirTurn() {
    return true;
  }

  /** Whether an add that commutes is checked against the reservations of others. */
  public boolean checksEscrow() {
    return true;
  }

  /** Whether a fragment that is aborted gives back what its adds have reserved. */
  public boolean releasesReservations() {
    return true;
  }

  // Participation

  /** Whether FINALISE is logged; if not it changes only what this leader says. */
  public boolean logsFinalise() {
    return true;
  }

  /** Whether a commit counts only where the fragment is ready. */
  public boolean commitNeedsReady() {
    return true;
  }

  /** Whether a fragment that was pending at a restart is written when its outcome is applied. */
  public boolean appliesWhatWasRestored() {
    return true;
  }

  /** Whether a refusal of an attempt is recorded, so that a late ORDER finds it. */
  public boolean recordsRefusals() {
    return true;
  }

  /** Whether a request that is asked for is refused although other groups have some of its keys. */
  public boolean settlesWhatItServes() {
    return true;
  }

  /** Whether a recorded refusal stays until nobody can send an ORDER any more that it stops. */
  public boolean keepsRefusals() {
    return true;
  }

  /** Whether a record goes once all have ended it and its client will not ask for it again. */
  public boolean dropsAcknowledged() {
    return true;
  }

  /** Whether a transaction that only reads leaves no record. */
  public boolean dropsReads() {
    return true;
  }

  /** Whether a finished record stays until every participant has applied the outcome. */
  public boolean keepsFinishedUntilForgotten() {
    return true;
  }
}
