package dev.ostrakon.txn;

import dev.ostrakon.model.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * The bounds of one {@link Coordinators}.
 *
 * @param limits what one transaction may ask for
 * @param txnsMax transactions driven at once, those included that are answered and not yet applied
 *     everywhere; more are answered as overloaded. As many recoveries may be driven besides: what
 *     others wait for needs no room of theirs
 * @param readsMax reads driven at once; more are answered as overloaded
 * @param callMillis how long a participant may take to answer a call before it counts as lost
 * @param awaitMillis how long one await lasts before it is asked again
 * @param graceMillis so much later than its time a call or an await counts as lost if nobody has
 *     said so: the way back takes time, too
 * @param pauseMinMillis the first pause before a call is repeated; doubles with each failure
 * @param pauseMaxMillis the longest pause before a call is repeated
 * @param driveMillis a transaction is driven no longer than this, beyond its deadline; then it is
 *     left to recovery
 * @param readRoundsMax rounds of reading before a read is run as a transaction
 * @param readAttemptsMax attempts at running a read as a transaction
 * @param forgetMillis finished transactions gather at most so long before they are forgotten
 * @param forgetBatchMax finished transactions forgotten by one call
 * @param forgetsMax finished transactions that wait to be forgotten, per group; what exceeds it is
 *     left to recovery
 * @param retryAfterMillis what callers are told when something is full
 */
public record CoordinatorConfig(
    Limits limits,
    int txnsMax,
    int readsMax,
    long callMillis,
    long awaitMillis,
    long graceMillis,
    long pauseMinMillis,
    long pauseMaxMillis,
    long driveMillis,
    int readRoundsMax,
    int readAttemptsMax,
    long forgetMillis,
    int forgetBatchMax,
    int forgetsMax,
    long retryAfterMillis) {
  /** 20,000 transactions, 20,000 reads, a second a call, pauses of 5 to 320 ms. */
  public static final CoordinatorConfig DEFAULTS =
      new CoordinatorConfig(
          Limits.DEFAULTS,
          20_000,
          20_000,
          1_000,
          2_000,
          250,
          5,
          320,
          10_000, // 10 s
          6,
          4,
          50,
          256,
          10_000,
          20);

  /** Requires positive bounds and a longest pause that is not below the first. */
  public CoordinatorConfig {
    List<String> violations = new ArrayList<>();
    requirePositive(violations, "txnsMax", txnsMax);
    requirePositive(violations, "readsMax", readsMax);
    requirePositive(violations, "callMillis", callMillis);
    requirePositive(violations, "awaitMillis", awaitMillis);
    requirePositive(violations, "graceMillis", graceMillis);
    requirePositive(violations, "pauseMinMillis", pauseMinMillis);
    requirePositive(violations, "driveMillis", driveMillis);
    requirePositive(violations, "readAttemptsMax", readAttemptsMax);
    requirePositive(violations, "forgetMillis", forgetMillis);
    requirePositive(violations, "forgetBatchMax", forgetBatchMax);
    requirePositive(violations, "forgetsMax", forgetsMax);
    requirePositive(violations, "retryAfterMillis", retryAfterMillis);
    if (pauseMaxMillis < pauseMinMillis) {
      violations.add(
          "pauseMaxMillis must not be below pauseMinMillis="
              + pauseMinMillis
              + ", was "
              + pauseMaxMillis);
    }
    if (readRoundsMax < 2) {
      violations.add("readRoundsMax must be at least 2, was " + readRoundsMax);
    }
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", violations));
    }
  }

  /** The same with other limits of a transaction. */
  public CoordinatorConfig withLimits(Limits other) {
    return new CoordinatorConfig(
        other,
        txnsMax,
        readsMax,
        callMillis,
        awaitMillis,
        graceMillis,
        pauseMinMillis,
        pauseMaxMillis,
        driveMillis,
        readRoundsMax,
        readAttemptsMax,
        forgetMillis,
        forgetBatchMax,
        forgetsMax,
        retryAfterMillis);
  }

  /** The same with room for so many transactions, and as many recoveries. */
  public CoordinatorConfig withTxnsMax(int other) {
    return new CoordinatorConfig(
        limits,
        other,
        readsMax,
        callMillis,
        awaitMillis,
        graceMillis,
        pauseMinMillis,
        pauseMaxMillis,
        driveMillis,
        readRoundsMax,
        readAttemptsMax,
        forgetMillis,
        forgetBatchMax,
        forgetsMax,
        retryAfterMillis);
  }

  private static void requirePositive(List<String> violations, String name, long value) {
    if (value <= 0) {
      violations.add(name + " must be positive, was " + value);
    }
  }
}
