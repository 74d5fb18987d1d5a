package dev.ostrakon.node.connection;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the rate of complaints in the log: lets one message through in a while. Any thread. */
public final class Complaints {
  private final AtomicLong lastNanos = new AtomicLong(Long.MIN_VALUE);

  /** Whether the last time that this said yes is so long ago. */
  public boolean isDue(long nanos) {
    long now = System.nanoTime();
    long last = lastNanos.get();
    return (last == Long.MIN_VALUE || now - last >= nanos) && lastNanos.compareAndSet(last, now);
  }
}
