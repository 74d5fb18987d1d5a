package dev.ostrakon.storage;

import java.util.Arrays;

/**
 * Where the frames of one block are in its file. Eight bytes a frame. Thread-safe: one thread
 * appends while others look up.
 */
final class FrameIndex {

  private int[] logical = new int[64];
  private int[] physical = new int[64];
  private int count;

  /** End of the last frame. */
  private int logicalEnd;

  private int physicalEnd;

  FrameIndex(int physicalStart) {
    this.physicalEnd = physicalStart;
  }

  synchronized void add(int payloadBytes) {
    if (count == logical.length) {
      logical = Arrays.copyOf(logical, 2 * count);
      physical = Arrays.copyOf(physical, 2 * count);
    }
    logical[count] = logicalEnd;
    physical[count] = physicalEnd;
    count++;
    logicalEnd += payloadBytes;
    physicalEnd += Frame.storedBytes(payloadBytes);
  }

  /** Drops the frame that contains or starts at this logical offset, and all after it. */
  synchronized void dropFrom(int logicalOffset) {
    int keep = indexOf(logicalOffset);
    logicalEnd = logical[keep];
    physicalEnd = physical[keep];
    count = keep;
  }

  synchronized int logicalEnd() {
    return logicalEnd;
  }

  synchronized int physicalEnd() {
    return physicalEnd;
  }

  /** The frames that contain [from, to), which must not be empty and lie within the block. */
  synchronized Extent extent(int from, int to) {
    int first = indexOf(from);
    int last = indexOf(to - 1);
    int end = last + 1 < count ? physical[last + 1] : physicalEnd;
    return new Extent(physical[first], end, logical[first]);
  }

  private int indexOf(int offset) {
    int found = Arrays.binarySearch(logical, 0, count, offset);
    return found >= 0 ? found : -found - 2;
  }

  /**
   * A run of frames.
   *
   * @param physicalFrom position of the first in the file
   * @param physicalTo end of the last in the file
   * @param logicalFrom offset of the first one's payload in the block
   */
  record Extent(int physicalFrom, int physicalTo, int logicalFrom) {}
}
