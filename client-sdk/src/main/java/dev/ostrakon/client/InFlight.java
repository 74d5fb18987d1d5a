package dev.ostrakon.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unanswered calls of one stream by their correlation: a place in a table and how often the
 * place was used, so that no correlation comes twice and finding one costs no hash. Confined to one
 * event loop.
 */
final class InFlight {
  private static final int PLACE_BITS = 16;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

  private final int callsMax;
  private @Nullable Call<?>[] calls;
  private long[] correlations;
  private long[] sentNanos;

  /** Free places, a stack. */
  private int[] free;

  private int freeCount;
  private int size;
  private long bytes;
  private long uses;

  /** So many at most, up to 65,536. */
  InFlight(int callsMax) {
    this.callsMax = callsMax;
    int initial = Math.min(callsMax, 64);
    calls = new @Nullable Call<?>[initial];
    correlations = new long[initial];
    sentNanos = new long[initial];
    free = new int[initial];
    for (int place = initial - 1; place >= 0; place--) {
      free[freeCount++] = place;
    }
  }

  int size() {
    return size;
  }

  /** Bytes of the keys and values of all calls. */
  long bytes() {
    return bytes;
  }

  /** When the call with this correlation was sent; meaningless if there is none. */
  long sentNanos(long correlation) {
    int place = (int) correlation & PLACE_MASK;
    return place < sentNanos.length ? sentNanos[place] : 0;
  }

  /** The calls, in no order. */
  List<Call<?>> all() {
    List<Call<?>> present = new ArrayList<>(size);
    for (Call<?> call : calls) {
      if (call != null) {
        present.add(call);
      }
    }
    return present;
  }

  /** The correlation of the call that is added next. */
  long next() {
    if (freeCount == 0) {
      grow();
    }
    return (uses + 1) << PLACE_BITS | free[freeCount - 1];
  }

  /** Adds a call under the {@link #next} correlation, sent now. */
  void add(Call<?> call, long nowNanos) {
    long correlation = next();
    int place = free[--freeCount];
    uses++;
    calls[place] = call;
    correlations[place] = correlation;
    sentNanos[place] = nowNanos;
    size++;
    bytes += call.bytes;
  }

  /** Takes the call with this correlation out; null if there is none (any more). */
  @Nullable Call<?> remove(long correlation) {
    int place = (int) correlation & PLACE_MASK;
    if (place >= calls.length || correlations[place] != correlation) {
      return null;
    }
    Call<?> call = calls[place];
    release(place);
    return call;
  }

  /** Takes all calls out. */
  List<Call<?>> removeAll() {
    List<Call<?>> removed = new ArrayList<>(size);
    for (int place = 0; place < calls.length; place++) {
      Call<?> call = calls[place];
      if (call != null) {
        removed.add(call);
        release(place);
      }
    }
    return removed;
  }

  private void release(int place) {
    Call<?> call = calls[place];
    if (call != null) {
      bytes -= call.bytes;
    }
    calls[place] = null;
    correlations[place] = 0;
    free[freeCount++] = place;
    size--;
  }

  private void grow() {
    int before = calls.length;
    int after = Math.min(callsMax, before * 2);
    if (after == before) {
      throw new IllegalStateException("the table of " + callsMax + " calls is full");
    }
    calls = Arrays.copyOf(calls, after);
    correlations = Arrays.copyOf(correlations, after);
    sentNanos = Arrays.copyOf(sentNanos, after);
    free = new int[after];
    for (int place = after - 1; place >= before; place--) {
      free[freeCount++] = place;
    }
  }
}
