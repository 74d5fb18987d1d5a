package dev.ostrakon.benchmarks.load;

import java.util.List;
import java.util.Optional;

/**
 * What load to make.
 *
 * @param inFlight requests in flight, over all clients together
 * @param clients each with connections and an event loop of its own
 * @param seconds measured, after the warm-up
 * @param warmupSeconds not measured
 * @param keys of the workloads on keys
 * @param valueBytes of their values
 * @param groupsPerTxn groups that each transaction touches; 0 for what chance gives
 * @param zipf how skewed the choice of keys is, in [0, 1); 0 is uniform
 * @param accounts of transfers
 * @param transfers whether transfers need enough money
 * @param keyPrefix the beginning of every key, so that no others are touched; 11 bytes make keys of
 *     16
 */
public record LoadSettings(
    Workload workload,
    int inFlight,
    int clients,
    int seconds,
    int warmupSeconds,
    int keys,
    int valueBytes,
    int groupsPerTxn,
    double zipf,
    int accounts,
    Transfers transfers,
    String keyPrefix) {

  /** What one request is. */
  public enum Workload {
    /** Sets one key. */
    PUT,
    /** Reads one key. */
    GET,
    /** Reads or sets one key, one as often as the other. */
    MIXED,
    /** Sets several keys at once, one in each of several groups. */
    TXN,
    /** Moves 1 between two accounts. */
    TRANSFER,
    /** Reads 100 keys in order. */
    SCAN
  }

  /** What a transfer asks for. */
  public enum Transfers {
    /** The payer must have enough. */
    CONDITIONAL,
    /** Two adds without a condition. */
    UNCONDITIONAL
  }

  private record Rule(boolean holds, String sentence) {}

  /** What is wrong with the settings, one sentence; empty if nothing is. */
  public Optional<String> problem() {
    return List.of(
            new Rule(inFlight >= 1 && inFlight <= 65_536, "--inflight must be in [1, 65536]."),
            new Rule(clients >= 1 && clients <= 64, "--clients must be in [1, 64]."),
            new Rule(clients <= inFlight, "--clients must not exceed --inflight."),
            new Rule(seconds >= 1 && seconds <= 86_400, "--seconds must be in [1, 86400]."),
            new Rule(
                warmupSeconds >= 0 && warmupSeconds <= 86_400, "--warmup must be in [0, 86400]."),
            new Rule(keys >= 2 && keys <= 10_000_000, "--keys must be in [2, 10000000]."),
            new Rule(
                valueBytes >= 0 && valueBytes <= 1 << 20, "--value-bytes must be in [0, 1048576]."),
            new Rule(
                groupsPerTxn >= 0 && groupsPerTxn <= 64, "--groups-per-txn must be in [1, 64]."),
            new Rule(
                workload != Workload.TRANSFER || groupsPerTxn <= 2,
                "--groups-per-txn must be 1 or 2 for transfers, which touch two accounts."),
            new Rule(zipf >= 0 && zipf < 1, "--zipf must be in [0, 1)."),
            new Rule(
                accounts >= 2 && accounts <= 10_000_000, "--accounts must be in [2, 10000000]."))
        .stream()
        .filter(rule -> !rule.holds())
        .map(Rule::sentence)
        .findFirst();
  }
}
