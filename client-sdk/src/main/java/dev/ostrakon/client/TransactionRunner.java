package dev.ostrakon.client;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.v1.SessionRequest;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries every call to its end: routes it, sends it again where that is right, and completes its
 * future. The one place where anything is retried.
 *
 * <p>Confined to one event loop.
 */
final class TransactionRunner {

  /* A sending ends in one of four ways: an answer, a lost stream, its time over, or never having been
   * sent. What each says of the request is noted in `mayHaveHappened`: an answer that says "no effect"
   * speaks of its own sending only, so the note stays once it is made, until an attempt is refused for
   * good (NOT_ORDERED), which speaks of all sendings of that attempt.
   *
   * A write whose note is made can only end well, by a refusal that the group logged under the
   * request's id (NOT_A_NUMBER, NUMBER_OVERFLOW), or as unknown.
   */

  /** Hints followed in a row before a pause: two nodes could point at each other. */
  private static final int HINTS_MAX = 3;

  /** The longest pause while a group has no leader: an election takes little longer. */
  private static final int NO_LEADER_PAUSE_MILLIS_MAX = 40;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** How much longer than a node itself the client waits for its answer. */
  private static final int GRACE_MILLIS = 100;

  private final ClientLoop loop;
  private final ClientConfig config;
  private final int activeMax;
  private final ArrayDeque<Call<?>> waiting = new ArrayDeque<>();
  private final Unresolved unresolved;
  private final UnaryRunner unaryRunner;
  private int active;

  TransactionRunner(ClientLoop loop, int activeMax) {
    this.loop = loop;
    this.config = loop.config();
    this.activeMax = activeMax;
    this.unresolved = new Unresolved(loop.sequences());
    this.unaryRunner = new UnaryRunner(loop, this);
  }

  /** Requests of unknown outcome that somebody may still ask for. */
  Unresolved unresolved() {
    return unresolved;
  }

  /** Whether no call is under way. */
  boolean isIdle() {
    return active == 0;
  }

  /** Begins with a call that was accepted. */
  void begin(Call<?> call) {
    if (loop.isEnded()) {
      call.refuse();
      return;
    }
    loop.timers().set(call, call.deadlineNanos);
    if (active >= activeMax) {
      waiting.add(call);
    } else {
      active++;
      route(call);
    }
  }

  /** Sends a call to whom the present configuration names. */
  <T> void route(Call<T> call) {
    Router router = loop.router();
    if (loop.isEnded()) {
      onEnd(call);
      return;
    }
    if (call instanceof UnaryCall<T> unary && (!call.writes() || router.hasView())) {
      unaryRunner.send(unary);
      return;
    }
    if (!router.hasView()) {
      awaitView(call);
      return;
    }
    T known = call.known(router);
    if (known != null) {
      succeed(call, known);
      return;
    }
    Target target = call.target(router);
    NodeId node = target.isNobody() ? null : router.nodeOf(target.group());
    String address = node == null ? null : router.addressOf(node);
    call.group = target.group();
    call.node = node;
    if (address == null) {
      router.refresh(null);
      if (call.failsUnowned) {
        fail(call, new WrongShardException("the group is not part of the cluster any more", 0));
        return;
      }
      pause(call, new WrongShardException("no group owns the key's slot", 0));
      return;
    }
    call.waiting = Call.Waiting.FOR_ANSWER;
    router.session(address).enqueue(call);
  }

  private void awaitView(Call<?> call) {
    call.waiting = Call.Waiting.FOR_VIEW;
    call.session = null;
    call.node = null;
    loop.timers().set(call, call.deadlineNanos);
    loop.router().await(call);
  }

  /** The request of a call's next sending, without its correlation. */
  SessionRequest.Builder prepare(Call<?> call, long nowNanos, long attemptMillis) {
    SessionRequest.Builder request = call.body();
    if (call.writes()) {
      number(call, nowNanos);
      request.setSequence(call.sequence).setIssuedAt(call.issuedAt.packed());
      if (call.attempt > 1) {
        request.setAttempt(call.attempt);
      }
    }
    return request.setTimeoutMillis(timeoutMillis(call, nowNanos, attemptMillis));
  }

