package dev.ostrakon.node.settings;

import java.util.ArrayList;
import java.util.List;

/**
 * The clocks and patience of a node.
 *
 * @param tickMillis the least time between two ticks of a replica
 * @param heartbeatTicks ticks between two heartbeats of a leader
 * @param electionTicks ticks without a leader after which a follower campaigns, at the earliest; at
 *     the latest after {@link #electionTicksMax}
 * @param leases whether a leader reads without asking its followers while a lease lasts
 * @param clockSkewMillisMax how far another clock may be ahead
 * @param requestMillis how long a request that does not say so waits
 * @param handoverMillis how long stopping waits for leadership to move away
 */
public record TimingSettings(
    int tickMillis,
    int heartbeatTicks,
    int electionTicks,
    boolean leases,
    int clockSkewMillisMax,
    int requestMillis,
    int handoverMillis) {

  /** Ticks of 50 ms, heartbeats of 100 ms, elections after 1 to 1.65 s, requests of 5 s. */
  public static final TimingSettings DEFAULTS =
      new TimingSettings(50, 2, 20, true, 500, 5_000, 5_000);

  /** Twice as quick to elect, for nodes that share one machine. */
  public static final TimingSettings QUICK = new TimingSettings(25, 2, 20, true, 500, 5_000, 3_000);

  private static final int CLOCK_SKEW_LIMIT_MILLIS = 3_600_000; // 1 hour

  /**
   * After how many ticks without a leader a follower campaigns at the latest: two thirds more than
   * at the earliest. Wide enough for two followers to seldom meet, and narrow enough for clients to
   * succeed again within 2 s by default.
   */
  public int electionTicksMax() {
    return electionTicks + 2 * electionTicks / 3;
  }

  /**
   * For how many ticks after a message of the leader a replica ignores requests for votes: three
   * tenths of the election timeout, and at least two ticks more than a heartbeat, or else the whole
   * timeout. The broken connection of a leader that died leads to an election after so long.
   */
  public int stickinessTicks() {
    return Math.min(electionTicks, Math.max(heartbeatTicks + 2, 3 * electionTicks / 10));
  }

  /** One sentence for each rule that is broken; empty if the settings can be used. */
  public List<String> violations() {
    List<String> violations = new ArrayList<>();
    if (tickMillis < 1 || heartbeatTicks < 1 || requestMillis < 1) {
      violations.add(
          "tick-millis, heartbeat-ticks and request-millis are positive, were "
              + tickMillis
              + ", "
              + heartbeatTicks
              + " and "
              + requestMillis);
    }
    if (electionTicks < 2 * heartbeatTicks) {
      violations.add(
          "election-ticks is at least twice heartbeat-ticks="
              + heartbeatTicks
              + ", was "
              + electionTicks);
    }
    if (clockSkewMillisMax < 0 || clockSkewMillisMax > CLOCK_SKEW_LIMIT_MILLIS) {
      violations.add(
          "clock-skew-millis-max is in 0.."
              + CLOCK_SKEW_LIMIT_MILLIS
              + ", was "
              + clockSkewMillisMax);
    }
    if (handoverMillis < 0) {
      violations.add("handover-millis is not negative, was " + handoverMillis);
    }
    return violations;
  }
}
