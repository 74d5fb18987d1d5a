package dev.ostrakon.simulation.check;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.simulation.cluster.GroupShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Everything that was ever committed in one group, and the state that it led to. */
public final class GroupHistory {

  private final GroupShape shape;
  private final Membership membership;
  private final EntryId foundation;

  /** Invariant: the entry at position i has index foundation.index() + 1 + i. */
  private final List<LogEntry> committed = new ArrayList<>();

  /** By the term in which somebody first knew it: the last index committed by then. */
  private final TreeMap<Long, Long> committedByTerm = new TreeMap<>();

  /** Hash of the state after each applied index. */
  private final Map<Long, Long> contentHashes = new HashMap<>();

  GroupHistory(GroupShape shape) {
    this.shape = shape;
    this.membership = shape.membership();
    this.foundation = shape.newcomer().isPresent() ? GroupShape.FOUNDED_AT : EntryId.ZERO;
    contentHashes.put(foundation.index(), 0L);
    contentHashes.put(0L, 0L);
  }

  public GroupShape shape() {
    return shape;
  }

  /** The members that everybody who is up to date knows. */
  Membership membership() {
    return membership;
  }

  /** The last index known to be committed. */
  public long committedIndex() {
    return foundation.index() + committed.size();
  }

  /** All committed entries after the foundation, in order. */
  public List<LogEntry> committed() {
    return committed;
  }

  /** The term of a committed index. */
  public long termAt(long index) {
    if (index <= foundation.index()) {
      return index == 0 ? 0 : foundation.term();
    }
    return entry(index).term();
  }

  /** The committed entry with this index, which must be known and after the foundation. */
  public LogEntry entry(long index) {
    return committed.get((int) (index - foundation.index() - 1));
  }

  boolean isKnown(long index) {
    return index > foundation.index() && index <= committedIndex();
  }

  void add(LogEntry entry, long observedInTerm) {
    committed.add(entry);
    committedByTerm.merge(observedInTerm, entry.index(), Math::max);
  }

  /** The last index that was committed in a term before this one, as far as known. */
  long committedBefore(long term) {
    long last = foundation.index();
    for (long index : committedByTerm.headMap(term).values()) {
      last = Math.max(last, index);
    }
    return last;
  }

  /** Remembers the hash of the state at an index, or returns the different one already known. */
  OptionalLong rememberContent(long index, long hash) {
    Long before = contentHashes.putIfAbsent(index, hash);
    return before == null || before == hash ? OptionalLong.empty() : OptionalLong.of(before);
  }

  /** The hash of the state at an index: that after the last command up to it. */
  public OptionalLong contentAt(long index) {
    long at = index;
    while (isKnown(at) && entry(at).kind() != EntryKind.COMMAND) {
      at--;
    }
    Long hash = contentHashes.get(at);
    return hash == null ? OptionalLong.empty() : OptionalLong.of(hash);
  }
}