  void number(Call<?> call, long nowNanos) {
    if (call.sequence == Call.NO_SEQUENCE) {
      call.sequence = loop.sequences().take();
      call.issuedAt = loop.clock().now(nowNanos);
    }
  }

  static int timeoutMillis(Call<?> call, long nowNanos, long attemptMillis) {
    long left = (call.deadlineNanos - nowNanos) / NANOS_PER_MILLI;
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.min(left, attemptMillis)));
  }

  /** A call was handed to a stream, which may take so long to answer it. */
  void onSent(Call<?> call, long nowNanos, long attemptMillis) {
    call.isSent = true;
    call.sendings++;
    long attemptNanos = (attemptMillis + GRACE_MILLIS) * NANOS_PER_MILLI;
    loop.timers().set(call, Math.min(call.deadlineNanos, nowNanos + attemptNanos));
  }

  /** A request that no node takes, however often it is sent. */
  void onTooLarge(Call<?> call, int size, int allowed) {
    fail(
        call,
        Failures.of(
            ServiceError.limitExceeded(new ServiceError.Limit("frameBytesMax", allowed, size))));
  }

  /** A call could not be sent at all. */
  void onUnsent(Call<?> call, Throwable cause) {
    suspect(call);
    pause(call, cause);
  }

  /** A stream ended with the call unanswered. */
  void onLost(Call<?> call, Throwable cause) {
    noteUnknown(call);
    suspect(call);
    pause(call, cause);
  }

  /** The node that has the call gives no sign of life: another one is asked, if there is one. */
  void onSilent(Call<?> call, Throwable cause) {
    GroupId group = call.group;
    if (group == null || !loop.router().hasUsableNode(group)) {
      return;
    }
    if (call.isSent) {
      noteUnknown(call);
    }
    call.lastFailure = cause;
    suspect(call);
    if (call.sendings >= config.retry().sendingsMax()) {
      fail(call, Failures.exhausted(call));
      return;
    }
    unsend(call);
    loop.timers().set(call, call.deadlineNanos);
    route(call);
  }

  private void suspect(Call<?> call) {
    GroupId group = call.group;
    NodeId node = call.node;
    if (group != null && node != null) {
      loop.router().suspect(group, node);
    }
  }

  static void noteUnknown(Call<?> call) {
    call.mayHaveHappened |= call.writes();
  }

  /** The timer of a call rang. */
  void onTime(Call<?> call, long nowNanos) {
    if (nowNanos >= call.deadlineNanos) {
      if (call.isSent) {
        noteUnknown(call);
      }
      KvException failure = Failures.overdue(call, loop.router().lastFailure());
      if (call.waiting == Call.Waiting.FOR_ANSWER) {
        call.addAttempt(new UnavailableException("did not answer in time", null));
      }
      fail(call, failure);
      return;
    }
    switch (call.waiting) {
      case FOR_PAUSE -> {
        loop.timers().set(call, call.deadlineNanos);
        route(call);
      }
      case FOR_ANSWER -> onOverdue(call);
      case FOR_TURN, FOR_VIEW -> loop.timers().set(call, call.deadlineNanos);
    }
  }

  private void onOverdue(Call<?> call) {
    if (call.isSent) {
      call.givenUp++;
      if (call instanceof UnaryCall<?> unary) {
        unary.leaveAddress();
      }
      noteUnknown(call);
      suspect(call);
      pause(call, new UnavailableException("node " + call.node + " did not answer in time", null));
    } else {
      loop.timers().set(call, call.deadlineNanos);
    }
  }

  /**
   * An answer came.
   *
   * @param answer null if it could not be understood
   * @param isPresent whether it is to the present sending, and not to an earlier one
   */
  void onAnswer(Call<?> call, @Nullable KvAnswer answer, boolean isPresent) {
    if (answer == null) {
      if (isPresent) {
        onNonsense(call, "an answer could not be understood");
      }
    } else if (answer instanceof KvAnswer.Failed failed) {
      if (isPresent) {
        onError(call, failed.error());
      }
    } else {
      onSuccess(call, answer, isPresent);
    }
  }

  private <T> void onSuccess(Call<T> call, KvAnswer answer, boolean isPresent) {
    GroupId group = call.group;
    NodeId node = call.node;
    if (isPresent && group != null && node != null) {
      loop.router().confirm(group, node);
    }
    T value;
    try {
      value = call.read(answer);
    } catch (NotTextException e) {
      call.isAnswered = true;
      finish(call);
      loop.fail(call, e);
      return;
    } catch (RuntimeException e) {
      onNonsense(call, "an answer does not fit its request: " + e);
      return;
    }
    succeed(call, value);
  }

  <T> void succeed(Call<T> call, T value) {
    call.isAnswered = true;
    finish(call);
    loop.complete(call, value);
  }

  private void onNonsense(Call<?> call, String what) {
    noteUnknown(call);
    fail(call, new UnavailableException(what, null));
  }

  void onError(Call<?> call, ServiceError error) {
    KvException failure = Failures.of(error);
    call.addAttempt(failure);
    switch (error.code()) {
      case NOT_LEADER -> onNotLeader(call, error);
      case WRONG_GROUP -> {
        leaveAttempt(call);
        onWrongGroup(call, error);
      }
      case OVERLOADED -> onOverloaded(call, error);
      case CLOCK_SKEW -> {
        leaveAttempt(call);
        suspect(call);
        goOnLater(call, 0);
      }
      case UNAVAILABLE -> {
        suspect(call);
        goOnLater(call, 0);
      }
      case NOT_ORDERED -> {
        call.attempt++;
        call.mayHaveHappened = call.mayHaveHappenedBefore;
        goOnLater(call, 0);
      }
      case OUTCOME_UNKNOWN -> {
        noteUnknown(call);
        goOnLater(call, 0);
      }
      case DEADLINE_EXCEEDED -> goOnLater(call, 0);
      case WINDOW_PASSED, INTERNAL -> {
        noteUnknown(call);
        fail(call, failure);
      }
      case NOT_A_NUMBER, NUMBER_OVERFLOW, RESULTS_LOST -> {
        call.mayHaveHappened = false; // What became of it is known for good.
        fail(call, failure);
      }
      case LIMIT_EXCEEDED,
          INVALID,
          UNSUPPORTED,
          WRONG_CLUSTER,
          WIRE_FORMAT,
          GROUP_EXISTS,
          UNKNOWN_GROUP,
          UNKNOWN_SLOT,
          UNKNOWN_NODE,
          UNKNOWN_CONFIGURATION ->
          fail(call, failure);
    }
  }

  private void onNotLeader(Call<?> call, ServiceError error) {
    GroupId group = call.group;
    NodeId node = call.node;
    boolean isHinted =
        call instanceof UnaryCall<?> unary
            ? unary.address != null
            : group != null
                && node != null
                && loop.router().onNotLeader(group, node, error.detail());
    if (isHinted && call.hints < HINTS_MAX && call.sendings < config.retry().sendingsMax()) {
      call.hints++;
      unsend(call);
      route(call);
    } else {
      goOnLater(call, 0, Math.min(config.retry().backoffMaxMillis(), NO_LEADER_PAUSE_MILLIS_MAX));
    }
  }

  /**
   * A transaction may be refused in a group's log for such a reason, and then that attempt is
   * refused for ever. The next one is always safe: a group that has carried out an earlier one says
   * so. What is noted of earlier sendings stays, for the error speaks of this one only.
   */
  private static void leaveAttempt(Call<?> call) {
    call.attempt++;
    call.mayHaveHappenedBefore |= call.mayHaveHappened;
  }

  private void onWrongGroup(Call<?> call, ServiceError error) {
    Session asked = call.session;
    if (error.detail() instanceof ServiceError.NewestConfiguration newest
        && loop.router().isNews(newest.number())
        && call.hints < HINTS_MAX) {
      call.hints++;
      unsend(call);
      loop.router().refresh(asked == null ? null : asked.address());
      awaitView(call);
    } else {
      loop.router().refresh(null);
      goOnLater(call, 0);
    }
  }

  private void onOverloaded(Call<?> call, ServiceError error) {
    int least = error.detail() instanceof ServiceError.RetryAfter after ? after.millis() : 0;
    goOnLater(call, least);
  }

  /** The present sending failed: sends the call again after a pause, if there is time. */
  void pause(Call<?> call, Throwable cause) {
    if (!call.isCompleted) {
      call.addAttempt(cause);
      goOnLater(call, 0);
    }
  }

  private void goOnLater(Call<?> call, int leastMillis) {
    goOnLater(call, leastMillis, config.retry().backoffMaxMillis());
  }

  /**
   * Sends a call again after a pause, if there is time and it was not sent too often.
   *
   * @param leastMillis what a node asked for
   * @param mostMillis what the back-off may grow to
   */
  private void goOnLater(Call<?> call, int leastMillis, int mostMillis) {
    if (call.isCompleted) {
      return;
    }
    if (loop.isEnded()) {
      onEnd(call);
      return;
    }
    if (call.sendings >= config.retry().sendingsMax()) {
      fail(call, Failures.exhausted(call));
      return;
    }
    ClientConfig.Retry retry = config.retry();
    long millis =
        Math.max(
            leastMillis,
            BackOff.millis(
                Math.min(retry.backoffMinMillis(), mostMillis),
                mostMillis,
                call.pauses,
                loop.random()));
    call.pauses++;
    call.hints = 0;
    unsend(call);
    call.waiting = Call.Waiting.FOR_PAUSE;
    loop.timers()
        .set(call, Math.min(call.deadlineNanos, loop.nowNanos() + millis * NANOS_PER_MILLI));
  }

  private static void unsend(Call<?> call) {
    call.session = null;
    call.isSent = false;
  }

  /** Ends the calls that wait for their turn. */
  void end() {
    List<Call<?>> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(this::onEnd);
  }

  /** The client is closed. */
  void onEnd(Call<?> call) {
    if (call.isCompleted) {
      return;
    }
    if (call.isSent) {
      noteUnknown(call);
    }
    fail(call, new ClientClosedException("the client was closed"));
  }

  private void fail(Call<?> call, KvException cause) {
    if (call.isCompleted) {
      return;
    }
    KvException failure = cause;
    if (call.mayHaveHappened && !(cause instanceof CommitUnknownException)) {
      failure =
          new CommitUnknownException(
              "the outcome of request " + loop.requestId(call.sequence) + " is unknown",
              call.asLost(),
              cause);
    }
    CallReport report = call.report();
    finish(call);
    loop.fail(call, failure.with(report));
  }

  private void finish(Call<?> call) {
    boolean wasActive = call.waiting != Call.Waiting.FOR_TURN;
    call.isCompleted = true;
    loop.timers().cancel(call);
    loop.admission().leave(call.bytes);
    if (call.sequence != Call.NO_SEQUENCE) {
      if (call.mayHaveHappened && !call.isAnswered) {
        unresolved.add(call.asLost(), loop.nowNanos());
      } else {
        loop.sequences().settle(call.sequence);
      }
    }
    if (wasActive) {
      active--;
    }
    beginNext();
  }

  private void beginNext() {
    while (active < activeMax && !waiting.isEmpty() && !loop.isEnded()) {
      Call<?> next = waiting.remove();
      if (!next.isCompleted) {
        active++;
        route(next);
      }
    }
  }
}
