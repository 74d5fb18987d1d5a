package dev.ostrakon.replica;

import java.util.function.Consumer;

/**
 * The way back into a replica from outside: whatever runs through here runs on the owner, not after
 * the replica stopped, has its consequences carried out at the end of the turn, and stops the
 * replica if it fails.
 */
interface Turn {

  void run(Runnable input);

  /** A callback whose success is an input and whose failure stops the replica. */
  <T> Callback<T> callback(Consumer<T> success);
}
