package dev.ostrakon.node;

import java.util.concurrent.CountDownLatch;

/** A process of which one thread fails while the others would go on for ever. */
final class ProcessEndChild {

  private ProcessEndChild() {}

  /** Fails as the argument says. */
  public static void main(String[] args) throws InterruptedException {
    ProcessEnd.onUncaughtExceptions();
    Thread failing =
        new Thread(
            () -> {
              if (args[0].equals("memory")) {
                throw new OutOfMemoryError("Direct buffer memory");
              }
              throw new IllegalStateException("a bug");
            },
            "failing");
    failing.start();
    new CountDownLatch(1).await();
  }
}
