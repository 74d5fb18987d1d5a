package dev.ostrakon.raft;

/**
 * The time during which nobody else can have been elected, so that a leader may serve reads without
 * asking (Ongaro thesis 6.4.1).
 *
 * <p>A quorum that answered a round ignores requests for votes for {@link
 * RaftConfig#stickinessTicks} from when it received that round, which is no earlier than when the
 * round began. The lease is shorter than that by a margin.
 *
 * <p>Hazard: rests on clocks that drift apart by less than the margin over the time of a lease.
 * Nothing else in the core depends on clocks; with {@code leaseEnabled} off, reads do not either.
 *
 * <p>Leadership transfer breaks the promise, because the target's requests are not ignored. So
 * there is no lease while a transfer is under way, and none for the rest of the term once the order
 * to campaign was sent: that message may arrive at any later time in the term, even after the
 * transfer was given up. Deviation: the thesis lets the lease expire at the transfer and does not
 * speak of a delayed order.
 */
final class LeaderLease {

  private final RaftConfig config;
  private final RaftRules rules;

  private boolean granted;
  private boolean transferring;
  private boolean timeoutNowSent;
  private long endNanos;

  LeaderLease(RaftConfig config, RaftRules rules) {
    this.config = config;
    this.rules = rules;
  }

  /** A quorum has answered a round that began at this time. */
  void onConfirmed(long roundStartNanos) {
    long end = rules.leaseEndNanos(roundStartNanos, config);
    endNanos = granted ? Math.max(endNanos, end) : end;
    granted = true;
  }

  void onTransferStarted() {
    transferring = true;
  }

  /** The transfer was given up; what the lease was before it counts no more. */
  void onTransferAborted() {
    transferring = false;
    granted = false;
  }

  void onTimeoutNowSent() {
    timeoutNowSent = true;
  }

  boolean isValid(long nowNanos) {
    return config.leaseEnabled()
        && granted
        && !transferring
        && (!timeoutNowSent || rules.mayLeaseAfterTimeoutNow())
        && nowNanos - endNanos < 0;
  }
}
