package dev.ostrakon.simulation.engine;

import dev.ostrakon.raft.RandomSource;

/**
 * Carries messages between endpoints: late, twice, in another order, or not at all.
 *
 * <p>Links are directed. A link can be cut any number of times and works again when each cut has
 * been mended; messages that are under way over a cut link are lost.
 */
public final class SimulatedNetwork {

  private static final long LONG_DELAY_MIN_NANOS = 200_000_000; // 200 ms
  private static final int LONG_DELAY_SPREAD_MILLIS = 2_000;
  private static final long MILLISECOND = 1_000_000;

  private final Simulator simulator;
  private final RandomSource random;
  private final int endpointCount;
  private final int[][] cutCount;
  private final long[][] slownessNanos;
  private final long[][] lastArrivalNanos;
  private NetworkProfile profile;
  private long sentCount;
  private long sentBytes;
  private long deliveredCount;
  private long lostCount;
  private long duplicatedCount;

  public SimulatedNetwork(
      Simulator simulator, int endpointCount, NetworkProfile profile, RandomSource random) {
    this.simulator = simulator;
    this.endpointCount = endpointCount;
    this.profile = profile;
    this.random = random;
    this.cutCount = new int[endpointCount][endpointCount];
    this.slownessNanos = new long[endpointCount][endpointCount];
    this.lastArrivalNanos = new long[endpointCount][endpointCount];
  }

  /**
   * Sends a message.
   *
   * @param bytes its size, for the statistics
   * @param delivery run at arrival, once for each copy that arrives
   */
  public void send(int from, int to, int bytes, Runnable delivery) {
    sentCount++;
    sentBytes += bytes;
    if (cutCount[from][to] > 0 || random.chance(profile.lossChance())) {
      lostCount++;
      return;
    }
    schedule(from, to, delivery);
    if (profile.duplicateChance() > 0 && random.chance(profile.duplicateChance())) {
      duplicatedCount++;
      schedule(from, to, delivery);
    }
  }

  private void schedule(int from, int to, Runnable delivery) {
    long arrival = simulator.nowNanos() + drawDelay() + slownessNanos[from][to];
    if (profile.ordered()) {
      arrival = Math.max(arrival, lastArrivalNanos[from][to]);
      lastArrivalNanos[from][to] = arrival;
    }
    simulator.after(
        arrival - simulator.nowNanos(),
        () -> {
          if (cutCount[from][to] > 0) {
            lostCount++;
          } else {
            deliveredCount++;
            delivery.run();
          }
        });
  }

  private long drawDelay() {
    long delay = random.nextLong(profile.delayMinNanos(), profile.delayMaxNanos());
    if (profile.tailChance() > 0 && random.chance(profile.tailChance())) {
      delay += random.nextLong(0, profile.tailMaxNanos());
    }
    if (profile.longDelayChance() > 0 && random.chance(profile.longDelayChance())) {
      int spread = 1 + random.nextInt(1 + random.nextInt(LONG_DELAY_SPREAD_MILLIS));
      delay += LONG_DELAY_MIN_NANOS + spread * MILLISECOND;
    }
    return delay;
  }

  /** Cuts one direction of a link. */
  public void cut(int from, int to) {
    cutCount[from][to]++;
  }

  /** Takes one {@link #cut} back. */
  public void mend(int from, int to) {
    if (cutCount[from][to] == 0) {
      throw new IllegalStateException("link " + from + "->" + to + " is not cut");
    }
    cutCount[from][to]--;
  }

  public boolean isCut(int from, int to) {
    return cutCount[from][to] > 0;
  }

  /** From now on every message of this direction takes so much longer. */
  public void slowDown(int from, int to, long extraNanos) {
    slownessNanos[from][to] = extraNanos;
  }

  public void changeProfile(NetworkProfile newProfile) {
    profile = newProfile;
  }

  public NetworkProfile profile() {
    return profile;
  }

  public int endpointCount() {
    return endpointCount;
  }

  public long sentCount() {
    return sentCount;
  }

  public long sentBytes() {
    return sentBytes;
  }

  public long deliveredCount() {
    return deliveredCount;
  }

  public long lostCount() {
    return lostCount;
  }

  public long duplicatedCount() {
    return duplicatedCount;
  }
}
