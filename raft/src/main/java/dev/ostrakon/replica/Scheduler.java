package dev.ostrakon.replica;

/** The owner of a replica: its turns and its monotonic clock. */
public interface Scheduler {

  /** Runs the task on the owner in a later turn; tasks run in the order given. Any thread. */
  void execute(Runnable task);

  /** Monotonic time in nanoseconds with an arbitrary origin; never goes back, may jump ahead. */
  long nowNanos();

  /** Whether the caller is the owner. */
  boolean isOwner();
}
