package dev.ostrakon.raft;

/** The constants that directed tests share: round numbers that are easy to count with. */
final class TestConfigs {

  static final long TICK_NANOS = 1_000_000L;
  static final int ELECTION_TICKS = 10;
  static final int STICKINESS_TICKS = 4;

  private TestConfigs() {}

  /** Ticks of 1 ms, heartbeats every tick, elections after 10 to 19 ticks, leases of 8 ms. */
  static RaftConfig standard() {
    return roomy(ELECTION_TICKS, true, 2 * TICK_NANOS);
  }

  /** Voters stick to a leader for 4 ticks, so leases last 3 ms. */
  static RaftConfig quickToElect() {
    return roomy(STICKINESS_TICKS, true, TICK_NANOS);
  }

  static RaftConfig withoutLease() {
    return roomy(ELECTION_TICKS, false, 2 * TICK_NANOS);
  }

  /** Limits that no test reaches by the way. */
  private static RaftConfig roomy(
      int stickinessTicks, boolean leaseEnabled, long leaseMarginNanos) {
    return new RaftConfig(
        TICK_NANOS,
        1,
        ELECTION_TICKS,
        2 * ELECTION_TICKS,
        stickinessTicks,
        leaseEnabled,
        leaseMarginNanos,
        1 << 16,
        8,
        1 << 18,
        1 << 20,
        1 << 16,
        1 << 20,
        0,
        16);
  }

  /** Limits so small that a few entries reach each of them, and no leases. */
  static RaftConfig tiny() {
    return new RaftConfig(
        TICK_NANOS,
        1,
        ELECTION_TICKS,
        2 * ELECTION_TICKS,
        ELECTION_TICKS,
        false,
        2 * TICK_NANOS,
        100,
        2,
        150,
        200,
        100,
        0,
        1,
        2);
  }
}
