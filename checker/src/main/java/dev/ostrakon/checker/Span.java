package dev.ostrakon.checker;

/**
 * When an operation was under way, in positions on the one line of events of a history: a call and
 * an answer never have the same position, nor do two calls.
 *
 * @param process who asked; it asks one thing at a time, and nothing after an unknown outcome
 * @param returned {@link #NEVER} if and only if the outcome is unknown
 */
public record Span(int process, long called, long returned) {
  /** The position of an answer that nobody saw. */
  public static final long NEVER = Long.MAX_VALUE;

  public Span {
    if (returned <= called) {
      throw new IllegalArgumentException("answer at " + returned + ", call at " + called);
    }
  }

  /** Whether this one was answered before the other one was called. */
  boolean isBefore(Span other) {
    return returned < other.called;
  }

  /**
   * This one on the line of events that runs backwards. There an operation of unknown outcome may
   * have been called at any time, as {@code -NEVER} is before all, but did not happen later than
   * its answer.
   */
  Span reversed() {
    return new Span(process, -returned, -called);
  }

  @Override
  public String toString() {
    return "process "
        + process
        + " from "
        + called
        + " to "
        + (returned == NEVER ? "unknown" : returned);
  }
}
