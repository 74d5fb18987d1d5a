package dev.ostrakon.hlc;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Wall time that does not fall behind what is replicated: if the clock below it is behind a group's
 * clock by more than a bound, the time goes on from there by the monotonic clock, until the clock
 * below has caught up.
 *
 * <p>A group's clock is replicated and never goes back. After a majority of clocks was ahead and is
 * right again, wall time is behind the groups' clocks by the whole error; measured by wall time
 * every timestamp is then too far ahead, and measured by the groups' clocks every request is too
 * old. Time that is carried on keeps both apart by no more than before.
 *
 * <p>What counts: the clocks of the groups on the node ({@link #reached}, also after a restart),
 * and the carried time of other nodes ({@link #told}), so that all nodes of a cluster carry the
 * same time within the delay of a message. Readings that no log has taken over do not count: a
 * clock that was wrong for a moment leaves no trace.
 *
 * <p>It cannot be dragged along step by step: a replicated time counts only if it is further ahead
 * than all checks of remote timestamps together let pass, and what others carry came to be in the
 * same way.
 *
 * <p>Thread-safe; a reading takes no lock.
 */
public final class CarriedClock implements PhysicalClock {
  /**
   * Carried time is slower than the monotonic clock by one part in so many, so that it ends. That
   * is as little as ordinary clocks drift apart, so nobody who carries time on himself (a client, a
   * peer) has to know of it.
   */
  public static final long SLOWNESS = 10_000;

  /**
   * What other nodes say they carry is believed up to so far ahead of the clock below: no clock is
   * wrong by more, and whatever is garbage does no lasting harm. 100 years.
   */
  public static final long LEAD_MILLIS_MAX = 100L * 365 * 86_400_000;

  private record Anchor(long wallMillis, long monotonicMillis) {}

  private final PhysicalClock below;
  private final LongSupplier monotonicMillis;
  private final long jumpMillis;

  /** Where the time is carried on from; null if it never was. Only ever replaced by a later one. */
  private final AtomicReference<@Nullable Anchor> anchor = new AtomicReference<>();

  /**
   * A clock that has reached nothing yet.
   *
   * @param below what the machine, or a majority of machines, takes for wall time
   * @param monotonicMillis a clock of this machine that never jumps, with any origin; thread-safe
   * @param maxClockSkewMillis how far a timestamp may be ahead that is merged; twice that is how
   *     far the time may be behind before it is carried on
   */
  public CarriedClock(PhysicalClock below, LongSupplier monotonicMillis, long maxClockSkewMillis) {
    this.below = below;
    this.monotonicMillis = monotonicMillis;
    this.jumpMillis = jumpMillis(maxClockSkewMillis);
  }

  /**
   * How far a group's clock is ahead of correct nodes' time at most: one skew by which nodes differ
   * and one that a timestamp may be ahead.
   */
  static long jumpMillis(long maxClockSkewMillis) {
    return 2 * maxClockSkewMillis;
  }

  @Override
  public long wallMillis() {
    long reading = below.wallMillis();
    if (reading < 0 || reading > HybridTimestamp.WALL_MILLIS_MAX) {
      return UNKNOWN;
    }
    Anchor from = anchor.get();
    return from == null ? reading : Math.max(reading, carried(from));
  }

  /** What is replicated has reached this time, by timestamps that were checked when they came. */
  @Override
  public void reached(long wallMillis) {
    long time = wallMillis();
    if (time != UNKNOWN && wallMillis - time > jumpMillis) {
      carryFrom(wallMillis);
    }
  }

  /**
   * Another node carries this time.
   *
   * @return false if it is further ahead than any clock can have been
   */
  public boolean told(long carriedMillis) {
    long reading = below.wallMillis();
    if (reading < 0) {
      return true; // It is told again and again.
    }
    if (carriedMillis < 0 || carriedMillis - reading > LEAD_MILLIS_MAX) {
      return false;
    }
    if (carriedMillis > wallMillis()) {
      carryFrom(carriedMillis);
    }
    return true;
  }

  /** The time that is carried on at present; 0 if the clock below is not behind it. */
  public long carriedMillis() {
    Anchor from = anchor.get();
    long carried = from == null ? 0 : carried(from);
    long reading = below.wallMillis();
    return reading >= 0 && carried > reading ? carried : 0;
  }

  /** How far the time is ahead of the clock below; 0 if that is not behind. */
  public long leadMillis() {
    long time = wallMillis();
    return time == UNKNOWN ? 0 : Math.max(0, time - below.wallMillis());
  }

  private long carried(Anchor from) {
    long elapsed = monotonicMillis.getAsLong() - from.monotonicMillis;
    return from.wallMillis + elapsed - elapsed / SLOWNESS;
  }

  private void carryFrom(long wallMillis) {
    long bounded = Math.min(wallMillis, HybridTimestamp.WALL_MILLIS_MAX);
    Anchor later = new Anchor(bounded, monotonicMillis.getAsLong());
    while (true) {
      Anchor present = anchor.get();
      if (present != null && carried(present) >= bounded) {
        return;
      }
      if (anchor.compareAndSet(present, later)) {
        return;
      }
    }
  }
}
