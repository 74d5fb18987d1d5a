package dev.ostrakon.storage;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RecoveredLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.Transaction;

/**
 * The stored log of one group, as transactions on the log environment.
 *
 * <p>Hazard: a cursor of Xodus searches once. The second search of one that stands in a page with a
 * single record ends at that record although what is looked for lies before it.
 *
 * <p>Confined to the log writer, but for {@link #recover}, which comes before everything else, and
 * {@link #read}, which touches no field that changes.
 */
final class GroupLog {

  private final long group;
  private final Store store;
  private final LogRecord records;

  private LogRecord.Meta meta = LogRecord.Meta.NEW;
  private long lastIndex;

  /** Index of the first entry of each term that differs from its predecessor's, above the base. */
  private final TreeMap<Long, Long> termStarts = new TreeMap<>();

  /** Whether there are stored runs that lie wholly below the base. */
  private boolean hasGarbage;

  GroupLog(long group, Store store, LogRecord records) {
    this.group = group;
    this.store = store;
    this.records = records;
  }

  /**
   * Reads what is stored, but no more of the entries than the last run.
   *
   * @throws dev.ostrakon.replica.StorageException if its parts do not fit each other
   */
  RecoveredLog recover(Transaction txn) {
    LogKey metaKey = LogKey.meta(group);
    ByteIterable stored = store.get(txn, metaKey.encode());
    meta = stored == null ? LogRecord.Meta.NEW : records.decodeMeta(metaKey, stored);
    lastIndex = meta.base().index();
    hasGarbage = true;
    recoverTerms(txn);
    recoverLastRun(txn);
    requireAscendingTerms();
    return new RecoveredLog(meta.hardState(), meta.base(), lastIndex, termStartIds());
  }

  /**
   * Carries out one write, in the order that {@link LogWrite} gives; returns how many runs it adds.
   */
  int apply(Transaction txn, LogWrite write) {
    boolean reset = !write.resetTo().equals(EntryId.ZERO);
    if (reset) {
      reset(txn, write.resetTo());
    }
    int runs = write.entries().isEmpty() ? 0 : append(txn, write);
    boolean compact = write.compactTo().index() > meta.base().index();
    if (compact) {
      rebase(txn, write.compactTo());
    }
    meta = new LogRecord.Meta(write.hardState(), meta.base());
    if (reset || compact || write.hardStateChanged()) {
      LogKey key = LogKey.meta(group);
      store.put(txn, key.encode(), meta.encode(key));
    }
    return runs;
  }

  boolean hasGarbage() {
    return hasGarbage;
  }

  /** Deletes at most so many runs below the base and returns how many it was. */
  int deleteGarbage(Transaction txn, int limit) {
    List<LogKey> dead = new ArrayList<>();
    scan(
        txn,
        LogKey.entries(group, 0),
        (key, value) -> isDead(key, value) && dead.add(key) && dead.size() < limit);
    dead.forEach(key -> store.delete(txn, key.encode()));
    hasGarbage = dead.size() == limit;
    return dead.size();
  }

  /**
   * Reads consecutive entries.
   *
   * @param baseIndex the base at the time of the request; entries up to it do not exist
   */
  List<LogEntry> read(Transaction txn, LogFetch fetch, long baseIndex) {
    List<LogEntry> result = new ArrayList<>();
    if (fetch.fromIndex() <= baseIndex) {
      return result;
    }
    long bytes = 0;
    try (Cursor cursor = store.openCursor(txn)) {
      LogKey key = floor(cursor, LogKey.entries(group, fetch.fromIndex()));
      boolean more = key.kind() == LogKey.ENTRIES;
      while (more && bytes < fetch.maxBytes()) {
        bytes += addRun(result, fetch, key, cursor.getValue(), bytes);
        more = cursor.getNext();
        key = more ? LogKey.decode(cursor.getKey()) : key;
        more = more && key.isSibling(LogKey.entries(group, 0)) && key.index() < fetch.toIndex();
      }
    }
    return result;
  }

  private long addRun(
      List<LogEntry> result, LogFetch fetch, LogKey key, ByteIterable stored, long bytesBefore) {
    long bytes = 0;
    for (LogEntry entry : records.decodeRun(key, stored).entries()) {
      boolean wanted = entry.index() >= fetch.fromIndex() && entry.index() < fetch.toIndex();
      if (wanted && bytesBefore + bytes < fetch.maxBytes()) {
        if (entry.index() != fetch.fromIndex() + result.size()) {
          throw records.gap(key, fetch.fromIndex() + result.size());
        }
        result.add(entry);
        bytes += entry.sizeBytes();
      }
    }
    return bytes;
  }

  private int append(Transaction txn, LogWrite write) {
    List<LogEntry> entries = write.entries();
    long first = entries.get(0).index();
    if (first <= lastIndex) {
      truncateFrom(txn, first);
    }
    int runs = 0;
    int from = 0;
    while (from < entries.size()) {
      int to = from + LogRecord.runLength(entries, from);
      putRun(txn, write.hardState().commitIndex(), entries.subList(from, to));
      from = to;
      runs++;
    }
    long term = termBefore(first);
    for (LogEntry entry : entries) {
      if (entry.term() != term) {
        term = entry.term();
        LogKey key = LogKey.term(group, entry.index());
        store.put(txn, key.encode(), LogRecord.encodeTerm(key, term));
        termStarts.put(entry.index(), term);
      }
    }
    lastIndex = entries.get(entries.size() - 1).index();
    return runs;
  }

