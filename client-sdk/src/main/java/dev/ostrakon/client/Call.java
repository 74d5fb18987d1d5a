package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.v1.SessionRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of a user from its acceptance to its completion, over all its sendings. Made on any
 * thread, then confined to an event loop; it is also the loop's task that begins it, and its timer.
 */
abstract class Call<T> extends TimerWheel.Entry {
  /** What a call that only reads has for a sequence. */
  static final long NO_SEQUENCE = 0;

  final ClientLoop loop;
  final long deadlineNanos;
  final int bytes;
  final CompletableFuture<T> future;
  final long startNanos;

  /** Who failed to answer it so far; null if nobody. */
  private @Nullable Attempts attempts;

  /** A part of a larger call: its future completes on the event loop in any case. */
  boolean isInternal;

  /** Fails at once if no group owns what it asks for, rather than waiting for one. */
  boolean failsUnowned;

  boolean isCompleted;
  long sequence = NO_SEQUENCE;
  int attempt = 1;
  HybridTimestamp issuedAt = HybridTimestamp.ZERO;

  /** Sendings so far. */
  int sendings;

  /** Sendings whose time was over. */
  int givenUp;

  /** Failures in a row that called for a pause. */
  int pauses;

  /** Sendings in a row that were sent on by a hint. */
  int hints;

  /** A sending of the present attempt may have had, or may yet have, an effect. */
  boolean mayHaveHappened;

  /** The same of an earlier attempt that nobody asks about any more. */
  boolean mayHaveHappenedBefore;

  /** Where the present sending waits for its turn or its answer; null while there is none. */
  @Nullable Session session;

  /** Names the present sending on its stream. */
  long correlation;

  /** The present sending was handed to the stream. */
  boolean isSent;

  /** Whom the present sending goes to. */
  @Nullable NodeId node;

  /** The group that the present sending is for. */
  @Nullable GroupId group;

  /** It has ended in a way that leaves nothing to ask for. */
  boolean isAnswered;

  /** Why the last sending failed; null if none has. */
  @Nullable Throwable lastFailure;

  /** What the timer is for. */
  Waiting waiting = Waiting.FOR_TURN;

  /** What a call waits for. */
  enum Waiting {
    /** Accepted, beyond the bound of what is under way. */
    FOR_TURN,
    /** For the cluster's configuration. */
    FOR_VIEW,
    /** For a stream, or for an answer. */
    FOR_ANSWER,
    /** For the end of a pause. */
    FOR_PAUSE
  }

  Call(ClientLoop loop, long deadlineNanos, int bytes) {
    this.loop = loop;
    this.startNanos = loop.nowNanos();
    this.deadlineNanos = deadlineNanos;
    this.bytes = bytes;
    this.future = loop.newFuture();
  }

  /** Whether it is to be logged and carried out once. */
  abstract boolean writes();

  /** The part of the request that is the same for all sendings. */
  abstract SessionRequest.Builder body();

  /** Who is to be asked, by the present configuration; empty group if nobody owns the keys. */
  abstract Target target(Router router);

  /** Every key that it names. */
  abstract List<Key> keys();

  /**
   * What the future gets for an answer that is no failure.
   *
   * @throws ClassCastException if the answer is of another kind than asked for
   */
  abstract T read(KvAnswer answer);

  /** What the call gives without asking anybody; null if somebody must be asked. */
  @Nullable T known(Router router) {
    return null;
  }

  /** Whom the present sending goes to, for people; null if to nobody. */
  @Nullable String asked() {
    NodeId known = node;
    if (known == null) {
      return null;
    }
    String address = loop.router().addressOf(known);
    return address == null ? known.name() : known.name() + "=" + address;
  }

  /** The present sending failed. */
  void addAttempt(Throwable cause) {
    lastFailure = cause;
    String name = asked();
    if (name != null) {
      Attempts all = attempts == null ? new Attempts() : attempts;
      attempts = all;
      all.add(name, cause);
    }
  }

  /** What it went through so far. */
  CallReport report() {
    GroupId last = group == null ? GroupId.CONTROLLER : group;
    Attempts own = attempts;
    return new CallReport(
        last,
        own == null ? loop.router().unanswered() : own.toList(),
        (loop.nowNanos() - startNanos) / 1_000_000);
  }

  LostRequest asLost() {
    return new LostRequest(loop.requestId(sequence), issuedAt, keys());
  }

  @Override
  void run() {
    loop.runner().begin(this);
  }

  @Override
  void refuse() {
    loop.admission().leave(bytes);
    loop.fail(this, new ClientClosedException("the client is closed"));
  }

  @Override
  void onTime(long nowNanos) {
    loop.runner().onTime(this, nowNanos);
  }

  @Override
  void onEnd() {
    loop.runner().onEnd(this);
  }
}
