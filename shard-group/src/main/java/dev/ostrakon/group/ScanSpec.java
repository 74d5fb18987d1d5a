package dev.ostrakon.group;

import dev.ostrakon.model.ByteString;

/**
 * Keys in {@code [from, to)}, ascending as unsigned bytes, of all slots that the group serves.
 *
 * @param from empty for the first key of all
 * @param to exclusive; empty for no end
 * @param limit the most entries wanted, at least 1; a page may have fewer
 */
public record ScanSpec(ByteString from, ByteString to, int limit) {
  /** Requires a positive limit. */
  public ScanSpec {
    if (limit < 1) {
      throw new IllegalArgumentException("a scan's limit is positive, was " + limit);
    }
  }
}
