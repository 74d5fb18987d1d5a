package dev.ostrakon.txn;

import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks participants and keeps time: every call is answered exactly once, at the latest as lost, and
 * every pause ends.
 */
final class Courier {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A fragment beyond this size gets time for its bytes. */
  private static final long LARGE_BYTES = 64 << 10; // 64 KiB

  /** Even a slow group carries so much: 1 MiB a second. */
  private static final long BYTES_PER_MILLI_MIN = 1_049;

  private static final int DOUBLINGS_MAX = 3;

  private record Pause(long dueNanos, long number, Runnable over) implements Comparable<Pause> {
    @Override
    public int compareTo(Pause other) {
      int byTime = Long.compare(dueNanos - other.dueNanos, 0);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final CoordinatorConfig config;
  private final CoordinatorPorts ports;

  /** In the order of their deadlines, for all in one queue have the same time to be answered. */
  private final ArrayDeque<Call> calls = new ArrayDeque<>();

  private final ArrayDeque<Call> awaits = new ArrayDeque<>();

  /** Calls that get more time than others, by their deadlines. */
  private final PriorityQueue<Call> large = new PriorityQueue<>();

  private final PriorityQueue<Pause> pauses = new PriorityQueue<>();
  private long lastPause;
  private long retries;

  Courier(CoordinatorConfig config, CoordinatorPorts ports) {
    this.config = config;
    this.ports = ports;
  }

  long nowNanos() {
    return ports.clock().nowNanos();
  }

  long retries() {
    return retries;
  }

  /** Asks; answers exactly once, possibly before this returns. */
  void ask(Effect.Ask ask, Consumer<ParticipantAnswer> done) {
    boolean isAwait = ask.call().kind() == ParticipantCall.Kind.AWAIT;
    long bytes =
        ask.call() instanceof ParticipantCall.Order order
            ? order.request().transaction().bytes()
            : 0;
    boolean isLarge = bytes > LARGE_BYTES;
    long millis =
        isLarge
            ? largeMillis(bytes, ask.failures())
            : (isAwait ? config.awaitMillis() : config.callMillis());
    long deadlineNanos = nowNanos() + millis * NANOS_PER_MILLI;
    Call call = new Call(deadlineNanos, done);
    (isLarge ? large : isAwait ? awaits : calls).add(call);
    ports.participants().send(ask.group(), ask.call(), deadlineNanos, call::end);
  }

  /**
   * To send a large fragment again only makes its participant slower: it gets time for its bytes,
   * and twice as much after each failure.
   */
  private long largeMillis(long bytes, int failures) {
    long millis = config.callMillis() + bytes / BYTES_PER_MILLI_MIN;
    return millis << Math.min(failures, DOUBLINGS_MAX);
  }

  /** Lets a pause begin that grows with the failures, jittered so that not all come at once. */
  void pause(Effect.Pause pause, Runnable over) {
    retries++;
    long ceiling =
        Math.min(
            config.pauseMaxMillis(),
            config.pauseMinMillis() << Math.min(pause.failures() - 1, Integer.SIZE - 1));
    long half = ceiling * NANOS_PER_MILLI / 2;
    long jittered = half + ports.randomness().below(half + 1);
    long nanos = Math.max(jittered, pause.atLeastMillis() * NANOS_PER_MILLI);
    pauses.add(new Pause(nowNanos() + nanos, ++lastPause, over));
  }

  /** Ends what is over. */
  void tick() {
    long now = nowNanos();
    long lostBefore = now - config.graceMillis() * NANOS_PER_MILLI;
    end(calls, lostBefore);
    end(awaits, lostBefore);
    while (!large.isEmpty()
        && (large.peek().isEnded() || large.peek().deadlineNanos - lostBefore < 0)) {
      large.remove().end(new ParticipantAnswer.Lost());
    }
    while (!pauses.isEmpty() && pauses.peek().dueNanos() - now <= 0) {
      pauses.remove().over().run();
    }
  }

  /** Forgets everything: nothing is answered any more. */
  void stop() {
    calls.clear();
    awaits.clear();
    large.clear();
    pauses.clear();
  }

  private static void end(ArrayDeque<Call> queue, long beforeNanos) {
    while (!queue.isEmpty()
        && (queue.getFirst().isEnded() || queue.getFirst().deadlineNanos - beforeNanos < 0)) {
      queue.removeFirst().end(new ParticipantAnswer.Lost());
    }
  }

  private static final class Call implements Comparable<Call> {
    final long deadlineNanos;
    private @Nullable Consumer<ParticipantAnswer> done;

    Call(long deadlineNanos, Consumer<ParticipantAnswer> done) {
      this.deadlineNanos = deadlineNanos;
      this.done = done;
    }

    @Override
    public int compareTo(Call other) {
      return Long.compare(deadlineNanos - other.deadlineNanos, 0);
    }

    boolean isEnded() {
      return done == null;
    }

    void end(ParticipantAnswer answer) {
      Consumer<ParticipantAnswer> present = done;
      if (present != null) {
        done = null;
        present.accept(answer);
      }
    }
  }
}
