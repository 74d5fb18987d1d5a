package dev.ostrakon.simulation.engine;

import dev.ostrakon.replica.Scheduler;
import java.util.ArrayDeque;

/**
 * One life of a node: an event loop that runs until it is killed and may be frozen in between.
 *
 * <p>While frozen, everything that reaches it queues up; when it goes on, all of that comes in one
 * burst, with a clock that has jumped ahead. Timers that expired meanwhile fire once. A killed
 * process never runs anything again: whatever was on its way to it is dropped.
 */
public final class SimulatedProcess implements Scheduler {

  /** From one turn of the loop to the next; keeps endless chains of turns from stopping time. */
  private static final long TURN_NANOS = 2_000;

  private final Simulator simulator;
  private final SimulatedClock clock;
  private final Runnable afterEachTask;
  private final ArrayDeque<Runnable> backlog = new ArrayDeque<>();
  private boolean alive = true;
  private boolean frozen;
  private int depth;

  /**
   * A running process.
   *
   * @param afterEachTask called after each task, for checks; not on behalf of the process
   */
  public SimulatedProcess(Simulator simulator, SimulatedClock clock, Runnable afterEachTask) {
    this.simulator = simulator;
    this.clock = clock;
    this.afterEachTask = afterEachTask;
  }

  public boolean isAlive() {
    return alive;
  }

  public boolean isFrozen() {
    return frozen;
  }

  /** Input from outside: runs now, or when the process is no longer frozen, or never. */
  public void run(Runnable task) {
    if (!alive) {
      return;
    }
    if (frozen) {
      backlog.addLast(task);
      return;
    }
    depth++;
    try {
      task.run();
    } finally {
      depth--;
    }
    if (depth == 0) {
      afterEachTask.run();
    }
  }

  @Override
  public void execute(Runnable task) {
    if (alive) {
      simulator.after(TURN_NANOS, () -> run(task));
    }
  }

  @Override
  public long nowNanos() {
    return clock.nowNanos();
  }

  @Override
  public boolean isOwner() {
    return depth > 0;
  }

  /** Runs the task again and again, each time at least so long after the last on the own clock. */
  public void every(long localNanos, Runnable task) {
    arm(clock.nowNanos() + localNanos, localNanos, task);
  }

  private void arm(long dueLocalNanos, long periodNanos, Runnable task) {
    long wait = Math.max(0, dueLocalNanos - clock.nowNanos());
    simulator.after(
        clock.trueNanos(wait), () -> run(() -> onTimer(dueLocalNanos, periodNanos, task)));
  }

  private void onTimer(long dueLocalNanos, long periodNanos, Runnable task) {
    if (clock.nowNanos() < dueLocalNanos) {
      arm(dueLocalNanos, periodNanos, task); // The clock was slowed down meanwhile.
      return;
    }
    arm(clock.nowNanos() + periodNanos, periodNanos, task);
    task.run();
  }

  /**
   * Stops the process in its tracks, as a garbage collection, SIGSTOP or a migrated machine does.
   */
  public void freeze() {
    frozen = true;
  }

  /** Goes on, with everything that queued up meanwhile. */
  public void thaw() {
    frozen = false;
    while (alive && !frozen && !backlog.isEmpty()) {
      run(backlog.removeFirst());
    }
  }

  public void kill() {
    alive = false;
    backlog.clear();
  }
}
