package dev.ostrakon.node.kv;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Bytes that the answers to the reads of one event loop may take from the start of the read until
 * the connection has taken them. What a read will bring is not known before it is done, so it
 * counts with what the reads before it brought. Confined to that loop.
 */
public final class AnswerRoom {
  private static final long LEAST_BYTES = 4L << 20; // 4 MiB

  private final long max;
  private final long sessionMax;
  private final LongSupplier unsent;
  private final Consumer<Boolean> wanted;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private long used;
  private boolean wasRefused;
  private boolean wasWanted;

  /**
   * Nothing is in use.
   *
   * @param max bytes of all answers of the loop
   * @param unsent bytes of answers that were written and that connections have not taken yet
   * @param wanted is told whether room is missing, so that readers who do not read make some
   */
  AnswerRoom(long max, LongSupplier unsent, Consumer<Boolean> wanted) {
    this.wanted = wanted;
    this.max = max;
    this.sessionMax = Math.max(LEAST_BYTES / 4, max / 4);
    this.unsent = unsent;
  }

  /**
   * A sixteenth of the heap, shared by the event loops.
   *
   * @param heapBytes the most that the heap can become
   */
  public static AnswerRoom forHeap(
      long heapBytes, int loops, LongSupplier unsent, Consumer<Boolean> wanted) {
    return new AnswerRoom(Math.max(LEAST_BYTES, heapBytes / 16 / loops), unsent, wanted);
  }

  /** Bytes that the answers of one session may take. */
  long sessionMax() {
    return sessionMax;
  }

  /**
   * What a call counts with that is expected to bring so much: no more than one session may take.
   */
  long share(long expectedBytes) {
    return Math.min(expectedBytes, sessionMax);
  }

  /** Whether there is room for so many bytes more. */
  boolean has(long bytes) {
    return used == 0 || used + unsent.getAsLong() + bytes <= max;
  }

  /** From now on so many bytes more are in use, or fewer if negative. */
  void add(long bytes) {
    used += bytes;
  }

  /** A call was refused for want of room. */
  void onRefused() {
    wasRefused = true;
  }

  /** Has a task tried when there may be room. */
  void await(Runnable task) {
    waiting.add(task);
  }

  /** Has those who wait try, in their order; to be called often. */
  public void tick() {
    for (int count = waiting.size(); count > 0; count--) {
      waiting.remove().run(); // Whoever finds no room waits again.
    }
    boolean isWanted = wasRefused || !waiting.isEmpty();
    wasRefused = false;
    if (isWanted != wasWanted) {
      wasWanted = isWanted;
      wanted.accept(isWanted);
    }
  }
}
