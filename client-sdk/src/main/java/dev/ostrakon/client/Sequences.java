package dev.ostrakon.client;

import java.util.Arrays;

/**
 * The numbers of a client's requests, and up to where all of them are settled. Confined to one
 * event loop.
 */
final class Sequences {
  /** Numbers between the watermark and the next: what one slow request may hold up. */
  static final int SPAN_MAX = 1 << 22; // 4,194,304

  /** One bit a number above the watermark, by the number's lower bits; grows up to the span. */
  private long[] settled = new long[1 << 6];

  private long next = 1;

  /** Invariant: every number up to here is settled, and the one after it is not. */
  private long watermark;

  /** Whether a number is to be had. */
  boolean hasRoom() {
    return next - watermark < SPAN_MAX;
  }

  /** A number that was not used before. */
  long take() {
    long sequence = next++;
    if (sequence - watermark >= bits()) {
      grow();
    }
    return sequence;
  }

  /** Nobody will ask for this one again. */
  void settle(long sequence) {
    if (sequence <= watermark) {
      return;
    }
    settled[word(sequence)] |= 1L << sequence;
    while (watermark + 1 < next && isSettled(watermark + 1)) {
      watermark++;
      settled[word(watermark)] &= ~(1L << watermark);
    }
  }

  /** Every number up to here is settled; 0 for none. */
  long watermark() {
    return watermark;
  }

  /** How many numbers are held up by an older one or under way. */
  long span() {
    return next - 1 - watermark;
  }

  private boolean isSettled(long sequence) {
    return (settled[word(sequence)] & 1L << sequence) != 0;
  }

  private void grow() {
    long[] old = settled;
    int oldWord = old.length - 1;
    settled = new long[old.length * 2];
    Arrays.fill(settled, 0);
    for (long sequence = watermark + 1; sequence < next - 1; sequence++) {
      if ((old[(int) (sequence >>> 6) & oldWord] & 1L << sequence) != 0) {
        settled[word(sequence)] |= 1L << sequence;
      }
    }
  }

  private long bits() {
    return (long) settled.length << 6;
  }

  private int word(long sequence) {
    return (int) (sequence >>> 6) & (settled.length - 1);
  }
}
