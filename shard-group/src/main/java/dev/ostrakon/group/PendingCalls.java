package dev.ostrakon.group;

import dev.ostrakon.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All calls of one kind that wait for an answer. Bounded. */
final class PendingCalls {
  private final int capacity;
  private @Nullable PendingCall<?> first;
  private int size;
  private long bytes;

  /** Not later than any deadline of a call in here; of no meaning while there is none. */
  private long earliestNanos;

  PendingCalls(int capacity) {
    this.capacity = capacity;
  }

  int size() {
    return size;
  }

  /** What the calls in here keep of the heap, as was said when they came. */
  long bytes() {
    return bytes;
  }

  boolean isFull() {
    return size >= capacity;
  }

  /** Whether calls of so many bytes together are not too much; one is always taken. */
  boolean hasRoom(long more, long bytesMax) {
    return size == 0 || bytes + more <= bytesMax;
  }

  /** Takes a call, even if that is one too many: ask {@link #isFull} before. */
  <T> PendingCall<T> add(long deadlineNanos, Consumer<FrontAnswer<T>> done) {
    return add(0, deadlineNanos, done);
  }

  /** Takes a call that keeps so many bytes of the heap. */
  <T> PendingCall<T> add(long callBytes, long deadlineNanos, Consumer<FrontAnswer<T>> done) {
    PendingCall<T> call = new PendingCall<>(this, callBytes, deadlineNanos, done);
    bytes += callBytes;
    call.next = first;
    if (first != null) {
      first.previous = call;
    }
    first = call;
    if (size == 0 || deadlineNanos - earliestNanos < 0) {
      earliestNanos = deadlineNanos;
    }
    size++;
    return call;
  }

  void remove(PendingCall<?> call) {
    PendingCall<?> before = call.previous;
    PendingCall<?> after = call.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    call.previous = null;
    call.next = null;
    size--;
    bytes -= call.bytes;
  }

  /** Ends those whose deadline has passed; returns whether there were any. */
  boolean expire(long nowNanos) {
    if (size == 0 || nowNanos - earliestNanos < 0) {
      return false;
    }
    List<PendingCall<?>> late = new ArrayList<>();
    long earliest = Long.MAX_VALUE;
    for (PendingCall<?> call = first; call != null; call = call.next) {
      if (nowNanos - call.deadlineNanos >= 0) {
        late.add(call);
      } else {
        earliest = Math.min(earliest, call.deadlineNanos);
      }
    }
    earliestNanos = earliest;
    late.forEach(PendingCall::endLate);
    return !late.isEmpty();
  }

  /** Ends all: this replica does not lead any more. */
  void endAll(Optional<NodeId> leader) {
    List<PendingCall<?>> all = new ArrayList<>(size);
    for (PendingCall<?> call = first; call != null; call = call.next) {
      all.add(call);
    }
    all.forEach(call -> call.endWithoutLeader(leader));
  }
}
