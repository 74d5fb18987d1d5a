package dev.ostrakon.checker;

import java.util.function.BooleanSupplier;

/**
 * How much work a search for an order may cost before it gives up undecided.
 *
 * @param steps tries of an operation in a state, each well under a microsecond and up to 32 bytes
 *     of memory; for each key
 * @param expired polled now and then: whether to give up at once, for example at a deadline. It is
 *     what makes a verdict depend on time, so a simulation leaves it out.
 */
public record Budget(long steps, BooleanSupplier expired) {
  /** Enough for tens of thousands of operations of a dozen clients on one key. */
  public static final Budget DEFAULT = ofSteps(20_000_000);

  public Budget {
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be positive, was " + steps);
    }
  }

  /** A budget that gives the same verdict on every machine. */
  public static Budget ofSteps(long steps) {
    return new Budget(steps, () -> false);
  }

  /** The same, but it ends as soon as {@code expired} holds. */
  public Budget until(BooleanSupplier expired) {
    return new Budget(steps, expired);
  }
}
