package dev.ostrakon.node.kv;

import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.ServiceError;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets calls in as long as the node is not full and not about to stop. Any thread. */
public final class Admission {
  /** What a client is told to wait that met a full node. */
  private static final int RETRY_AFTER_MILLIS = 20;

  private final int requestsMax;
  private final AtomicInteger admitted = new AtomicInteger();
  private volatile State state = State.STARTING;

  private enum State {
    STARTING,
    OPEN,
    STOPPING
  }

  /**
   * Is closed at first.
   *
   * @param requestsMax calls that may be unanswered
   */
  public Admission(int requestsMax) {
    this.requestsMax = requestsMax;
  }

  /** From now on calls are let in. */
  public void open() {
    state = State.OPEN;
  }

  /** From now on calls are turned away; those inside are answered still. */
  public void close() {
    state = State.STOPPING;
  }

  /** Whether calls are let in, apart from the bound. */
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /** Lets a call in, who is to {@link #leave} then; or says why not. */
  Optional<ServiceError> enter() {
    if (state != State.OPEN) {
      return Optional.of(
          new ServiceError(
              ErrorCode.UNAVAILABLE,
              state == State.STARTING ? "the node is starting" : "the node is about to stop"));
    }
    if (admitted.incrementAndGet() > requestsMax) {
      admitted.decrementAndGet();
      return Optional.of(overloaded("requests", requestsMax));
    }
    return Optional.empty();
  }

  /** A call was answered. */
  void leave() {
    admitted.decrementAndGet();
  }

  /** Calls that are not answered yet. */
  public int count() {
    return admitted.get();
  }

  /** The error of a bound that is reached. */
  static ServiceError overloaded(String what, int max) {
    return ServiceError.overloaded(
        "at most " + max + " " + what + " may be unanswered", RETRY_AFTER_MILLIS);
  }
}