  private void putRun(Transaction txn, long commitIndex, List<LogEntry> entries) {
    LogKey key = LogKey.entries(group, entries.get(0).index());
    store.put(txn, key.encode(), LogRecord.encodeRun(key, commitIndex, entries));
  }

  /** Removes everything stored at or after this index. */
  private void truncateFrom(Transaction txn, long index) {
    List<LogEntry> kept = entriesBefore(txn, index);
    for (LogKey key : runsFrom(txn, index)) {
      store.delete(txn, key.encode());
    }
    if (!kept.isEmpty()) {
      putRun(txn, meta.hardState().commitIndex(), kept);
    }
    Map<Long, Long> cut = termStarts.tailMap(index, true);
    cut.keySet().forEach(start -> store.delete(txn, LogKey.term(group, start).encode()));
    cut.clear();
  }

  /** Those entries before the index that are in one run with it. */
  private List<LogEntry> entriesBefore(Transaction txn, long index) {
    try (Cursor cursor = store.openCursor(txn)) {
      LogKey key = floor(cursor, LogKey.entries(group, index));
      if (key.kind() != LogKey.ENTRIES || key.index() >= index) {
        return List.of();
      }
      List<LogEntry> run = records.decodeRun(key, cursor.getValue()).entries();
      return List.copyOf(run.subList(0, (int) Math.min(index - key.index(), run.size())));
    }
  }

  private List<LogKey> runsFrom(Transaction txn, long index) {
    List<LogKey> runs = new ArrayList<>();
    scan(txn, LogKey.entries(group, index), (key, value) -> runs.add(key));
    return runs;
  }

  /** Visits the records of the same group and kind from a key on, until the visitor has enough. */
  private void scan(Transaction txn, LogKey from, BiPredicate<LogKey, ByteIterable> visitor) {
    try (Cursor cursor = store.openCursor(txn)) {
      boolean more = cursor.getSearchKeyRange(from.encode()) != null;
      while (more) {
        LogKey key = LogKey.decode(cursor.getKey());
        more = key.isSibling(from) && visitor.test(key, cursor.getValue()) && cursor.getNext();
      }
    }
  }

  /** Starts anew: what lies beyond goes at once, the rest later. */
  private void reset(Transaction txn, EntryId base) {
    truncateFrom(txn, base.index() + 1);
    rebase(txn, base);
    lastIndex = base.index();
  }

  private void rebase(Transaction txn, EntryId base) {
    Map<Long, Long> dropped = termStarts.headMap(base.index(), true);
    dropped.keySet().forEach(start -> store.delete(txn, LogKey.term(group, start).encode()));
    dropped.clear();
    meta = new LogRecord.Meta(meta.hardState(), base);
    hasGarbage = true;
  }

  private long termBefore(long index) {
    Map.Entry<Long, Long> start = termStarts.lowerEntry(index);
    return start == null ? meta.base().term() : start.getValue();
  }

  private boolean isDead(LogKey key, ByteIterable value) {
    return key.index() + records.runCount(key, value) - 1 <= meta.base().index();
  }

  private void recoverTerms(Transaction txn) {
    scan(
        txn,
        LogKey.term(group, meta.base().index() + 1),
        (key, value) -> {
          termStarts.put(key.index(), records.decodeTerm(key, value));
          return true;
        });
  }

  private void recoverLastRun(Transaction txn) {
    try (Cursor cursor = store.openCursor(txn)) {
      LogKey key = floor(cursor, LogKey.entries(group, Long.MAX_VALUE));
      if (key.kind() != LogKey.ENTRIES) {
        return;
      }
      LogRecord.Run run = records.decodeRun(key, cursor.getValue());
      LogEntry last = run.entries().get(run.entries().size() - 1);
      if (last.index() > lastIndex) {
        lastIndex = last.index();
        requireTerm(key, last);
      }
      HardState hardState = meta.hardState();
      long commitIndex = Math.max(hardState.commitIndex(), run.commitIndex());
      hardState = new HardState(hardState.term(), hardState.votedFor(), commitIndex);
      meta = new LogRecord.Meta(hardState, meta.base());
    }
  }

  private void requireAscendingTerms() {
    long term = meta.base().term();
    for (Map.Entry<Long, Long> start : termStarts.entrySet()) {
      if (start.getKey() > lastIndex || start.getValue() < term) {
        throw records.strayTerm(LogKey.term(group, start.getKey()), start.getValue());
      }
      term = start.getValue();
    }
  }

  private void requireTerm(LogKey key, LogEntry entry) {
    long term = termBefore(entry.index() + 1);
    if (term != entry.term()) {
      throw records.otherTerm(key, entry, term);
    }
  }

  private List<EntryId> termStartIds() {
    List<EntryId> ids = new ArrayList<>();
    long first = meta.base().index() + 1;
    if (first <= lastIndex && !termStarts.containsKey(first)) {
      ids.add(new EntryId(meta.base().term(), first));
    }
    termStarts.forEach((index, term) -> ids.add(new EntryId(term, index)));
    return ids;
  }

  /** Moves to the last record of the same group and kind at or before the key; META if none. */
  private LogKey floor(Cursor cursor, LogKey key) {
    boolean found = cursor.getSearchKeyRange(key.encode()) != null;
    if (found && LogKey.decode(cursor.getKey()).equals(key)) {
      return key;
    }
    boolean moved = found ? cursor.getPrev() : cursor.getLast();
    LogKey before = moved ? LogKey.decode(cursor.getKey()) : LogKey.meta(group);
    return before.isSibling(key) ? before : LogKey.meta(group);
  }
}
