package dev.ostrakon.node.rpc;

import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the calls of one event loop share: the room for what they send, and who is late. Confined to
 * that loop.
 */
public final class RpcLoop {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Vertx vertx;
  private final RpcLimits limits;
  private final RpcCounters counters;
  private final ByteBudget small;
  private final ByteBudget large;

  /** Calls whose next message has not arrived as a whole, the longest first. */
  private final Set<RpcCall<?, ?>> unfinished = new LinkedHashSet<>();

  /** Calls that are not read at present. */
  private final Set<RpcCall<?, ?>> paused = new LinkedHashSet<>();

  /** Calls that were answered and still send, the longest first. */
  private final Set<RpcCall<?, ?>> ignored = new LinkedHashSet<>();

  /** Responses of which something was not taken when they were last looked at. */
  private final Set<RpcResponse<?, ?>> unsent = new LinkedHashSet<>();

  private long unsentBytes;
  private int calls;

  /**
   * Nothing is served yet.
   *
   * @param counters may be shared by the loops of a node
   */
  public RpcLoop(Vertx vertx, RpcLimits limits, RpcCounters counters) {
    this.vertx = vertx;
    this.limits = limits;
    this.counters = counters;
    this.small = new ByteBudget(limits.unfinishedBytesMax());
    this.large = new ByteBudget(limits.unfinishedBytesMax());
  }

  /** Runs a task in a later turn. */
  void later(Runnable task) {
    vertx.runOnContext(turn -> task.run());
  }

  RpcLimits limits() {
    return limits;
  }

  RpcCounters counters() {
    return counters;
  }

  /** Whether one more call may be open, which is to {@link #closed} then. */
  boolean tryOpen() {
    if (calls >= limits.callsMax()) {
      return false;
    }
    calls++;
    counters.calls.increment();
    return true;
  }

  /** A call's stream is over. */
  void closed() {
    calls--;
    counters.calls.decrement();
  }

  /** The room for a message of this size. */
  ByteBudget budget(long bytes) {
    return bytes > RpcLimits.LARGE_BYTES ? large : small;
  }

  /** A message does not take its room any more, or does not wait for it any more. */
  void release(ByteBudget.Claim room) {
    counters.unfinishedBytes.add(-room.bytes());
    room.release();
  }

  void addUnfinished(RpcCall<?, ?> call) {
    unfinished.add(call);
  }

  void removeUnfinished(RpcCall<?, ?> call) {
    unfinished.remove(call);
  }

  void addPaused(RpcCall<?, ?> call) {
    paused.add(call);
  }

  void removePaused(RpcCall<?, ?> call) {
    paused.remove(call);
  }

  void addIgnored(RpcCall<?, ?> call) {
    ignored.add(call);
  }

  /** So many bytes more were written and not taken, or fewer if negative. */
  void addUnsent(RpcResponse<?, ?> response, long bytes) {
    unsentBytes += bytes;
    counters.unsentBytes.add(bytes);
    if (bytes > 0) {
      unsent.add(response);
    }
  }

  void remove(RpcCall<?, ?> call) {
    unfinished.remove(call);
    paused.remove(call);
    ignored.remove(call);
  }

  /** Ends what is late or takes too much room; to be called often. */
  public void tick() {
    long nowNanos = System.nanoTime();
    endUnsent(nowNanos);
    if (unfinished.isEmpty() && paused.isEmpty() && ignored.isEmpty()) {
      return;
    }
    endLate(nowNanos);
    endContested(small, nowNanos);
    endContested(large, nowNanos);
    endUnread();
  }

  private void endLate(long nowNanos) {
    long limitNanos = limits.messageMillis() * NANOS_PER_MILLI;
    List<RpcCall<?, ?>> late = new ArrayList<>();
    for (RpcCall<?, ?> call : unfinished) {
      if (nowNanos - call.sinceNanos() <= limitNanos) {
        break;
      }
      late.add(call);
    }
    late.forEach(call -> call.onLate(limits.messageMillis()));
    List<RpcCall<?, ?>> deaf = new ArrayList<>();
    for (RpcCall<?, ?> call : ignored) {
      if (nowNanos - call.sinceNanos() <= limitNanos) {
        break;
      }
      deaf.add(call);
    }
    deaf.forEach(RpcCall::reset);
  }

  /** Whoever has held room the longest makes way, if somebody waits for too long. */
  private void endContested(ByteBudget budget, long nowNanos) {
    long limitNanos = limits.contestedMillis() * NANOS_PER_MILLI;
    if (nowNanos - budget.waitingSinceNanos(nowNanos) <= limitNanos) {
      return;
    }
    Optional<RpcCall<?, ?>> oldest =
        Stream.concat(paused.stream(), unfinished.stream())
            .filter(call -> call.holds(budget))
            .findFirst();
    oldest
        .filter(call -> nowNanos - call.sinceNanos() > limitNanos)
        .ifPresent(
            call ->
                call.refuse(
                    GrpcStatus.RESOURCE_EXHAUSTED,
                    "other messages wait for the room of this one, which was not complete after "
                        + limits.contestedMillis()
                        + " ms"));
  }

  private void endUnread() {
    long unread = 0;
    for (RpcCall<?, ?> call : paused) {
      unread += call.unreadBytes();
    }
    while (unread > limits.unreadBytesMax()) {
      RpcCall<?, ?> most =
          paused.stream().max(Comparator.comparingLong(RpcCall::unreadBytes)).orElseThrow();
      unread -= most.unreadBytes();
      most.refuse(
          GrpcStatus.RESOURCE_EXHAUSTED,
          "more is sent than answers are read, and others need the room");
      most.reset();
    }
  }

  private void endUnsent(long nowNanos) {
    unsent.removeIf(response -> response.unsentBytes() == 0);
    boolean isWanted = counters.areAnswersWantedRead();
    if (unsentBytes <= limits.unsentBytesMax() && !isWanted) {
      return;
    }
    long limitNanos = limits.contestedMillis() * NANOS_PER_MILLI;
    List<RpcResponse<?, ?>> stalled =
        unsent.stream()
            .filter(response -> nowNanos - response.progressNanos() > limitNanos)
            .sorted(
                Comparator.<RpcResponse<?, ?>>comparingLong(RpcResponse::unsentBytes).reversed())
            .toList();
    long over = Math.max(isWanted ? 1 : 0, unsentBytes - limits.unsentBytesMax());
    for (RpcResponse<?, ?> response : stalled) {
      if (over > 0) {
        over -= response.unsentBytes();
        counters.refused.increment();
        response.cancel();
      }
    }
  }
}
