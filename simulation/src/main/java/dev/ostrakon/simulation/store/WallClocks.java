package dev.ostrakon.simulation.store;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.engine.Simulator;
import java.util.Arrays;

/** What the nodes take for wall time: true time and an error that jumps now and then. */
final class WallClocks {

  private static final long EPOCH_MILLIS = 1_700_000_000_000L;
  private static final int CLIENT_ERROR_MAX_MILLIS = 400;
  private static final long MILLISECOND = 1_000_000;

  private final Simulator simulator;
  private final RandomSource random;
  private final int errorMaxMillis;
  private final long[] errorMillis;
  private boolean healed;

  /** Clocks that are wrong by at most so much, either way. */
  WallClocks(Simulator simulator, int nodeCount, int errorMaxMillis, RandomSource random) {
    this.simulator = simulator;
    this.random = random;
    this.errorMaxMillis = errorMaxMillis;
    this.errorMillis = new long[nodeCount];
    for (int node = 0; node < nodeCount; node++) {
      errorMillis[node] = drawError();
    }
  }

  private long drawError() {
    return random.nextLong(-errorMaxMillis, errorMaxMillis + 1L);
  }

  /** By how much a client is off what nodes have told it. */
  long clientErrorMillis() {
    int error = Math.min(errorMaxMillis, CLIENT_ERROR_MAX_MILLIS);
    return healed ? 0 : random.nextLong(-error, error + 1L);
  }

  /** Makes the clock of a node wrong by so much, until it jumps. */
  void set(int node, long millis) {
    errorMillis[node] = millis;
  }

  /** Lets a clock jump, again and again. */
  void start(long meanGapNanos) {
    simulator.after(
        random.nextLong(1, 2 * meanGapNanos),
        () -> {
          if (!healed) {
            errorMillis[random.nextInt(errorMillis.length)] = drawError();
            start(meanGapNanos);
          }
        });
  }

  void heal() {
    healed = true;
    Arrays.fill(errorMillis, 0);
  }

  long trueMillis() {
    return EPOCH_MILLIS + simulator.nowNanos() / MILLISECOND;
  }

  long wallMillis(int node) {
    return trueMillis() + errorMillis[node];
  }
}
