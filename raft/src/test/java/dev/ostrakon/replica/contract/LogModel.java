package dev.ostrakon.replica.contract;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.raft.ReplicaId;
import java.util.ArrayList;
import java.util.List;

/** What a log must contain, kept in the most naive way, and a source of random valid writes. */
public final class LogModel {

  private final RandomSource random;
  private final int maxPayloadBytes;
  private final List<LogEntry> entries = new ArrayList<>();
  private EntryId base = EntryId.ZERO;
  private HardState hardState = HardState.INITIAL;

  public LogModel(RandomSource random, int maxPayloadBytes) {
    this.random = random;
    this.maxPayloadBytes = maxPayloadBytes;
  }

  /** Draws a write that is valid now and takes it over. */
  public LogWrite nextWrite() {
    LogWrite write = drawWrite();
    apply(write);
    return write;
  }

  public void apply(LogWrite write) {
    if (!write.resetTo().equals(EntryId.ZERO)) {
      entries.clear();
      base = write.resetTo();
    }
    for (LogEntry entry : write.entries()) {
      entries.removeIf(stored -> stored.index() >= entry.index());
      entries.add(entry);
    }
    if (write.compactTo().index() > base.index()) {
      entries.removeIf(stored -> stored.index() <= write.compactTo().index());
      base = write.compactTo();
    }
    hardState = write.hardState();
  }

  public long lastIndex() {
    return base.index() + entries.size();
  }

  public HardState hardState() {
    return hardState;
  }

  public List<LogEntry> entries() {
    return List.copyOf(entries);
  }

  public RecoveredLog recovered() {
    List<EntryId> starts = new ArrayList<>();
    long term = 0;
    for (LogEntry entry : entries) {
      if (entry.term() != term) {
        starts.add(entry.id());
        term = entry.term();
      }
    }
    return new RecoveredLog(hardState, base, lastIndex(), starts);
  }

  public LogFetch nextFetch() {
    long from = random.nextLong(Math.max(1, base.index() - 2), lastIndex() + 3);
    return new LogFetch(1, from, from + random.nextInt(200), 1 + random.nextInt(20_000));
  }

  public List<LogEntry> expected(LogFetch fetch) {
    List<LogEntry> expected = new ArrayList<>();
    long bytes = 0;
    for (LogEntry entry : entries) {
      if (entry.index() >= fetch.fromIndex()
          && entry.index() < fetch.toIndex()
          && fetch.fromIndex() > base.index()
          && bytes < fetch.maxBytes()) {
        expected.add(entry);
        bytes += entry.sizeBytes();
      }
    }
    return expected;
  }

  private LogWrite drawWrite() {
    boolean changed = random.chance(0.2);
    long term = hardState.term() + (changed || hardState.term() == 0 ? 1 : 0);
    long vote = changed ? 1 + random.nextInt(5) : hardState.votedFor().value();
    HardState next =
        new HardState(term, new ReplicaId(vote), Math.min(lastIndex(), hardState.commitIndex()));
    if (random.chance(0.03)) {
      long to = lastIndex() + random.nextInt(20) + 1;
      HardState after = new HardState(term, next.votedFor(), to);
      return new LogWrite(after, true, new EntryId(term, to), List.of(), EntryId.ZERO);
    }
    List<LogEntry> appended = random.chance(0.8) ? drawEntries(term) : List.of();
    boolean mustChange = appended.isEmpty() && !random.chance(0.5);
    EntryId compactTo = random.chance(0.1) ? drawCompaction(appended) : EntryId.ZERO;
    return new LogWrite(next, changed || mustChange, EntryId.ZERO, appended, compactTo);
  }

  private List<LogEntry> drawEntries(long term) {
    long first = lastIndex() + 1;
    if (random.chance(0.2)) {
      first = random.nextLong(Math.max(base.index() + 1, lastIndex() - 10), lastIndex() + 2);
    }
    List<LogEntry> drawn = new ArrayList<>();
    int count = 1 + random.nextInt(random.chance(0.1) ? 300 : 5);
    for (long index = first; index < first + count; index++) {
      EntryKind kind = EntryKind.fromCode(random.nextInt(3));
      drawn.add(
          new LogEntry(
              index, term, kind, Logs.randomBytes(random, random.nextInt(maxPayloadBytes))));
    }
    return drawn;
  }

  /** The id of some entry that is still there after the append. */
  private EntryId drawCompaction(List<LogEntry> appended) {
    List<LogEntry> after = new ArrayList<>(entries);
    if (!appended.isEmpty()) {
      after.removeIf(entry -> entry.index() >= appended.get(0).index());
      after.addAll(appended);
    }
    return after.isEmpty() ? EntryId.ZERO : after.get(random.nextInt(after.size())).id();
  }
}
