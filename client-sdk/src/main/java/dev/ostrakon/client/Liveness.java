package dev.ostrakon.client;

/**
 * Whether a node that owes an answer gives signs of life. A sign is anything that arrives from it.
 * A node that is silent while it owes something is asked for one, and is suspected if none comes:
 * its process has stopped, or the network between has, whatever TCP says. Suspicion ends with the
 * next sign. It is a guess: it sends requests elsewhere, and decides nothing else.
 *
 * <p>Confined to one event loop; it has no clock.
 */
final class Liveness {
  /** What is to be done now. */
  enum Verdict {
    /** Nothing. */
    NOTHING,
    /** Ask for a sign of life. */
    PROBE,
    /** Begin to suspect the node: told once for each suspicion. */
    SUSPECT
  }

  private final long probeNanos;
  private final long suspectNanos;
  private final long pauseNanosMax;

  private long heardNanos;
  private long checkedNanos;
  private long probedNanos;
  private boolean isOwing;
  private boolean isProbed;
  private boolean isSuspect;

  /**
   * Begins with a node that owes nothing.
   *
   * @param probeNanos silence after which a sign is asked for
   * @param suspectNanos silence after that, until the node is suspected
   * @param pauseNanosMax checks that are further apart than this mean that the program itself stood
   *     still, and its silence is not the node's
   */
  Liveness(long probeNanos, long suspectNanos, long pauseNanosMax) {
    this.probeNanos = probeNanos;
    this.suspectNanos = suspectNanos;
    this.pauseNanosMax = pauseNanosMax;
  }

  boolean isSuspect() {
    return isSuspect;
  }

  /** The node owes an answer from now on, if it did not before. */
  void owe(long nowNanos) {
    if (!isOwing) {
      isOwing = true;
      restart(nowNanos);
    }
  }

  /** The node owes nothing. */
  void settle() {
    isOwing = false;
  }

  /** A sign of life; returns whether it ends a suspicion. */
  boolean hear(long nowNanos) {
    boolean wasSuspect = isSuspect;
    isSuspect = false;
    isProbed = false;
    heardNanos = nowNanos;
    return wasSuspect;
  }

  /** To be called regularly while the node owes something. */
  Verdict check(long nowNanos) {
    boolean stoodStill = nowNanos - checkedNanos > pauseNanosMax;
    checkedNanos = nowNanos;
    if (!isOwing || isSuspect) {
      return Verdict.NOTHING;
    }
    if (stoodStill) {
      restart(nowNanos);
      return Verdict.NOTHING;
    }
    if (!isProbed) {
      if (nowNanos - heardNanos < probeNanos) {
        return Verdict.NOTHING;
      }
      isProbed = true;
      probedNanos = nowNanos;
      return Verdict.PROBE;
    }
    if (nowNanos - probedNanos < suspectNanos) {
      return Verdict.NOTHING;
    }
    isSuspect = true;
    return Verdict.SUSPECT;
  }

  private void restart(long nowNanos) {
    heardNanos = nowNanos;
    checkedNanos = nowNanos;
    isProbed = false;
  }
}
