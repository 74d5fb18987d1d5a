package dev.ostrakon.simulation.engine;

import java.util.PriorityQueue;

/**
 * Virtual time and the queue of everything that is going to happen, ordered by (time, sequence).
 *
 * <p>Time only moves when the next event is taken; between two events nothing happens. With the
 * same events scheduled in the same order, the same run results, on every machine.
 */
public final class Simulator {

  private record Event(long timeNanos, long sequence, Runnable action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(timeNanos, other.timeNanos);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  private final PriorityQueue<Event> queue = new PriorityQueue<>(1024);
  private final Trace trace;
  private long nowNanos;
  private long lastSequence;
  private long executedCount;

  public Simulator(Trace trace) {
    this.trace = trace;
    trace.bind(this);
  }

  /** Virtual time since the beginning of the run. */
  public long nowNanos() {
    return nowNanos;
  }

  public Trace trace() {
    return trace;
  }

  /** Events executed so far. */
  public long executedCount() {
    return executedCount;
  }

  /** Runs the action so long from now; actions of one instant run in the order of these calls. */
  public void after(long delayNanos, Runnable action) {
    if (delayNanos < 0) {
      throw new IllegalArgumentException("delay must not be negative, was " + delayNanos);
    }
    lastSequence++;
    queue.add(new Event(nowNanos + delayNanos, lastSequence, action));
  }

  /**
   * Executes the next event if it is due by then; else moves time to {@code untilNanos}.
   *
   * @return whether an event was executed
   */
  public boolean step(long untilNanos) {
    Event next = queue.peek();
    if (next == null || next.timeNanos > untilNanos) {
      nowNanos = Math.max(nowNanos, untilNanos);
      return false;
    }
    queue.remove();
    nowNanos = next.timeNanos;
    executedCount++;
    trace.mix(nowNanos);
    trace.mix(next.sequence);
    next.action.run();
    return true;
  }

  /** Executes everything that is due by then and moves time there. */
  public void runUntil(long untilNanos) {
    boolean more = true;
    while (more) {
      more = step(untilNanos);
    }
  }
}
