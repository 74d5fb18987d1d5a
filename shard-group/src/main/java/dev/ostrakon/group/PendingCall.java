package dev.ostrakon.group;

import dev.ostrakon.model.NodeId;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for an answer. Whatever ends it first counts, so it is answered exactly once.
 */
final class PendingCall<T> {
  final long deadlineNanos;
  final long bytes;
  private final PendingCalls owner;
  private @Nullable Consumer<FrontAnswer<T>> done;

  /** Whether the log may hold what the call is about. */
  private boolean isLogged;

  @Nullable PendingCall<?> previous;
  @Nullable PendingCall<?> next;

  PendingCall(PendingCalls owner, long bytes, long deadlineNanos, Consumer<FrontAnswer<T>> done) {
    this.owner = owner;
    this.bytes = bytes;
    this.deadlineNanos = deadlineNanos;
    this.done = done;
  }

  boolean isEnded() {
    return done == null;
  }

  /** From now on the log may hold it. */
  void logged() {
    isLogged = true;
  }

  void end(FrontAnswer<T> answer) {
    Consumer<FrontAnswer<T>> waiting = done;
    if (waiting != null) {
      done = null;
      owner.remove(this);
      waiting.accept(answer);
    }
  }

  void endLate() {
    end(isLogged ? new FrontAnswer.Unknown<>() : new FrontAnswer.DeadlineExceeded<>());
  }

  void endWithoutLeader(Optional<NodeId> leader) {
    end(isLogged ? new FrontAnswer.Unknown<>() : new FrontAnswer.NotLeader<>(leader));
  }
}
