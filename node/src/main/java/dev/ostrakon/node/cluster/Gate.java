package dev.ostrakon.node.cluster;

import java.util.concurrent.atomic.AtomicInteger;

/** Lets so many in at a time. Any thread. */
public final class Gate {
  private final int max;
  private final AtomicInteger inside = new AtomicInteger();

  /**
   * Nobody is inside.
   *
   * @param max how many may be at a time
   */
  public Gate(int max) {
    this.max = max;
  }

  /** Whether there was room; who is inside is to {@link #leave} then. */
  public boolean tryEnter() {
    if (inside.incrementAndGet() > max) {
      inside.decrementAndGet();
      return false;
    }
    return true;
  }

  /** One that was let in leaves. */
  public void leave() {
    inside.decrementAndGet();
  }

  /** How many are inside. */
  public int count() {
    return inside.get();
  }

  /** How many may be inside at a time. */
  public int max() {
    return max;
  }
}
