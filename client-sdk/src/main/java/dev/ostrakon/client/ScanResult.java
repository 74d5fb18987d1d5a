package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Value;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of a range, in the order of keys over all groups. A page may have fewer entries than the
 * scan's limit, or none, long before the end of the range: only {@link #hasMore} tells whether it
 * is the last one. {@link OstrakonClient#scanAll} goes through all pages.
 *
 * <p>Each key was read at one moment during the scan, and different keys at different ones, so a
 * scan is no snapshot of the store (a {@link OstrakonClient#getAll} of known keys is).
 */
public final class ScanResult {
  private final List<Entry> entries;
  private final @Nullable Scan next;

  ScanResult(List<Entry> entries, @Nullable Scan next) {
    this.entries = List.copyOf(entries);
    this.next = next;
  }

  /** At most as many as the scan's limit, ascending by key. Their number tells nothing else. */
  public List<Entry> entries() {
    return entries;
  }

  /** Whether the range may have entries after these. */
  public boolean hasMore() {
    return next != null;
  }

  /**
   * What to scan for the rest of the range; empty if and only if there is {@link #hasMore no more}.
   * Survives the client: a value.
   */
  public Optional<Scan> next() {
    return Optional.ofNullable(next);
  }

  /**
   * One key.
   *
   * @param version the timestamp of its last write
   */
  public record Entry(Key key, Value value, HybridTimestamp version) {
    /**
     * The key as text.
     *
     * @throws NotTextException if it is not UTF-8
     */
    public String keyText() {
      return Text.of(key.bytes(), "a key");
    }

    /**
     * The value as text.
     *
     * @throws NotTextException if it is not UTF-8
     */
    public String valueText() {
      return Text.of(value.bytes(), "a value");
    }

    /** A copy of the key. */
    public byte[] keyBytes() {
      return key.bytes().toByteArray();
    }

    /** A copy of the value. */
    public byte[] valueBytes() {
      return value.bytes().toByteArray();
    }
  }

  @Override
  public String toString() {
    return entries.size() + " entries" + (next == null ? "" : " and more");
  }
}
