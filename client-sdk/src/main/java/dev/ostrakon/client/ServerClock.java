package dev.ostrakon.client;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridTimestamp;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hybrid time as the servers tell it, carried on by the monotonic clock here; the wall clock here
 * is not asked. Its physical part is the lower median of what the nodes say to which there are
 * streams, so that one wrong clock among three does no harm, and what is further ahead of it than
 * clocks may be apart is not merged. Of two in the middle, as when one of three nodes has gone
 * down, the one counts that is nearer to what the time was taken for, once three nodes have told
 * it.
 *
 * <p>Confined to one event loop. Nothing but the time for which results are remembered depends on
 * it.
 */
final class ServerClock {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** The timestamps of a node that does not know the time count on from 0, and never get here. */
  private static final long KNOWN_MILLIS_MIN = 3_600_000;

  /** Among so many clocks one that is wrong is outvoted. */
  private static final int OUTVOTING_COUNT = 3;

  /** A node's offset is noted anew only if it has moved by more than this. */
  private static final long OFFSET_GRAIN_MILLIS = 2;

  /** By node's address: its wall clock less the monotonic clock here. */
  private final Map<String, Long> offsets = new LinkedHashMap<>();

  private long offsetMillis;
  private boolean isKnown;
  private boolean isOfMajority;
  private HybridTimestamp last = HybridTimestamp.ZERO;

  /** The node at the other end of a stream said what time it is, or that it does not know. */
  void observe(String address, HybridTimestamp remote, long nowNanos) {
    if (!isTime(remote)) {
      return;
    }
    isKnown = true;
    long offset = offsetOf(remote, nowNanos);
    Long before = offsets.get(address);
    if (before == null || Math.abs(before - offset) > OFFSET_GRAIN_MILLIS) {
      offsets.put(address, offset);
      isOfMajority |= offsets.size() >= OUTVOTING_COUNT;
      offsetMillis = median();
    }
    if (remote.isAfter(last) && isPossible(remote, nowNanos)) {
      last = remote;
    }
  }

  private long median() {
    long[] sorted = offsets.values().stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    long low = sorted[(sorted.length - 1) / 2];
    long high = sorted[sorted.length / 2];
    return isOfMajority && high - offsetMillis < offsetMillis - low ? high : low;
  }

  /** A node said once what time it is, which counts while there is no stream to any. */
  void guess(HybridTimestamp remote, long nowNanos) {
    if (offsets.isEmpty() && isTime(remote)) {
      isKnown = true;
      offsetMillis = offsetOf(remote, nowNanos);
    }
  }

  /** There is no stream to a node any more. */
  void forget(String address) {
    offsets.remove(address);
  }

  private static boolean isTime(HybridTimestamp remote) {
    return remote.wallMillis() >= KNOWN_MILLIS_MIN;
  }

  private static long offsetOf(HybridTimestamp remote, long nowNanos) {
    return remote.wallMillis() - nowNanos / NANOS_PER_MILLI;
  }

  /** The time now; {@link HybridTimestamp#ZERO} before any node has told it. */
  HybridTimestamp now(long nowNanos) {
    if (!isKnown) {
      return HybridTimestamp.ZERO;
    }
    HybridTimestamp physical = new HybridTimestamp(physicalMillis(nowNanos), 0);
    last = isPossible(last, nowNanos) && !last.isBefore(physical) ? last.next() : physical;
    return last;
  }

  private boolean isPossible(HybridTimestamp timestamp, long nowNanos) {
    return timestamp.wallMillis()
        <= physicalMillis(nowNanos) + ClockConfig.DEFAULTS.maxClockSkewMillis();
  }

  private long physicalMillis(long nowNanos) {
    long millis = offsetMillis + nowNanos / NANOS_PER_MILLI;
    return Math.max(0, Math.min(HybridTimestamp.WALL_MILLIS_MAX, millis));
  }
}
