package dev.ostrakon.raft;

/** The constants that directed tests share: round numbers that are easy to count with. */
final class TestConfigs {

  static final long TICK_NANOS = 1_000_000L;
  static final int ELECTION_TICKS = 10;
  static final int STICKINESS_TICKS = 4;

  private TestConfigs() {}

  /** Ticks of 1 ms, heartbeats every tick, elections after 10 to 19 ticks, leases of 8 ms. */
  static RaftConfig standard() {
    return new RaftConfig(
        TICK_NANOS,
        1,
        ELECTION_TICKS,
        2 * ELECTION_TICKS,
        ELECTION_TICKS,
        true,
        2 * TICK_NANOS,
        1 << 16,
        8,
        1 << 18,
        1 << 20,
        1 << 16,
        1 << 20,
        0,
        16);
  }

  /** Voters stick to a leader for 4 ticks, so leases last 3 ms. */
  static RaftConfig quickToElect() {
    RaftConfig c = standard();
    return new RaftConfig(
        c.tickNanos(),
        c.heartbeatTicks(),
        c.electionTimeoutTicks(),
        c.electionTimeoutMaxTicks(),
        STICKINESS_TICKS,
        true,
        TICK_NANOS,
        c.maxAppendBytes(),
        c.maxInflightAppends(),
        c.maxInflightBytes(),
        c.maxUncommittedBytes(),
        c.maxApplyBytes(),
        c.entryCacheBytes(),
        c.retainedEntries(),
        c.maxPendingReads());
  }

  static RaftConfig withoutLease() {
    RaftConfig c = standard();
    return new RaftConfig(
        c.tickNanos(),
        c.heartbeatTicks(),
        c.electionTimeoutTicks(),
        c.electionTimeoutMaxTicks(),
        c.stickinessTicks(),
        false,
        c.leaseMarginNanos(),
        c.maxAppendBytes(),
        c.maxInflightAppends(),
        c.maxInflightBytes(),
        c.maxUncommittedBytes(),
        c.maxApplyBytes(),
        c.entryCacheBytes(),
        c.retainedEntries(),
        c.maxPendingReads());
  }

  /** Limits so small that a few entries reach each of them. */
  static RaftConfig tiny() {
    RaftConfig c = standard();
    return new RaftConfig(
        c.tickNanos(),
        c.heartbeatTicks(),
        c.electionTimeoutTicks(),
        c.electionTimeoutMaxTicks(),
        c.stickinessTicks(),
        false,
        c.leaseMarginNanos(),
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
