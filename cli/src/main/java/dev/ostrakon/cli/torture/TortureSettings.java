package dev.ostrakon.cli.torture;

import java.nio.file.Path;

/**
 * What a torture is to do.
 *
 * @param clients how many, each with one operation under way
 * @param seconds how long they go on
 * @param keys registers, lists in use at a time, or accounts
 * @param rate operations a second of all clients together at most; 0 for no limit
 * @param history the file to write
 * @param keyPrefix before every key, so that a run finds no keys of another one
 */
public record TortureSettings(
    Kind kind,
    int clients,
    int seconds,
    int keys,
    int rate,
    long seed,
    Path history,
    String keyPrefix) {

  /** The workloads. */
  public enum Kind {
    REGISTER,
    APPEND,
    BANK
  }
}
