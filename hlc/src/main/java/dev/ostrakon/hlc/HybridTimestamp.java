package dev.ostrakon.hlc;

/**
 * A moment of hybrid time: wall-clock milliseconds, and a logical count that orders what happens
 * within one of them.
 *
 * <p>It fits 64 bits, {@link #packed()}: the upper 48 hold the wall part, the lower 16 the logical
 * part (HLC paper, section on compact timestamping). Packed timestamps are <b>unsigned</b>: their
 * order by {@link Long#compareUnsigned} is the order of time over the whole range, and so is the
 * byte order of their big-endian form, which makes them fit for sorted keys. Comparing them with
 * {@code <} agrees with that only up to the year 6429, when the 48th bit of the wall part is set.
 *
 * <p>Two nodes can make the same timestamp; where a total order is needed, an id breaks the tie.
 *
 * @param wallMillis milliseconds since 1970-01-01T00:00:00Z, in [0, 2^48), which lasts until the
 *     year 10889
 * @param logical order within the millisecond, in [0, 2^16)
 */
public record HybridTimestamp(long wallMillis, int logical) implements Comparable<HybridTimestamp> {
  /** The width of the logical part in the packed form. */
  static final int LOGICAL_BITS = 16;

  /** The largest wall part: 48 bits set, in the year 10889. */
  public static final long WALL_MILLIS_MAX = (1L << 48) - 1;

  /** The largest logical part: 65,535; the timestamp after it carries into the wall part. */
  public static final int LOGICAL_MAX = (1 << LOGICAL_BITS) - 1;

  /** The earliest timestamp, before everything that a clock returns. */
  public static final HybridTimestamp ZERO = new HybridTimestamp(0, 0);

  /** The last timestamp; it has no successor. */
  public static final HybridTimestamp MAX = new HybridTimestamp(WALL_MILLIS_MAX, LOGICAL_MAX);

  /** Requires both parts to be within their bounds. */
  public HybridTimestamp {
    if (wallMillis < 0 || wallMillis > WALL_MILLIS_MAX) {
      throw new IllegalArgumentException(
          "wallMillis must be in [0, " + WALL_MILLIS_MAX + "], was " + wallMillis);
    }
    if (logical < 0 || logical > LOGICAL_MAX) {
      throw new IllegalArgumentException(
          "logical must be in [0, " + LOGICAL_MAX + "], was " + logical);
    }
  }

  /** The inverse of {@link #packed()}; every 64-bit value is a timestamp. */
  public static HybridTimestamp fromPacked(long packed) {
    return new HybridTimestamp(packed >>> LOGICAL_BITS, (int) (packed & LOGICAL_MAX));
  }

  /** All of the timestamp in 64 bits, to be read and compared as unsigned. */
  public long packed() {
    return wallMillis << LOGICAL_BITS | logical;
  }

  /**
   * The least timestamp above this one; the logical part carries into the wall part.
   *
   * @throws ArithmeticException if this is {@link #MAX}
   */
  public HybridTimestamp next() {
    return fromPacked(successor(packed()));
  }

  /** The later of two timestamps; the first if they are equal. */
  public static HybridTimestamp max(HybridTimestamp a, HybridTimestamp b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** Whether this is strictly later than the other. */
  public boolean isAfter(HybridTimestamp other) {
    return compareTo(other) > 0;
  }

  /** Whether this is strictly earlier than the other. */
  public boolean isBefore(HybridTimestamp other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(HybridTimestamp other) {
    return Long.compareUnsigned(packed(), other.packed());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HybridTimestamp that
        && wallMillis == that.wallMillis
        && logical == that.logical;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(packed());
  }

  /** The wall part, a dot, the logical part: {@code 1700000000000.3}. */
  @Override
  public String toString() {
    return wallMillis + "." + logical;
  }

  /** The packed timestamp after the given one; the carry is that of the addition. */
  static long successor(long packed) {
    if (packed == -1L) { // MAX: all 64 bits set
      throw new ArithmeticException("hybrid time is exhausted: nothing follows " + MAX);
    }
    return packed + 1;
  }
}
