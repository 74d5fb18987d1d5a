package dev.ostrakon.protocol;

import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import java.util.Arrays;

/**
 * Keys in {@code [from, to)}, ascending as unsigned bytes, of the slots that one group owns. A
 * reader of a whole range asks every group and merges.
 *
 * @param from empty for the first key of all
 * @param to exclusive; empty for no end
 * @param limit the most entries wanted, at least 1; a node may return fewer
 */
public record ScanRange(GroupId group, ByteString from, ByteString to, int limit) {
  /** Requires a positive limit. */
  public ScanRange {
    if (limit < 1) {
      throw new IllegalArgumentException("a scan's limit is positive, was " + limit);
    }
  }

  /** The rest of this range, beginning just after a key, with another limit. */
  public ScanRange after(Key last, int newLimit) {
    byte[] key = last.bytes().sharedArray();
    byte[] next = Arrays.copyOf(key, key.length + 1);
    return new ScanRange(group, ByteString.wrap(next), to, newLimit);
  }
}
