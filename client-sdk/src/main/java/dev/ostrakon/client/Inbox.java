package dev.ostrakon.client;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The way from any thread into an event loop: a stack of tasks that the loop takes whole, so that
 * one wake-up serves all that has gathered. Lock-free; a task costs one compare-and-set. What
 * bounds it is what may be in flight.
 */
final class Inbox {
  /** Whether a task was taken, and whether the loop must be woken for it. */
  enum Pushed {
    FIRST,
    ADDED,
    CLOSED
  }

  private static final Task END = Task.of(() -> {});

  /** The newest task, each pointing to the one before it; null while empty, END once closed. */
  private final AtomicReference<@Nullable Task> newest = new AtomicReference<>();

  /** Adds a task; any thread. */
  Pushed push(Task task) {
    while (true) {
      Task before = newest.get();
      if (before == END) {
        return Pushed.CLOSED;
      }
      task.next = before;
      if (newest.compareAndSet(before, task)) {
        return before == null ? Pushed.FIRST : Pushed.ADDED;
      }
    }
  }

  /** Takes everything, oldest first; null if there is nothing. The loop's thread. */
  @Nullable Task takeAll() {
    Task head = newest.get();
    return head == null || head == END ? null : oldestFirst(newest.getAndSet(null));
  }

  /** Takes everything, and refuses what comes later. */
  @Nullable Task close() {
    Task head = newest.getAndSet(END);
    return head == END ? null : oldestFirst(head);
  }

  private static @Nullable Task oldestFirst(@Nullable Task head) {
    Task oldest = null;
    Task task = head;
    while (task != null) {
      Task before = task.next;
      task.next = oldest;
      oldest = task;
      task = before;
    }
    return oldest;
  }
}
