package dev.ostrakon.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How much a client has taken on and may take on. Any thread, lock-free. */
final class Admission {
  private static final int RETRY_AFTER_MILLIS = 10;

  private final ClientConfig.Bounds bounds;
  private final int callsMax;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Admission(ClientConfig.Bounds bounds) {
    this.bounds = bounds;
    this.callsMax = bounds.inFlightMax() + bounds.waitingMax();
  }

  /** Takes on a call of so many bytes, or says that there is no room. */
  boolean enter(int size) {
    if (calls.incrementAndGet() > callsMax) {
      calls.decrementAndGet();
      return false;
    }
    if (bytes.addAndGet(size) > bounds.bytesMax() && calls.get() > 1) {
      leave(size);
      return false;
    }
    return true;
  }

  /** A call that was taken on is completed. */
  void leave(int size) {
    calls.decrementAndGet();
    bytes.addAndGet(-size);
  }

  /** Calls accepted and not completed. */
  int callCount() {
    return calls.get();
  }

  OverloadedException refusal() {
    return new OverloadedException(
        "this client has "
            + calls.get()
            + " calls of "
            + bytes.get()
            + " bytes under way, bounds are "
            + bounds,
        RETRY_AFTER_MILLIS);
  }
}
