package dev.ostrakon.hlc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
 * and the time that enough other nodes carry ({@link #told}), so that all nodes of a cluster carry
 * the same time within the delay of a message. Readings that no log has taken over do not count: a
 * clock that was wrong for a moment leaves no trace.
 *
 * <p>A group that serves is on at least a quorum of nodes that are up, and each of them carries
 * what the group's clock has reached. So a time counts that as many nodes tell, and what fewer tell
 * need not be true. From those few a node takes over no more than the differences between correct
 * nodes, and does not pass it on: neither a broken node nor one that lies moves the time.
 *
 * <p>It cannot be dragged along step by step: a replicated time counts only if it is further ahead
 * than all checks of remote timestamps together let pass, and what others carry came to be in the
 * same way.
 *
 * <p>Thread-safe; a reading takes no lock.
 *
 * @param <P> what names a peer
 */
public final class CarriedClock<P> implements PhysicalClock {
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

  /** A time that a peer alone tells, so far ahead of the time here that it is ignored. */
  public record Claim<P>(P peer, long aheadMillis) {}

  private final PhysicalClock below;
  private final LongSupplier monotonicMillis;
  private final long jumpMillis;
  private final long differenceMillis;
  private final int tellersMin;

  /** Where the time is carried on from; null if it never was. Only ever replaced by a later one. */
  private final AtomicReference<@Nullable Anchor> anchor = new AtomicReference<>();

  /**
   * The same of a time that too few nodes carry, ahead of what is carried here by no more than
   * correct nodes differ. It is not told to others.
   */
  private final AtomicReference<@Nullable Anchor> followed = new AtomicReference<>();

  /** What each peer that carries a time said last; guarded by itself. */
  private final Map<P, Anchor> told = new HashMap<>();

  /**
   * A clock that has reached nothing yet.
   *
   * @param below what the machine, or a majority of machines, takes for wall time
   * @param monotonicMillis a clock of this machine that never jumps, with any origin; thread-safe
   * @param maxClockSkewMillis how far a timestamp may be ahead that is merged; twice that is how
   *     far the time may be behind before it is carried on
   * @param tellersMin how many peers have to carry a time before it counts here: the quorum of a
   *     group's replicas
   */
  public CarriedClock(
      PhysicalClock below, LongSupplier monotonicMillis, long maxClockSkewMillis, int tellersMin) {
    if (tellersMin < 1) {
      throw new IllegalArgumentException("tellersMin must be at least 1, was " + tellersMin);
    }
    this.below = below;
    this.monotonicMillis = monotonicMillis;
    this.jumpMillis = jumpMillis(maxClockSkewMillis);
    this.differenceMillis = jumpMillis + maxClockSkewMillis;
    this.tellersMin = tellersMin;
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
    return Math.max(reading, Math.max(carried(anchor.get()), carried(followed.get())));
  }

  /** What is replicated has reached this time, by timestamps that were checked when they came. */
  @Override
  public void reached(long wallMillis) {
    long time = wallMillis();
    if (time != UNKNOWN && wallMillis - time > jumpMillis) {
      carryFrom(anchor, wallMillis);
    }
  }

  /**
   * A peer carries this time.
   *
   * @param carriedMillis 0 if it carries none
   */
  public void told(P peer, long carriedMillis) {
    synchronized (told) {
      if (carriedMillis <= 0 || carriedMillis > HybridTimestamp.WALL_MILLIS_MAX) {
        told.remove(peer);
        return;
      }
      told.put(peer, new Anchor(carriedMillis, monotonicMillis.getAsLong()));
      long reading = below.wallMillis();
      if (reading < 0) {
        return; // It is told again and again.
      }
      long confirmed = toldByEnough();
      if (confirmed > wallMillis() && confirmed - reading <= LEAD_MILLIS_MAX) {
        carryFrom(anchor, confirmed);
      }
      if (carriedMillis > wallMillis() && carriedMillis - confirmedMillis() <= differenceMillis) {
        carryFrom(followed, carriedMillis);
      }
    }
  }

  /** The latest time that enough peers have reached; 0 if too few carry any. */
  private long toldByEnough() {
    long[] latestLast = told.values().stream().mapToLong(this::carried).sorted().toArray();
    int index = latestLast.length - tellersMin;
    return index < 0 ? 0 : latestLast[index];
  }

  /** The time here, without what is taken over from too few. */
  private long confirmedMillis() {
    return Math.max(below.wallMillis(), carried(anchor.get()));
  }

  /** The latest time that a peer tells and that is ignored, if there is one. */
  public Optional<Claim<P>> ignored() {
    synchronized (told) {
      long time = wallMillis();
      long confirmed = confirmedMillis();
      Optional<Claim<P>> latest = Optional.empty();
      for (Map.Entry<P, Anchor> entry : told.entrySet()) {
        long claimed = carried(entry.getValue());
        boolean isIgnored =
            time != UNKNOWN && claimed > time && claimed - confirmed > differenceMillis;
        if (isIgnored && latest.stream().allMatch(claim -> claim.aheadMillis < claimed - time)) {
          latest = Optional.of(new Claim<>(entry.getKey(), claimed - time));
        }
      }
      return latest;
    }
  }

  /**
   * The time that is carried on at present, to be told to others; 0 if the clock below is not
   * behind it.
   */
  public long carriedMillis() {
    long carried = carried(anchor.get());
    long reading = below.wallMillis();
    return reading >= 0 && carried > reading ? carried : 0;
  }

  /** How far the time is ahead of the clock below; 0 if that is not behind. */
  public long leadMillis() {
    long time = wallMillis();
    return time == UNKNOWN ? 0 : Math.max(0, time - below.wallMillis());
  }

  private long carried(@Nullable Anchor from) {
    if (from == null) {
      return 0;
    }
    long elapsed = monotonicMillis.getAsLong() - from.monotonicMillis;
    return from.wallMillis + elapsed - elapsed / SLOWNESS;
  }

  private void carryFrom(AtomicReference<@Nullable Anchor> carrier, long wallMillis) {
    long bounded = Math.min(wallMillis, HybridTimestamp.WALL_MILLIS_MAX);
    Anchor later = new Anchor(bounded, monotonicMillis.getAsLong());
    while (true) {
      Anchor present = carrier.get();
      if (present != null && carried(present) >= bounded) {
        return;
      }
      if (carrier.compareAndSet(present, later)) {
        return;
      }
    }
  }
}
