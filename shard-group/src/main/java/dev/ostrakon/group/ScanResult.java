package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Value;
import java.util.List;

/**
 * What a group holds of a range, as of one moment.
 *
 * @param entries ascending by key; go on just after the last one
 * @param more whether the range may hold keys of this group after the last one returned; never
 *     without entries
 * @param configurationNumber the configuration by which the group served its slots; pages of
 *     different ones do not fit together
 */
public record ScanResult(List<Entry> entries, boolean more, long configurationNumber) {
  /** Copies the list. */
  public ScanResult {
    entries = List.copyOf(entries);
  }

  /**
   * One key.
   *
   * @param version the timestamp of its last write
   */
  public record Entry(Key key, Value value, HybridTimestamp version) {}
}
