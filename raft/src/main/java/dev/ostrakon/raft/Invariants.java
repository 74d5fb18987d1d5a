package dev.ostrakon.raft;

/** Checks that stay on in production: a replica that violates one stops before it can do harm. */
public final class Invariants {

  private Invariants() {}

  /** Throws {@link InvariantViolation} with this message unless {@code holds}. */
  public static void check(boolean holds, String message) {
    if (!holds) {
      throw new InvariantViolation(message);
    }
  }

  /** The same with the two sides of the comparison that failed. */
  public static void check(boolean holds, String message, long left, long right) {
    if (!holds) {
      throw new InvariantViolation(message + ", were " + left + " and " + right);
    }
  }
}
