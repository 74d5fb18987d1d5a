package dev.ostrakon.hlc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Wall time that a minority of wrong clocks cannot falsify: the reading of the machine's own clock,
 * kept within what the clocks of the other nodes allow.
 *
 * <p>Of n nodes at most f = (n - 1) / 2 are trusted to be wrong at once. The reading is at most the
 * f-th highest of the others' clocks, and at least the f-th lowest, apart from the tolerance: if no
 * more than f clocks are wrong, both bounds lie between clocks that are right, and so does the
 * reading, whether the own clock is right or not (the trimming of extremes of Lamport and
 * Melliar-Smith, "Synchronizing Clocks in the Presence of Faults", JACM 1985, section 3, without
 * the averaging). With two nodes the reading follows the slower one.
 *
 * <p>Nodes that were never heard count as slow: a clock that is behind is mended by the next
 * message, while timestamps that are ahead stay so. A node that has heard too few others to bound
 * its clock from above does not know the time, {@link PhysicalClock#UNKNOWN}. What a node once said
 * is carried on by the monotonic clock, so that the bounds hold on when the others fall silent.
 *
 * <p>Thread-safe; a reading takes no lock.
 *
 * @param <P> what names a peer
 */
public final class MajorityClock<P> implements PhysicalClock {
  /** For so long the least delayed report of a peer tells how the monotonic clocks differ. */
  private static final long DELAY_WINDOW_MILLIS = 60_000;

  /** Readings of whole milliseconds flicker; smaller moves of a peer's clock change no bound. */
  private static final long GRAIN_MILLIS = 2;

  private static final long NO_BOUND = Long.MIN_VALUE;

  /** How far wall time may be ahead of the monotonic clock here; {@link #NO_BOUND} for none. */
  private record Bounds(long lowest, long highest) {}

  private final PhysicalClock own;
  private final LongSupplier monotonicMillis;
  private final int peerCount;
  private final int wrongMax;
  private final long toleranceMillis;
  private final Map<P, Reports> peers = new HashMap<>();
  private long lifeCount;

  /** Replaced as a whole, under the lock of {@link #peers}. */
  private volatile Bounds bounds = new Bounds(NO_BOUND, NO_BOUND);

  /**
   * @param own the clock of this machine
   * @param monotonicMillis a clock of this machine that never jumps, with any origin; thread-safe
   * @param peerCount how many other nodes there are; without any, the own clock is believed
   * @param toleranceMillis how far the reading may be outside of the bounds, which are themselves
   *     good to 2 ms, so that small differences and delays change nothing; half of what timestamps
   *     may be ahead, less the 2 ms, lets all nodes accept each other's
   */
  public MajorityClock(
      PhysicalClock own, LongSupplier monotonicMillis, int peerCount, long toleranceMillis) {
    if (peerCount < 0 || toleranceMillis < 0) {
      throw new IllegalArgumentException(
          "expected no negative number, were peerCount="
              + peerCount
              + " toleranceMillis="
              + toleranceMillis);
    }
    this.own = own;
    this.monotonicMillis = monotonicMillis;
    this.peerCount = peerCount;
    this.wrongMax = peerCount / 2;
    this.toleranceMillis = toleranceMillis;
  }

  /**
   * Begins to follow one life of a peer, that is the messages of one connection; from its first
   * report on they count instead of those of the life before.
   */
  public Reports follow(P peer) {
    synchronized (peers) {
      return new Reports(peer, ++lifeCount);
    }
  }

  private void onReport(Reports reports) {
    synchronized (peers) {
      Reports present = peers.get(reports.peer);
      boolean isCurrent = present == null ? peers.size() < peerCount : present.life <= reports.life;
      if (isCurrent) {
        peers.put(reports.peer, reports);
        bounds = bounds();
      }
    }
  }

  private Bounds bounds() {
    long[] ahead = new long[peerCount];
    Arrays.fill(ahead, NO_BOUND);
    int known = 0;
    for (Reports peer : peers.values()) {
      ahead[known++] = peer.aheadMillis;
    }
    Arrays.sort(ahead);
    long lowest = wrongMax == 0 ? NO_BOUND : ahead[wrongMax - 1];
    return new Bounds(lowest, ahead[peerCount - Math.max(1, wrongMax)]);
  }

  @Override
  public long wallMillis() {
    long reading = own.wallMillis();
    if (peerCount == 0) {
      return reading;
    }
    Bounds now = bounds;
    if (now.highest == NO_BOUND) {
      return UNKNOWN;
    }
    long nowMillis = monotonicMillis.getAsLong();
    long bounded = Math.min(reading, nowMillis + now.highest + toleranceMillis);
    return now.lowest == NO_BOUND
        ? bounded
        : Math.max(bounded, nowMillis + now.lowest - toleranceMillis);
  }

  /** What one life of a peer tells of its clocks. Confined to whoever receives its messages. */
  public final class Reports {
    private final P peer;
    private final long life;
    private long uptimeMillis;

    /**
     * The peer's uptime less the monotonic clock here, of the message that was the least delayed in
     * the present window, and in the one before.
     */
    private long lead = NO_BOUND;

    private long earlierLead = NO_BOUND;
    private long windowEndMillis;

    /** The peer's wall clock less the monotonic clock here; read under the lock of the peers. */
    private volatile long aheadMillis;

    private Reports(P peer, long life) {
      this.peer = peer;
      this.life = life;
    }

    /**
     * A message told what the peer's own clock showed when it left, and how long the peer had been
     * running by its monotonic clock. The difference of the two says whether its clock has jumped,
     * however long the message was on its way. What is no time, and what was overtaken by a later
     * message, is ignored.
     */
    public void told(long wallMillis, long uptime) {
      if (wallMillis < 0 || wallMillis > HybridTimestamp.WALL_MILLIS_MAX || uptime < uptimeMillis) {
        return;
      }
      long nowMillis = monotonicMillis.getAsLong();
      boolean isFirst = lead == NO_BOUND;
      if (isFirst || nowMillis - windowEndMillis >= 0) {
        earlierLead = lead;
        lead = NO_BOUND;
        windowEndMillis = nowMillis + DELAY_WINDOW_MILLIS;
      }
      uptimeMillis = uptime;
      lead = Math.max(lead, uptime - nowMillis);
      long ahead = wallMillis - uptime + Math.max(lead, earlierLead);
      if (isFirst || Math.abs(ahead - aheadMillis) > GRAIN_MILLIS) {
        aheadMillis = ahead;
        onReport(this);
      }
    }
  }
}
