package dev.ostrakon.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * The constants of one replica. Ticks are the driver's periodic calls of {@link RaftNode#tick}; one
 * tick lasts at least {@code tickNanos} of the monotonic clock.
 *
 * @param tickNanos the least time between two ticks
 * @param heartbeatTicks ticks between two heartbeats of an idle leader
 * @param electionTimeoutTicks ticks without a leader before a follower may campaign; each wait is
 *     drawn from [electionTimeoutTicks, electionTimeoutMaxTicks)
 * @param electionTimeoutMaxTicks end, exclusive, of the range that a wait is drawn from
 * @param stickinessTicks ticks after a message of the leader during which a voter ignores requests
 *     for votes; a follower whose connection to the leader broke campaigns after them at the
 *     earliest, instead of after its election timeout
 * @param leaseEnabled whether a leader may serve reads without a round while its lease lasts
 * @param leaseMarginNanos how much shorter a lease is than {@code stickinessTicks}: covers clock
 *     drift between replicas over that time
 * @param maxAppendBytes limit of one AppendEntries message; a single larger entry still goes alone
 * @param maxInflightAppends AppendEntries messages sent and not yet answered, per follower
 * @param maxInflightBytes bytes of entries sent and not yet answered, per follower
 * @param maxUncommittedBytes bytes of proposals not yet committed, and of those not yet durable at
 *     the leader itself; beyond it proposals are refused
 * @param maxApplyBytes limit of the committed entries in one {@link Ready}
 * @param entryCacheBytes recent entries kept in memory although they are durable and applied
 * @param retainedEntries entries kept in the log behind a checkpoint so that a follower that is a
 *     little late needs no snapshot; more of them while it is late, see {@link
 *     #retainedForFollowers}
 * @param maxPendingReads reads that wait for a read index; beyond it reads are dropped
 */
public record RaftConfig(
    long tickNanos,
    int heartbeatTicks,
    int electionTimeoutTicks,
    int electionTimeoutMaxTicks,
    int stickinessTicks,
    boolean leaseEnabled,
    long leaseMarginNanos,
    int maxAppendBytes,
    int maxInflightAppends,
    int maxInflightBytes,
    int maxUncommittedBytes,
    int maxApplyBytes,
    int entryCacheBytes,
    int retainedEntries,
    int maxPendingReads) {

  private static final long RETAINED_FACTOR = 5;

  /** So that something is kept also where nothing else is retained. */
  private static final long RETAINED_LEAST = 8;

  /** Ticks of 50 ms: heartbeats every 100 ms, elections after 1 to 2 s, leases of 240 ms. */
  public static final RaftConfig DEFAULTS =
      new RaftConfig(
          50_000_000L, // 50 ms
          2,
          20,
          40,
          6,
          true,
          60_000_000L, // 60 ms
          1 << 20, // 1 MiB
          256,
          8 << 20, // 8 MiB
          64 << 20, // 64 MiB
          4 << 20, // 4 MiB
          32 << 20, // 32 MiB
          10_000,
          100_000);

  public RaftConfig {
    List<String> violations = new ArrayList<>();
    requirePositive(violations, "tickNanos", tickNanos);
    requirePositive(violations, "heartbeatTicks", heartbeatTicks);
    requirePositive(violations, "maxAppendBytes", maxAppendBytes);
    requirePositive(violations, "maxInflightAppends", maxInflightAppends);
    requirePositive(violations, "maxInflightBytes", maxInflightBytes);
    requirePositive(violations, "maxUncommittedBytes", maxUncommittedBytes);
    requirePositive(violations, "maxApplyBytes", maxApplyBytes);
    requirePositive(violations, "maxPendingReads", maxPendingReads);
    if (entryCacheBytes < 0) {
      violations.add("entryCacheBytes must not be negative, was " + entryCacheBytes);
    }
    if (retainedEntries < 0) {
      violations.add("retainedEntries must not be negative, was " + retainedEntries);
    }
    if (electionTimeoutTicks <= heartbeatTicks) {
      violations.add(
          "electionTimeoutTicks must exceed heartbeatTicks="
              + heartbeatTicks
              + ", was "
              + electionTimeoutTicks);
    }
    if (electionTimeoutMaxTicks <= electionTimeoutTicks) {
      violations.add(
          "electionTimeoutMaxTicks must exceed electionTimeoutTicks="
              + electionTimeoutTicks
              + ", was "
              + electionTimeoutMaxTicks);
    }
    if (stickinessTicks <= heartbeatTicks || stickinessTicks > electionTimeoutTicks) {
      violations.add(
          "stickinessTicks must exceed heartbeatTicks="
              + heartbeatTicks
              + " and not exceed electionTimeoutTicks="
              + electionTimeoutTicks
              + ", was "
              + stickinessTicks);
    }
    if (leaseEnabled && leaseMarginNanos >= stickinessTicks * tickNanos) {
      violations.add(
          "leaseMarginNanos must be less than the stickiness of "
              + stickinessTicks * tickNanos
              + " ns, was "
              + leaseMarginNanos);
    }
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", violations));
    }
  }

  /** The same with other bounds for what is kept of the log. */
  public RaftConfig withRetention(int entryCacheBytes, int retainedEntries) {
    return new RaftConfig(
        tickNanos,
        heartbeatTicks,
        electionTimeoutTicks,
        electionTimeoutMaxTicks,
        stickinessTicks,
        leaseEnabled,
        leaseMarginNanos,
        maxAppendBytes,
        maxInflightAppends,
        maxInflightBytes,
        maxUncommittedBytes,
        maxApplyBytes,
        entryCacheBytes,
        retainedEntries,
        maxPendingReads);
  }

  /**
   * Entries that a leader keeps behind a checkpoint while a follower that is heard of does not have
   * all of the checkpoint: for one that is being sent a snapshot while more is written. Five times
   * {@link #retainedEntries}, and a few.
   */
  public long retainedForFollowers() {
    return RETAINED_FACTOR * retainedEntries + RETAINED_LEAST;
  }

  /** The election timeout in the nanoseconds of the monotonic clock, at its shortest. */
  public long electionTimeoutNanos() {
    return electionTimeoutTicks * tickNanos;
  }

  /** How long a voter sticks to its leader, in nanoseconds of the monotonic clock. */
  public long stickinessNanos() {
    return stickinessTicks * tickNanos;
  }

  private static void requirePositive(List<String> violations, String name, long value) {
    if (value <= 0) {
      violations.add(name + " must be positive, was " + value);
    }
  }
}
