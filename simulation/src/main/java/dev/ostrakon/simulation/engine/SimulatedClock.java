package dev.ostrakon.simulation.engine;

/**
 * The monotonic clock of one node. It never goes back and never stops, also while its process is
 * frozen or down, but runs a little faster or slower than true time.
 *
 * <p>Hazard: leader leases are safe only as long as the drift stays within what their margin
 * covers; see {@link #driftCoveredBy}.
 */
public final class SimulatedClock {

  private static final long MILLION = 1_000_000;

  private final Simulator simulator;
  private long baseTrueNanos;
  private long baseLocalNanos;
  private long driftPpm;

  /**
   * A clock that shows {@code originNanos} now.
   *
   * @param driftPpm how much faster than true time, in millionths; negative for slower
   */
  public SimulatedClock(Simulator simulator, long originNanos, long driftPpm) {
    this.simulator = simulator;
    this.baseTrueNanos = simulator.nowNanos();
    this.baseLocalNanos = originNanos;
    this.driftPpm = driftPpm;
  }

  public long nowNanos() {
    long elapsed = simulator.nowNanos() - baseTrueNanos;
    return baseLocalNanos + elapsed + elapsed * driftPpm / MILLION;
  }

  /** From now on the clock runs at another rate. */
  public void changeDrift(long newDriftPpm) {
    baseLocalNanos = nowNanos();
    baseTrueNanos = simulator.nowNanos();
    driftPpm = newDriftPpm;
  }

  /** True time until this clock has advanced by so much, if its rate does not change. */
  public long trueNanos(long localNanos) {
    return localNanos * MILLION / (MILLION + driftPpm) + 1;
  }

  /**
   * The largest drift, either way and on every node at once, that a lease survives.
   *
   * <p>The leader trusts a lease of {@code timeout - margin} on its clock, the followers wait for
   * {@code timeout} on theirs. With rates in [1 - d, 1 + d] the lease ends first if (timeout -
   * margin) / (1 - d) is less than timeout / (1 + d), that is, d is less than margin / (2 timeout -
   * margin).
   */
  public static long driftCoveredBy(long marginNanos, long timeoutNanos) {
    return Math.max(0, marginNanos) * MILLION / (2 * timeoutNanos - Math.max(0, marginNanos));
  }
}
