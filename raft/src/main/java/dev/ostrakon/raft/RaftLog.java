package dev.ostrakon.raft;

import java.util.List;

/**
 * The log as the protocol sees it: every entry's term, the newest entries themselves, and how much
 * of it is durable.
 *
 * <p>Changes take effect here at once and on the disk later: {@link #write} is what the next Ready
 * asks for, {@link #handedOut} notes that it was taken over, {@link #persisted} that it is durable.
 *
 * <pre>
 *   base   firstIndex      cached from         unwritten from     lastIndex
 *    |---------|--- on disk only ---|-- on disk, cached --|-- in memory only --|
 * </pre>
 */
final class RaftLog {

  private final TermRuns terms;
  private final EntryCache cache;
  private final InflightWrites inflight = new InflightWrites();

  /** Persistent. The last entry, or the base if there is none. */
  private long lastIndex;

  /**
   * Volatile: rebuilt from the log. Entries up to here are durable as they stand now. Invariant:
   * baseIndex <= durableIndex <= lastIndex. Falls only by truncation.
   */
  private long durableIndex;

  /** Volatile. Invariant: durableIndex < unwrittenIndex <= lastIndex + 1. */
  private long unwrittenIndex;

  /** What the next write begins with; {@link EntryId#ZERO} for nothing. */
  private EntryId pendingReset = EntryId.ZERO;

  private EntryId pendingCompaction = EntryId.ZERO;

  RaftLog(RecoveredLog recovered) {
    terms = new TermRuns(recovered.base());
    long previousStart = recovered.base().index();
    for (EntryId start : recovered.termStarts()) {
      if (start.index() <= previousStart
          || start.index() > recovered.lastIndex()
          || start.term() < terms.lastTerm()) {
        throw new IllegalArgumentException("term starts of the stored log do not ascend: " + start);
      }
      terms.append(start.index(), start.term());
      previousStart = start.index();
    }
    if (recovered.lastIndex() < recovered.base().index()) {
      throw new IllegalArgumentException("the stored log ends before its base " + recovered.base());
    }
    lastIndex = recovered.lastIndex();
    durableIndex = lastIndex;
    unwrittenIndex = lastIndex + 1;
    cache = new EntryCache(lastIndex + 1);
  }

  /** The index right before the first entry. */
  long baseIndex() {
    return terms.baseIndex();
  }

  long firstIndex() {
    return terms.baseIndex() + 1;
  }

  long lastIndex() {
    return lastIndex;
  }

  long lastTerm() {
    return terms.lastTerm();
  }

  EntryId lastId() {
    return new EntryId(terms.lastTerm(), lastIndex);
  }

  long durableIndex() {
    return durableIndex;
  }

  /** The term of an entry in [baseIndex, lastIndex]. */
  long termAt(long index) {
    Invariants.check(index <= lastIndex, "term asked for beyond the log's end", index, lastIndex);
    return terms.termAt(index);
  }

  EntryId idAt(long index) {
    return new EntryId(termAt(index), index);
  }

  /** Whether this very entry is the base or in the log. */
  boolean contains(EntryId entry) {
    return entry.index() >= baseIndex()
        && entry.index() <= lastIndex
        && terms.termAt(entry.index()) == entry.term();
  }

  boolean isCached(long index) {
    return cache.contains(index);
  }

  /** The first index in memory, or lastIndex + 1. */
  long cachedFrom() {
    return cache.firstIndex();
  }

  /** An entry that is in memory. */
  LogEntry cached(long index) {
    return cache.get(index);
  }

  /** Entries in memory, see {@link EntryCache#slice}. */
  List<LogEntry> slice(long from, long to, int maxBytes) {
    return cache.slice(from, to, maxBytes);
  }

  /** Adds the entry after the last one. */
  void append(LogEntry entry) {
    Invariants.check(entry.index() == lastIndex + 1, "entry follows", entry.index(), lastIndex);
    terms.append(entry.index(), entry.term());
    cache.append(entry);
    lastIndex = entry.index();
  }

  /**
   * Takes over consecutive entries whose predecessor is in this log: keeps what agrees, replaces
   * from the first conflict on, appends the rest (Raft paper, figure 2, AppendEntries 3 and 4).
   * Entries that are here already stay, and so does what follows them: the message may be old.
   */
  void merge(List<LogEntry> entries, long commitIndex, RaftRules rules) {
    for (int i = 0; i < entries.size(); i++) {
      LogEntry entry = entries.get(i);
      if (entry.index() > lastIndex) {
        append(entry);
      } else if (entry.index() > baseIndex()
          && rules.isConflict(terms.termAt(entry.index()), entry.term())) {
        truncateFrom(entry.index(), commitIndex);
        append(entry);
      }
    }
  }

