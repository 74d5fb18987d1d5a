package dev.ostrakon.raft;

/**
 * Batches of entries handed out and not yet answered, oldest first, limited by count and by bytes.
 * A ring that grows up to its limit on demand, so an idle follower costs little.
 */
final class InflightWindow {

  private static final int INITIAL_CAPACITY = 4;

  private final int maxCount;
  private final long maxBytes;

  private long[] lastIndexes;
  private long[] sizes;
  private int head;
  private int count;
  private long bytes;

  InflightWindow(int maxCount, long maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
    this.lastIndexes = new long[Math.min(maxCount, INITIAL_CAPACITY)];
    this.sizes = new long[lastIndexes.length];
  }

  /** Whether nothing more may be handed out; the last batch may have exceeded the bytes. */
  boolean isFull() {
    return count >= maxCount || bytes >= maxBytes;
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  /** A batch that ends at {@code lastIndex} was handed out. Batches end at ascending indexes. */
  void add(long lastIndex, long sizeBytes) {
    Invariants.check(!isFull(), "in-flight window is not full");
    if (count == lastIndexes.length) {
      grow();
    }
    int slot = (head + count) % lastIndexes.length;
    lastIndexes[slot] = lastIndex;
    sizes[slot] = sizeBytes;
    count++;
    bytes += sizeBytes;
  }

  /** Everything up to and including {@code index} is answered. */
  void freeUpTo(long index) {
    while (count > 0 && lastIndexes[head] <= index) {
      bytes -= sizes[head];
      head = (head + 1) % lastIndexes.length;
      count--;
    }
  }

  void clear() {
    head = 0;
    count = 0;
    bytes = 0;
  }

  private void grow() {
    int capacity = Math.min(maxCount, 2 * count);
    long[] grownIndexes = new long[capacity];
    long[] grownSizes = new long[capacity];
    for (int i = 0; i < count; i++) {
      grownIndexes[i] = lastIndexes[(head + i) % count];
      grownSizes[i] = sizes[(head + i) % count];
    }
    lastIndexes = grownIndexes;
    sizes = grownSizes;
    head = 0;
  }
}
