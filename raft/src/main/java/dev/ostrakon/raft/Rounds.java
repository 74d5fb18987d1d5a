package dev.ostrakon.raft;

/**
 * A leader's rounds: numbers that its messages carry and the answers echo. A round is confirmed
 * once a quorum has answered a message that carried it or a later one; every such answer was then
 * sent after the round began, by a replica that had not joined a later term.
 *
 * <p>Reads and leases hang on the same numbers: a read is confirmed by a round that began after it
 * was registered, and a lease lasts from the beginning of the newest confirmed round.
 */
final class Rounds {

  /** How many beginnings are remembered; older rounds no longer extend a lease. */
  private static final int REMEMBERED = 64;

  private final long[] startNanos = new long[REMEMBERED];
  private long newest;
  private long confirmed;

  /** The newest round begun; 0 before the first. */
  long newest() {
    return newest;
  }

  /** The newest round that a quorum has answered; 0 before the first. */
  long confirmed() {
    return confirmed;
  }

  /** Begins a round; messages that carry it are sent after {@code nowNanos}. */
  long begin(long nowNanos) {
    newest++;
    startNanos[(int) (newest % REMEMBERED)] = nowNanos;
    return newest;
  }

  /** A quorum has answered {@code round}; returns whether that is news. */
  boolean maybeConfirm(long round) {
    if (round <= confirmed) {
      return false;
    }
    Invariants.check(round <= newest, "confirmed round was begun", round, newest);
    confirmed = round;
    return true;
  }

  boolean isRemembered(long round) {
    return round > 0 && newest - round < REMEMBERED;
  }

  long startNanos(long round) {
    Invariants.check(isRemembered(round), "round is remembered", round, newest);
    return startNanos[(int) (round % REMEMBERED)];
  }
}
