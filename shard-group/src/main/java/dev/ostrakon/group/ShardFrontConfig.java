package dev.ostrakon.group;

import java.util.ArrayList;
import java.util.List;

/**
 * The bounds of one {@link ShardFront}. What exceeds one of the first seven is answered as
 * overloaded.
 *
 * @param commandsMax commands that were taken and are not answered yet: so many of new work, as
 *     many that bring earlier work to its end, and as many requests that are logged and wait for
 *     their turn. None of the three takes room from the others
 * @param commandBytesMax bytes of the heap that commands that wait to be proposed may take: so many
 *     of new work, and as many of the rest; and a quarter as much again reads that wait to be
 *     served
 * @param memoryBytesMax bytes of the heap that may be kept because of requests: finished ones,
 *     records of transactions, queues, pinned values, reservations, commands that wait; beyond it
 *     no new request is taken, beyond nine eighths of it no refusal that would have to be recorded.
 *     What frees memory is always taken
 * @param readsMax reads and scans that are not answered yet
 * @param scansMax scans among them
 * @param awaitsMax calls that wait until a transaction is ready
 * @param awaitsPerTxnMax of these, for one transaction
 * @param batchCommandsMax commands of one log entry
 * @param batchBytesMax a log entry is closed with the command that reaches this size
 * @param batchesInFlightMax log entries proposed and not applied yet; what comes meanwhile gathers
 * @param scanEntriesMax entries of one page of a scan
 * @param scanBytesMax a page of a scan ends with the entry that reaches this size
 * @param retryAfterMillis what callers are told when something is full
 * @param awaitMarginMillis so long before its deadline an await is answered with what is known
 * @param idleMillis a leader whose group's clock is so far behind logs an empty entry, if there is
 *     something that time makes superfluous
 * @param unforgottenMillis a finished transaction that nobody has forgotten for so long is to be
 *     looked at by a recovery
 * @param changesLeftMax records of transactions, and clients, whose changes may wait for the
 *     checkpoint that writes them; what exceeds it is written after each entry
 */
