package dev.ostrakon.hlc;

import dev.ostrakon.hlc.Observation.Observed;
import dev.ostrakon.hlc.Observation.Refused;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The source of timestamps of one node: never returns one that is not above all that it returned or
 * merged before, and stays as close to the physical clock as that allows.
 *
 * <p>Thread-safe and lock-free, so that all event loops of a node share one: a timestamp that one
 * loop has seen is then below everything that another loop makes later, without a message between
 * them. Deviation: this is the one atomic in a core; the alternative, a clock a loop, would lose
 * exactly that order.
 *
 * <p>Hazard: the logical order never depends on the physical clock. What does depend on it is only
 * how close timestamps are to wall time, and whose timestamps are refused: a node whose physical
 * clock is wrong by more than the maximum skew refuses the others' or has its own refused, until
 * its clock is mended. If it was fast, its own timestamps stay ahead, {@link #driftMillis}, until
 * wall time has caught up.
 */
public final class HybridLogicalClock {
  /*
   * The HLC paper (fig. 5) keeps (l, c) and distinguishes four cases on receipt of (l.m, c.m), with pt
   * the physical reading and l', c' the state before:
   *
   *   l = max(l', l.m, pt)
   *   c = max(c', c.m) + 1   if l = l' = l.m
   *       c' + 1             if l = l'
   *       c.m + 1            if l = l.m
   *       0                  otherwise
   *
   * With l and c packed into one unsigned number, l above c, all four are one expression,
   *
   *   max(pack(pt, 0), max(pack(l', c'), pack(l.m, c.m)) + 1)
   *
   * because pack(pt, 0) wins exactly if pt exceeds both l' and l.m, and otherwise the larger pair is
   * the one whose l is the maximum. A send or local event is the same without the message.
   *
   * Deviation: the paper bounds c by assuming that physical time moves; here it may stand still, so c
   * carries into l when its 16 bits are full. The result is still the least packed number above what
   * was known, hence monotonic; l is then ahead of every physical clock by the milliseconds carried.
   */

  private final PhysicalClock physicalClock;
  private final long maxClockSkewMillis;

  /**
   * The largest timestamp returned so far, packed.
   *
   * <p>Invariant: it never decreases, as an unsigned number. Volatile: rebuilt from a lower bound,
   * see {@link #restoredFrom}.
   */
  private final AtomicLong lastPacked;

  /** A clock without a past: for a node that has never handed out a timestamp. */
  public HybridLogicalClock(PhysicalClock physicalClock, ClockConfig config) {
    this(physicalClock, config, HybridTimestamp.ZERO);
  }

  private HybridLogicalClock(
      PhysicalClock physicalClock, ClockConfig config, HybridTimestamp lowerBound) {
    this.physicalClock = physicalClock;
    this.maxClockSkewMillis = config.maxClockSkewMillis();
    this.lastPacked = new AtomicLong(lowerBound.packed());
  }

  /**
   * A clock that continues after a restart: every timestamp that it returns is above the bound,
   * even if the physical clock was set back in between.
   *
   * @param lowerBound not below any timestamp that an earlier life of this node handed out and that
   *     somebody may still rely on: the largest one found in what the node made durable. It is not
   *     subject to the maximum skew, for it is the node's own past.
   */
  public static HybridLogicalClock restoredFrom(
      HybridTimestamp lowerBound, PhysicalClock physicalClock, ClockConfig config) {
    return new HybridLogicalClock(physicalClock, config, lowerBound);
  }

  /**
   * A timestamp for an event here, or for a message that leaves (HLC paper, fig. 5, send or local
   * event): above everything returned or merged before.
   *
   * @throws ArithmeticException if time has reached its end, {@link HybridTimestamp#MAX}
   */
  public HybridTimestamp now() {
    return HybridTimestamp.fromPacked(advanceBeyond(0, readPhysical()));
  }

  /**
   * Merges the timestamp of a message that arrived (HLC paper, fig. 5, receive event), unless it is
   * ahead of the <b>physical</b> clock here by more than the maximum skew: measured against the
   * hybrid clock, a fast peer could drag everybody along one permitted step at a time.
   *
   * <p>As long as the physical clock does not know the time, nothing is merged and nothing refused.
   *
   * @throws ArithmeticException if time has reached its end, {@link HybridTimestamp#MAX}
   */
  public Observation observe(HybridTimestamp remote) {
    long physicalMillis = readPhysical();
    if (physicalMillis == PhysicalClock.UNKNOWN) {
      return new Observed(now());
    }
    long offsetMillis = remote.wallMillis() - physicalMillis;
    if (offsetMillis > maxClockSkewMillis) {
      return new Refused(offsetMillis, maxClockSkewMillis);
    }
    return new Observed(HybridTimestamp.fromPacked(advanceBeyond(remote.packed(), physicalMillis)));
  }

  /**
   * The largest timestamp returned so far, or the lower bound of a clock just restored; a pure
   * look.
   */
  public HybridTimestamp last() {
    return HybridTimestamp.fromPacked(lastPacked.get());
  }

  /**
   * How far the last timestamp is ahead of the physical clock, in milliseconds; negative if the
   * clock was not asked for a while, 0 while the physical clock does not know the time. Apart from
   * carries of the logical part and restored bounds, more than the maximum skew means that the
   * physical clock here was set back.
   */
  public long driftMillis() {
    long physicalMillis = readPhysical();
    return physicalMillis == PhysicalClock.UNKNOWN ? 0 : last().wallMillis() - physicalMillis;
  }

  /**
   * A replicated clock stands at this timestamp, which may be far ahead of the physical clock if
   * that was set back or has just been started.
   */
  public void reached(HybridTimestamp replicated) {
    physicalClock.reached(replicated.wallMillis());
  }

  /**
   * How far a timestamp is ahead of the physical clock here, in milliseconds; 0 while that does not
   * know the time.
   */
  public long aheadMillis(HybridTimestamp remote) {
    long physicalMillis = readPhysical();
    return physicalMillis == PhysicalClock.UNKNOWN ? 0 : remote.wallMillis() - physicalMillis;
  }

  /** Whether the physical clock knows the time; until then timestamps only count on. */
  public boolean knowsTime() {
    return readPhysical() != PhysicalClock.UNKNOWN;
  }

  /** The largest offset of a remote timestamp that is merged. */
  public long maxClockSkewMillis() {
    return maxClockSkewMillis;
  }

  /** Sets the state to max(physical, max(state, floor) + 1), all packed, and returns it. */
  private long advanceBeyond(long floorPacked, long physicalMillis) {
    long physicalPacked =
        physicalMillis == PhysicalClock.UNKNOWN
            ? 0
            : physicalMillis << HybridTimestamp.LOGICAL_BITS;
    while (true) {
      long last = lastPacked.get();
      long known = maxUnsigned(last, floorPacked);
      long next =
          Long.compareUnsigned(physicalPacked, known) > 0
              ? physicalPacked
              : HybridTimestamp.successor(known);
      if (lastPacked.compareAndSet(last, next)) {
        return next;
      }
    }
  }

  /** A reading outside of the range of timestamps is no time: the clock then counts on without. */
  private long readPhysical() {
    long reading = physicalClock.wallMillis();
    return reading < 0 || reading > HybridTimestamp.WALL_MILLIS_MAX
        ? PhysicalClock.UNKNOWN
        : reading;
  }

  private static long maxUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }
}
