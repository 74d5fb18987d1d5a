package dev.ostrakon.replica;

import java.util.ArrayDeque;

/** A scheduler whose turns and time are moved by hand, for tests. Confined to one thread. */
public final class ManualScheduler implements Scheduler {

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private long nowNanos;

  @Override
  public void execute(Runnable task) {
    tasks.addLast(task);
  }

  @Override
  public long nowNanos() {
    return nowNanos;
  }

  @Override
  public boolean isOwner() {
    return true;
  }

  public void advance(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("time never goes back, was asked to move by " + nanos);
    }
    nowNanos += nanos;
  }

  /** Runs one task and returns whether there was one. */
  public boolean runOne() {
    Runnable task = tasks.pollFirst();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Runs tasks until none is left, or throws after {@code limit} of them. */
  public void runAll(int limit) {
    for (int count = 0; runOne(); count++) {
      if (count >= limit) {
        throw new IllegalStateException("tasks keep coming, stopped after " + limit);
      }
    }
  }
}
