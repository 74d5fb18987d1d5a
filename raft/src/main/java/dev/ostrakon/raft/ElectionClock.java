package dev.ostrakon.raft;

/**
 * When to campaign, and whether a leader was heard from recently.
 *
 * <p>Campaigning hangs on ticks only: a process that was frozen for a minute gets one tick, not
 * twelve hundred, and finds the leader's messages before its patience ends. Stickiness to a leader
 * takes the longer of ticks and clock, because leases rest on it.
 */
final class ElectionClock {

  private static final long CONNECTED = Long.MAX_VALUE;

  private final RaftConfig config;
  private final RaftRules rules;
  private final RandomSource random;

  private long waitedTicks;
  private long patienceTicks;

  /** Patience after the connection to the leader broke; {@link #CONNECTED} otherwise. */
  private long disconnectedPatienceTicks = CONNECTED;

  /** Whether the patience is longer than what is drawn, see {@link RaftRules#ticksHeldBack}. */
  private boolean isHeldBack;

  /** Volatile: after a restart rebuilt from {@link RaftRules#sticksAfterRestart}. */
  private boolean hadContact;

  private long ticksSinceContact;
  private long contactNanos;

  ElectionClock(RaftConfig config, RaftRules rules, RandomSource random) {
    this.config = config;
    this.rules = rules;
    this.random = random;
    restart();
  }

  void tick() {
    waitedTicks++;
    ticksSinceContact++;
  }

  /** Waits anew, for a time drawn anew (Raft paper 5.2: so that votes are rarely split). */
  void restart() {
    isHeldBack = false;
    waitedTicks = 0;
    patienceTicks =
        random.nextLong(config.electionTimeoutTicks(), config.electionTimeoutMaxTicks());
  }

  /** Leaves it to others to campaign, for a while or until somebody leads. */
  void holdBack() {
    restart();
    isHeldBack = true;
    patienceTicks = rules.ticksHeldBack(config);
  }

  /** A message of the current leader arrived. */
  void onContact(long nowNanos) {
    if (isHeldBack) {
      restart();
    }
    hadContact = true;
    ticksSinceContact = 0;
    contactNanos = nowNanos;
    waitedTicks = 0;
    disconnectedPatienceTicks = CONNECTED;
  }

  /**
   * The connection to the leader broke: waits less until the leader is heard from again.
   *
   * @param rank how many other voters campaign before this one
   */
  void onLeaderDisconnected(int rank) {
    disconnectedPatienceTicks = rules.ticksToCampaignWhenDisconnected(rank, config);
  }

  /** A vote was granted: waits for the candidate to lead, and draws its patience anew. */
  void onVoteGranted() {
    disconnectedPatienceTicks = CONNECTED;
    restart();
  }

  boolean isPatienceOver() {
    return waitedTicks >= Math.min(patienceTicks, disconnectedPatienceTicks);
  }

  /** Whether requests for votes are to be ignored, see {@link RaftRules#sticksToLeader}. */
  boolean isSticky(long nowNanos) {
    return hadContact && rules.sticksToLeader(ticksSinceContact, nowNanos - contactNanos, config);
  }
}