  private void truncateFrom(long index, long commitIndex) {
    Invariants.check(index > commitIndex, "committed entries never change", index, commitIndex);
    terms.truncateFrom(index);
    cache.truncateFrom(index);
    inflight.truncateFrom(index);
    lastIndex = index - 1;
    durableIndex = Math.min(durableIndex, lastIndex);
    unwrittenIndex = Math.min(unwrittenIndex, index);
  }

  /**
   * The newest entry at or before {@code index} whose term is at most {@code term}, to skip whole
   * terms that cannot agree (Raft paper 5.3, last paragraphs). Its index may be one before the
   * base, and its term is then unknown.
   */
  long floorOfTerm(long index, long term) {
    return terms.floorOfTerm(Math.min(index, lastIndex), term);
  }

  /** A snapshot up to this entry takes the place of the whole log. */
  void reset(EntryId at) {
    terms.reset(at);
    cache.reset(at.index() + 1);
    inflight.forgetEntries();
    lastIndex = at.index();
    durableIndex = at.index(); // The snapshot itself is durable.
    unwrittenIndex = at.index() + 1;
    pendingReset = at;
    pendingCompaction = EntryId.ZERO;
  }

  /** Drops entries up to and including {@code index}, as far as they are durable. */
  boolean compact(long index) {
    long upTo = Math.min(index, durableIndex);
    if (upTo <= baseIndex()) {
      return false;
    }
    terms.dropBefore(upTo);
    pendingCompaction = new EntryId(terms.baseTerm(), upTo);
    while (cache.firstIndex() <= upTo && cache.firstIndex() < cache.endIndex()) {
      cache.evictFirst();
    }
    return true;
  }

  EntryId baseId() {
    return new EntryId(terms.baseTerm(), terms.baseIndex());
  }

  /**
   * Drops entries from memory that can be read from the disk: applied ones beyond {@code
   * entryCacheBytes}, and committed ones beyond another {@code maxUncommittedBytes}, so that slow
   * application does not fill the memory.
   */
  void evict(long commitIndex, long appliedIndex, RaftConfig config) {
    long hardLimit = (long) config.entryCacheBytes() + config.maxUncommittedBytes();
    while (cache.bytes() > config.entryCacheBytes()) {
      long limit = cache.bytes() > hardLimit ? commitIndex : appliedIndex;
      if (cache.firstIndex() > Math.min(limit, durableIndex)) {
        return;
      }
      cache.evictFirst();
    }
  }

  /** Whether there is anything for the disk. */
  boolean hasWrite() {
    return unwrittenIndex <= lastIndex
        || !pendingReset.equals(EntryId.ZERO)
        || !pendingCompaction.equals(EntryId.ZERO);
  }

  /** What the disk is to do next. */
  LogWrite write(HardState hardState, HardStateChange change) {
    List<LogEntry> entries =
        unwrittenIndex > lastIndex
            ? List.of()
            : cache.slice(unwrittenIndex, lastIndex + 1, Integer.MAX_VALUE);
    return new LogWrite(
        hardState,
        change == HardStateChange.TERM_OR_VOTE,
        pendingReset,
        entries,
        pendingCompaction);
  }

  /** Whether the hard state must be synced along with a write. */
  enum HardStateChange {
    NONE,
    TERM_OR_VOTE
  }

  /** The driver took the present {@link #write} over as part of this Ready. */
  void handedOut(long readyNumber) {
    if (unwrittenIndex <= lastIndex) {
      long bytes = 0;
      for (long i = unwrittenIndex; i <= lastIndex; i++) {
        bytes += cache.get(i).sizeBytes();
      }
      inflight.add(readyNumber, lastIndex, bytes);
      unwrittenIndex = lastIndex + 1;
    }
    pendingReset = EntryId.ZERO;
    pendingCompaction = EntryId.ZERO;
  }

  /** Size of the entries that the disk was given and has not made durable yet. */
  long inflightBytes() {
    return inflight.bytes();
  }

  /** The writes of all Readys up to this number are durable. */
  void persisted(long readyNumber) {
    long durable = inflight.complete(readyNumber);
    Invariants.check(durable <= lastIndex, "durable beyond the log's end", durable, lastIndex);
    durableIndex = Math.max(durableIndex, durable);
  }

  void checkInvariants() {
    Invariants.check(
        baseIndex() <= durableIndex, "baseIndex <= durableIndex", baseIndex(), durableIndex);
    Invariants.check(
        durableIndex < unwrittenIndex,
        "durableIndex < unwrittenIndex",
        durableIndex,
        unwrittenIndex);
    Invariants.check(
        unwrittenIndex <= lastIndex + 1,
        "unwrittenIndex <= lastIndex + 1",
        unwrittenIndex,
        lastIndex);
    Invariants.check(
        cache.endIndex() == lastIndex + 1, "cache ends with log", cache.endIndex(), lastIndex);
    Invariants.check(
        cache.firstIndex() <= unwrittenIndex,
        "unwritten entries are in memory",
        cache.firstIndex(),
        unwrittenIndex);
  }
}
