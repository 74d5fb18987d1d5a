package dev.ostrakon.raft;

import java.util.List;

/**
 * What is committed, and its way into the state machine: consecutive, within a window, from memory
 * or fetched from the disk.
 *
 * <p>Invariant: appliedIndex <= handedOutIndex <= commitIndex <= lastIndex.
 */
final class CommittedFeed {

  /** Batches that the driver may hold besides the limit by bytes. */
  private static final int MAX_BATCHES = 128;

  private final RaftConfig config;
  private final RaftLog log;

  /** Batches given to the driver and not yet applied. */
  private final InflightWindow unapplied;

  /** Persistent as a lower bound, in the hard state. */
  private long commitIndex;

  /** Volatile. */
  private long handedOutIndex;

  /** Volatile: rebuilt from the checkpoint by applying the log again. */
  private long appliedIndex;

  /** The fetch that is under way, or 0. */
  private long fetchId;

  private long fetchFrom;

  /** What a fetch brought, if it starts right after {@link #handedOutIndex}. */
  private List<LogEntry> fetched = List.of();

  /** The state store holds everything up to {@code checkpointIndex}. */
  CommittedFeed(RaftConfig config, RaftLog log, long checkpointIndex, long storedCommitIndex) {
    this.config = config;
    this.log = log;
    // One batch may be in the driver's hands while the next one is given to it.
    this.unapplied = new InflightWindow(MAX_BATCHES, config.maxApplyBytes());
    this.appliedIndex = checkpointIndex;
    this.handedOutIndex = checkpointIndex;
    this.commitIndex = Math.max(checkpointIndex, Math.min(storedCommitIndex, log.lastIndex()));
  }

  long commitIndex() {
    return commitIndex;
  }

  long appliedIndex() {
    return appliedIndex;
  }

  /** Everything up to {@code index} is committed; no effect if that was known. */
  boolean maybeCommitTo(long index) {
    if (index <= commitIndex) {
      return false;
    }
    Invariants.check(index <= log.lastIndex(), "commitIndex <= lastIndex", index, log.lastIndex());
    commitIndex = index;
    return true;
  }

  /** Whether the entries that come next have left the memory and are to be asked for. */
  boolean needsFetch() {
    return fetchId == 0
        && handedOutIndex < commitIndex
        && fetched.isEmpty()
        && !unapplied.isFull()
        && !log.isCached(handedOutIndex + 1);
  }

  void fetch(Outbox outbox) {
    long to = Math.min(commitIndex + 1, log.cachedFrom());
    fetchFrom = handedOutIndex + 1;
    fetchId = outbox.fetch(fetchFrom, to, config.maxApplyBytes());
  }

  /** Takes the answer to a fetch; returns false if it answers somebody else's. */
  boolean maybeTakeFetched(long answeredId, List<LogEntry> entries) {
    if (answeredId != fetchId) {
      return false;
    }
    fetchId = 0;
    if (fetchFrom != handedOutIndex + 1) {
      return true; // A snapshot overtook it.
    }
    Invariants.check(
        !entries.isEmpty(),
        "committed and unapplied entries are stored",
        handedOutIndex,
        commitIndex);
    FetchedEntries.requireConsecutive(log, entries, handedOutIndex + 1);
    fetched = entries;
    return true;
  }

  boolean hasBatch() {
    return handedOutIndex < commitIndex
        && !unapplied.isFull()
        && (!fetched.isEmpty() || log.isCached(handedOutIndex + 1));
  }

  /** The entries to apply next; the same until {@link #handedOut} is called. */
  List<LogEntry> batch() {
    if (!hasBatch()) {
      return List.of();
    }
    return fetched.isEmpty()
        ? log.slice(handedOutIndex + 1, commitIndex + 1, config.maxApplyBytes())
        : fetched;
  }

  /** The driver took over what {@link #batch} returned. */
  void handedOut(List<LogEntry> batch) {
    if (batch.isEmpty()) {
      return;
    }
    handedOutIndex += batch.size();
    fetched = List.of();
    long bytes = 0;
    for (int i = 0; i < batch.size(); i++) {
      bytes += batch.get(i).sizeBytes();
    }
    unapplied.add(handedOutIndex, bytes);
  }

  void applied(long index) {
    Invariants.check(
        index <= handedOutIndex, "applied only what was handed out", index, handedOutIndex);
    appliedIndex = Math.max(appliedIndex, index);
    unapplied.freeUpTo(index);
  }

  /** A snapshot up to {@code index} replaced the state. */
  void restored(long index) {
    maybeCommitTo(index);
    appliedIndex = Math.max(appliedIndex, index);
    if (index >= handedOutIndex) {
      handedOutIndex = index;
      fetched = List.of();
    }
    unapplied.freeUpTo(index);
  }

  void checkInvariants() {
    Invariants.check(
        appliedIndex <= handedOutIndex,
        "appliedIndex <= handedOutIndex",
        appliedIndex,
        handedOutIndex);
    Invariants.check(
        handedOutIndex <= commitIndex,
        "handedOutIndex <= commitIndex",
        handedOutIndex,
        commitIndex);
    Invariants.check(
        commitIndex <= log.lastIndex(), "commitIndex <= lastIndex", commitIndex, log.lastIndex());
  }
}
