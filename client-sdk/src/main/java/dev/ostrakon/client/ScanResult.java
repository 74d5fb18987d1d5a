package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Value;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of a range, in the order of keys over all groups. What one group contributes held at one
 * moment; different groups were read at different ones, so a scan is no snapshot of the store (a
 * {@link OstrakonClient#getAll} of known keys is).
 */
public final class ScanResult {
  private final List<Entry> entries;
  private final @Nullable Scan next;

  ScanResult(List<Entry> entries, @Nullable Scan next) {
    this.entries = List.copyOf(entries);
    this.next = next;
  }

  /** At most as many as the scan's limit, ascending by key; fewer only where {@link #next} ends. */
  public List<Entry> entries() {
    return entries;
  }

  /** What to scan for the rest of the range; empty at its end. Survives the client: a value. */
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
