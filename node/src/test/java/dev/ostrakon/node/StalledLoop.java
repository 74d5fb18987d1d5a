package dev.ostrakon.node;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An event loop that is kept from doing anything until it is released. */
final class StalledLoop {

  private final CountDownLatch released = new CountDownLatch(1);

  private StalledLoop() {}

  static StalledLoop stall(EventLoopScheduler loop) {
    StalledLoop stalled = new StalledLoop();
    loop.execute(stalled::block);
    return stalled;
  }

  void release() {
    released.countDown();
  }

  private void block() {
    try {
      if (!released.await(Awaits.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody released the loop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
