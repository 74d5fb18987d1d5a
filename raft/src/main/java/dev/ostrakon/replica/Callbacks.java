package dev.ostrakon.replica;

/** Calls {@link Callback}s. */
public final class Callbacks {

  private Callbacks() {}

  /** Completes an operation that has no result. */
  public static void succeed(Callback<Void> callback) {
    callback.succeeded(nothing());
  }

  /** The only value of {@link Void}, of which the type checker does not know that it is null. */
  @SuppressWarnings("NullAway")
  private static Void nothing() {
    return null;
  }
}
