package dev.ostrakon.node.rpc;

import java.util.ArrayDeque;

/**
 * Bytes that may be in use at a time. Who finds no room waits in line; a larger request than the
 * whole budget is let in alone. Confined to one event loop.
 */
public final class ByteBudget {
  private final long max;
  private final ArrayDeque<Claim> waiting = new ArrayDeque<>();
  private long used;

  /** Nothing is in use. */
  public ByteBudget(long max) {
    this.max = max;
  }

  /** Bytes that are held, or waited for. */
  public final class Claim {
    private final long bytes;
    private final long sinceNanos;
    private final Runnable granted;
    private boolean isGranted;
    private boolean isOver;

    private Claim(long bytes, long sinceNanos, Runnable granted) {
      this.bytes = bytes;
      this.sinceNanos = sinceNanos;
      this.granted = granted;
    }

    /** How many bytes. */
    public long bytes() {
      return bytes;
    }

    /** Whether the bytes are held. */
    public boolean isGranted() {
      return isGranted && !isOver;
    }

    /** The bytes are not in use any more, or not wanted any more; safe to repeat. */
    public void release() {
      if (isOver) {
        return;
      }
      isOver = true;
      if (isGranted) {
        used -= bytes;
      } else {
        waiting.remove(this);
      }
      grant();
    }
  }

  /**
   * Claims bytes; they are held at once if there is room and nobody waits.
   *
   * @param granted called once if the claim has to wait, when it is granted, in the turn of whoever
   *     released what made room
   */
  public Claim claim(long bytes, long nowNanos, Runnable granted) {
    Claim claim = new Claim(bytes, nowNanos, granted);
    if (waiting.isEmpty() && hasRoom(bytes)) {
      used += bytes;
      claim.isGranted = true;
    } else {
      waiting.add(claim);
    }
    return claim;
  }

  private boolean hasRoom(long bytes) {
    return used == 0 || used + bytes <= max;
  }

  private void grant() {
    Claim next = waiting.peek();
    while (next != null && hasRoom(next.bytes)) {
      waiting.remove();
      used += next.bytes;
      next.isGranted = true;
      next.granted.run();
      next = waiting.peek();
    }
  }

  /** Bytes in use. */
  public long used() {
    return used;
  }

  /** Since when the first in line waits; {@code nowNanos} if nobody does. */
  public long waitingSinceNanos(long nowNanos) {
    Claim first = waiting.peek();
    return first == null ? nowNanos : first.sinceNanos;
  }
}
