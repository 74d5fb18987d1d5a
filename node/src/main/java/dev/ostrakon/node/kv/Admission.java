package dev.ostrakon.node.kv;

import dev.ostrakon.node.cluster.Gate;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.ServiceError;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Lets calls in as long as the node is not full and not about to stop. Any thread. */
public final class Admission {
  /** What a client is told to wait that met a full node. */
  private static final int RETRY_AFTER_MILLIS = 20;

  /** The same for one that met as many sessions as there may be, which last longer. */
  private static final int SESSION_RETRY_AFTER_MILLIS = 1_000;

  private final Gate requests;
  private final Gate sessions;
  private final LongAdder sessionsRefused = new LongAdder();
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
   * @param sessionsMax sessions that may be open
   */
  public Admission(int requestsMax, int sessionsMax) {
    this.requests = new Gate(requestsMax);
    this.sessions = new Gate(sessionsMax);
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
    return requests.tryEnter()
        ? Optional.empty()
        : Optional.of(overloaded("requests", requests.max()));
  }

  /** A call was answered. */
  void leave() {
    requests.leave();
  }

  /** Calls that are not answered yet. */
  public int count() {
    return requests.count();
  }

  /** Lets a session in, which is to {@link #leaveSession} then; or says why not. */
  Optional<ServiceError> enterSession() {
    if (sessions.tryEnter()) {
      return Optional.empty();
    }
    sessionsRefused.increment();
    return Optional.of(
        ServiceError.overloaded(
            "at most " + sessions.max() + " sessions may be open (sessions-max)",
            SESSION_RETRY_AFTER_MILLIS));
  }

  /** Whether no further session is let in. */
  public boolean isFullOfSessions() {
    return sessions.count() >= sessions.max();
  }

  /** How many sessions may be open. */
  public int sessionsMax() {
    return sessions.max();
  }

  /** Sessions that were not let in. */
  public long sessionsRefused() {
    return sessionsRefused.sum();
  }

  /** A session has ended. */
  void leaveSession() {
    sessions.leave();
  }

  /** The error of a bound that is reached. */
  static ServiceError overloaded(String what, int max) {
    return ServiceError.overloaded(
        "at most " + max + " " + what + " may be unanswered", RETRY_AFTER_MILLIS);
  }
}
