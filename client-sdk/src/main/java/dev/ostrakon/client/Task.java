package dev.ostrakon.client;

import org.jspecify.annotations.Nullable;

/** Work for an event loop, linked to the next of an {@link Inbox} without a node of its own. */
abstract class Task {
  @Nullable Task next;

  /** Runs on the event loop, once. */
  abstract void run();

  /** The loop has ended: instead of {@link #run}, on any thread. */
  void refuse() {}

  /** A task without a refusal. */
  static Task of(Runnable body) {
    return new Task() {
      @Override
      void run() {
        body.run();
      }
    };
  }
}
