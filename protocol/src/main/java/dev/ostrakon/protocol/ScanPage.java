package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Value;
import java.util.List;

/**
 * What one group holds of a range, as of one moment.
 *
 * @param entries ascending by key
 * @param more whether the range holds keys of this group after the last one returned
 * @param configurationNumber the configuration by which the group owned its slots; pages of
 *     different ones do not fit together
 */
public record ScanPage(List<Entry> entries, boolean more, long configurationNumber) {
  /** Copies the list; requires ascending keys, and progress where there is more. */
  public ScanPage {
    entries = List.copyOf(entries);
    if (more && entries.isEmpty()) {
      throw new IllegalArgumentException("a page with more to come has entries, was empty");
    }
    for (int i = 1; i < entries.size(); i++) {
      if (entries.get(i - 1).key().compareTo(entries.get(i).key()) >= 0) {
        throw new IllegalArgumentException("a page's keys ascend, entry " + i + " does not");
      }
    }
    if (configurationNumber < 0) {
      throw new IllegalArgumentException(
          "a configuration's number is not negative, was " + configurationNumber);
    }
  }

  /**
   * One key.
   *
   * @param version the timestamp of its last write
   */
  public record Entry(Key key, Value value, HybridTimestamp version) {}
}
