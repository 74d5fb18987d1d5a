package dev.ostrakon.client;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridTimestamp;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hybrid time as the servers tell it, carried on by the monotonic clock here; the wall clock here
 * is not asked. Its physical part is the median of what the nodes say, so that one wrong clock
 * among three does no harm, and what is further ahead of it than clocks may be apart is not merged.
 * Of two in the middle, as when one of three nodes is down, the one counts that is nearer to what
 * the time was taken for before.
 *
 * <p>Confined to one event loop. Nothing but the time for which results are remembered depends on
 * it.
 */
final class ServerClock {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** The timestamps of a node that does not know the time count on from 0, and never get here. */
  private static final long KNOWN_MILLIS_MIN = 3_600_000;

  /** A node's offset is noted anew only if it has moved by more than this. */
  private static final long OFFSET_GRAIN_MILLIS = 2;

  /** By node's address: its wall clock less the monotonic clock here. */
  private final Map<String, Long> offsets = new LinkedHashMap<>();

  private long offsetMillis;
  private HybridTimestamp last = HybridTimestamp.ZERO;

  /** A node said what time it is, or a time soon after 1970 if it does not know yet. */
  void observe(String address, HybridTimestamp remote, long nowNanos) {
    if (remote.wallMillis() < KNOWN_MILLIS_MIN) {
      return;
    }
    long offset = remote.wallMillis() - nowNanos / NANOS_PER_MILLI;
    Long before = offsets.get(address);
    if (before == null || Math.abs(before - offset) > OFFSET_GRAIN_MILLIS) {
      offsets.put(address, offset);
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
    return high - offsetMillis < offsetMillis - low ? high : low;
  }

  /** A node is no longer spoken to. */
  void forget(String address) {
    if (offsets.size() > 1) {
      offsets.remove(address);
    }
  }

  /** The time now; {@link HybridTimestamp#ZERO} before any node has told it. */
  HybridTimestamp now(long nowNanos) {
    if (offsets.isEmpty()) {
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
