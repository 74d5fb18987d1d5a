package dev.ostrakon.group;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Refusal;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a {@link ShardFront} says to one call; each call gets exactly one.
 *
 * @param <T> what the call is about
 */
public sealed interface FrontAnswer<T> {
  /** It was done, or refused for good; the value says which. */
  record Done<T>(T value) implements FrontAnswer<T> {}

  /** It was not done, and nothing is remembered of it: it may be done later, here or elsewhere. */
  record Denied<T>(Refusal refusal) implements FrontAnswer<T> {}

  /**
   * This replica does not lead its group: nothing was logged by this call.
   *
   * @param leader where to go, if known
   */
  record NotLeader<T>(Optional<NodeId> leader) implements FrontAnswer<T> {}

  /**
   * Too much is waiting here: nothing was logged by this call.
   *
   * @param retryAfterMillis when it may be worth another try
   */
  record Overloaded<T>(long retryAfterMillis) implements FrontAnswer<T> {}

  /** The deadline passed, and nothing was logged by this call. */
  record DeadlineExceeded<T>() implements FrontAnswer<T> {}

  /**
   * The deadline passed, leadership was lost or the replica stopped while the call was in the log:
   * it may be carried out or not. The same request, sent again, tells.
   */
  record Unknown<T>() implements FrontAnswer<T> {}

  /** The same answer about something else: a value is turned into an answer. */
  default <U> FrontAnswer<U> then(Function<T, FrontAnswer<U>> value) {
    if (this instanceof Done<T> done) {
      return value.apply(done.value());
    }
    if (this instanceof Denied<T> denied) {
      return new Denied<>(denied.refusal());
    }
    if (this instanceof NotLeader<T> elsewhere) {
      return new NotLeader<>(elsewhere.leader());
    }
    if (this instanceof Overloaded<T> overloaded) {
      return new Overloaded<>(overloaded.retryAfterMillis());
    }
    return this instanceof DeadlineExceeded<T> ? new DeadlineExceeded<>() : new Unknown<>();
  }
}