public record ShardFrontConfig(
    int commandsMax,
    long commandBytesMax,
    long memoryBytesMax,
    int readsMax,
    int scansMax,
    int awaitsMax,
    int awaitsPerTxnMax,
    int batchCommandsMax,
    int batchBytesMax,
    int batchesInFlightMax,
    int scanEntriesMax,
    int scanBytesMax,
    long retryAfterMillis,
    long awaitMarginMillis,
    long idleMillis,
    long unforgottenMillis,
    int changesLeftMax) {
  /** 20,000 commands in at most 64 MiB, 20,000 reads, entries of 1,000 commands or 512 KiB. */
  public static final ShardFrontConfig DEFAULTS =
      new ShardFrontConfig(
          20_000, 64L << 20, // 64 MiB
          96L << 20, // 96 MiB
          20_000, 256, 20_000, 16, 1_000, 512 << 10, // 512 KiB
          8, 1_000, 1 << 20, // 1 MiB
          20, 100, 10_000, // 10 s
          30_000, // 30 s
          4_096);

  /** Requires positive bounds. */
  public ShardFrontConfig {
    List<String> violations = new ArrayList<>();
    requirePositive(violations, "commandsMax", commandsMax);
    requirePositive(violations, "commandBytesMax", commandBytesMax);
    requirePositive(violations, "memoryBytesMax", memoryBytesMax);
    requirePositive(violations, "readsMax", readsMax);
    requirePositive(violations, "scansMax", scansMax);
    requirePositive(violations, "awaitsMax", awaitsMax);
    requirePositive(violations, "awaitsPerTxnMax", awaitsPerTxnMax);
    requirePositive(violations, "batchCommandsMax", batchCommandsMax);
    requirePositive(violations, "batchBytesMax", batchBytesMax);
    requirePositive(violations, "batchesInFlightMax", batchesInFlightMax);
    requirePositive(violations, "scanEntriesMax", scanEntriesMax);
    requirePositive(violations, "scanBytesMax", scanBytesMax);
    requirePositive(violations, "retryAfterMillis", retryAfterMillis);
    requirePositive(violations, "awaitMarginMillis", awaitMarginMillis);
    requirePositive(violations, "idleMillis", idleMillis);
    requirePositive(violations, "unforgottenMillis", unforgottenMillis);
    requirePositive(violations, "changesLeftMax", changesLeftMax);
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", violations));
    }
  }

  /** These bounds with others for commands, for those of one entry, and for entries. */
  public ShardFrontConfig withCommands(
      int newCommandsMax, int newBatchCommandsMax, int newBatchesInFlightMax) {
    return new ShardFrontConfig(
        newCommandsMax,
        commandBytesMax,
        memoryBytesMax,
        readsMax,
        scansMax,
        awaitsMax,
        awaitsPerTxnMax,
        newBatchCommandsMax,
        batchBytesMax,
        newBatchesInFlightMax,
        scanEntriesMax,
        scanBytesMax,
        retryAfterMillis,
        awaitMarginMillis,
        idleMillis,
        unforgottenMillis,
        changesLeftMax);
  }

  /** These bounds with another one for reads. */
  public ShardFrontConfig withReadsMax(int newReadsMax) {
    return new ShardFrontConfig(
        commandsMax,
        commandBytesMax,
        memoryBytesMax,
        newReadsMax,
        scansMax,
        awaitsMax,
        awaitsPerTxnMax,
        batchCommandsMax,
        batchBytesMax,
        batchesInFlightMax,
        scanEntriesMax,
        scanBytesMax,
        retryAfterMillis,
        awaitMarginMillis,
        idleMillis,
        unforgottenMillis,
        changesLeftMax);
  }

  /** These bounds with another one for changes that wait for a checkpoint. */
  public ShardFrontConfig withChangesLeftMax(int newChangesLeftMax) {
    return new ShardFrontConfig(
        commandsMax,
        commandBytesMax,
        memoryBytesMax,
        readsMax,
        scansMax,
        awaitsMax,
        awaitsPerTxnMax,
        batchCommandsMax,
        batchBytesMax,
        batchesInFlightMax,
        scanEntriesMax,
        scanBytesMax,
        retryAfterMillis,
        awaitMarginMillis,
        idleMillis,
        unforgottenMillis,
        newChangesLeftMax);
  }

  /** These bounds with others for memory. */
  public ShardFrontConfig withMemory(long newMemoryBytesMax, long newCommandBytesMax) {
    return new ShardFrontConfig(
        commandsMax,
        newCommandBytesMax,
        newMemoryBytesMax,
        readsMax,
        scansMax,
        awaitsMax,
        awaitsPerTxnMax,
        batchCommandsMax,
        batchBytesMax,
        batchesInFlightMax,
        scanEntriesMax,
        scanBytesMax,
        retryAfterMillis,
        awaitMarginMillis,
        idleMillis,
        unforgottenMillis,
        changesLeftMax);
  }

  /** These bounds with another time after which a finished transaction is looked at again. */
  public ShardFrontConfig withUnforgottenMillis(long newUnforgottenMillis) {
    return new ShardFrontConfig(
        commandsMax,
        commandBytesMax,
        memoryBytesMax,
        readsMax,
        scansMax,
        awaitsMax,
        awaitsPerTxnMax,
        batchCommandsMax,
        batchBytesMax,
        batchesInFlightMax,
        scanEntriesMax,
        scanBytesMax,
        retryAfterMillis,
        awaitMarginMillis,
        idleMillis,
        newUnforgottenMillis,
        changesLeftMax);
  }

  private static void requirePositive(List<String> violations, String name, long value) {
    if (value <= 0) {
      violations.add(name + " must be positive, was " + value);
    }
  }
}
