package dev.ostrakon.raft;

/**
 * One entry of the replicated log.
 *
 * @param index position in the log, from 1
 * @param term term of the leader that created it, from 1
 * @param kind what the payload is
 * @param payload the command or encoded membership; empty for a no-op
 */
public record LogEntry(long index, long term, EntryKind kind, Bytes payload) {

  /** What an entry costs in memory and on the wire besides its payload, roughly. */
  public static final int OVERHEAD_BYTES = 32;

  public LogEntry {
    if (index < 1 || term < 1) {
      throw new IllegalArgumentException(
          "index and term start at 1, were index=" + index + " term=" + term);
    }
  }

  public EntryId id() {
    return new EntryId(term, index);
  }

  /** The size that limits and windows count. */
  public int sizeBytes() {
    return OVERHEAD_BYTES + payload.size();
  }

  @Override
  public String toString() {
    return index + "@" + term + ":" + kind + "[" + payload.size() + "]";
  }
}
