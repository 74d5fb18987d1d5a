package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.function.Consumer;

/**
 * What a group replicates. Deterministic: the same entries give the same state and the same results
 * on every replica.
 *
 * @param <R> the result of one command
 */
public interface StateMachine<R> {

  /**
   * The state store now holds the state of this point (at the start, or after a snapshot was
   * installed): whatever was kept in memory besides is void.
   */
  void restored(SnapshotMetadata at);

  /**
   * Applies one committed command. The next one is handed over only after {@code done} was called,
   * which may happen before this method returns.
   */
  void apply(LogEntry entry, Consumer<R> done);

  /**
   * Whether this version of the state machine can apply a command. A look at its version only: it
   * is asked for every entry before that is logged, and one that cannot be applied would stop the
   * replica at every start. What is of a known version and makes no sense is refused when applied.
   */
  default boolean isReadable(Bytes command) {
    return true;
  }

  /** Looks at a snapshot that arrives. By default its rows may hold anything. */
  default SnapshotCheck snapshotCheck() {
    return SnapshotCheck.NONE;
  }

  /** A checkpoint is about to be taken: write to the state store what was kept in memory only. */
  void beforeCheckpoint();
}
