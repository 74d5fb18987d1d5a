package dev.ostrakon.checker;

import org.jspecify.annotations.Nullable;

/** What a client was told by an operation on one key that was ok. */
public sealed interface KvOutput {

  /** Nothing, as after a put, or because the operation is not ok. */
  KvOutput NONE = new None();

  /** See {@link #NONE}. */
  record None() implements KvOutput {}

  /**
   * The value that a get found or an increment left.
   *
   * @param text null if there is no value
   */
  record Value(@Nullable String text) implements KvOutput {}

  /** Whether a compare-and-set found what it expected. */
  record Swapped(boolean done) implements KvOutput {}
}
