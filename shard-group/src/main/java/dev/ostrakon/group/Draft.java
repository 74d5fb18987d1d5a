package dev.ostrakon.group;

import dev.ostrakon.group.queue.Escrow;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Value;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A key on its way through a branch.
 *
 * <p>Appends gather in a buffer that doubles, so that their cost is linear in their bytes; the
 * value is made of it when somebody asks.
 */
final class Draft {
  private final @Nullable StoredValue before;
  private @Nullable StoredValue now;
  private boolean isChanged;

  /** The value with room for more; null unless it was appended to twice in a row. */
  private byte @Nullable [] buffer;

  private int bufferBytes;
  private boolean isAppended;

  /** Whether {@link #buffer} has more than {@link #now}. */
  private boolean isBehind;

  /** For a key that is only added to: the sum of the deltas, and how far it ever was. */
  private long delta;

  private Escrow.@Nullable Reach reach;

  Draft(@Nullable StoredValue before) {
    this.before = before;
    this.now = before;
  }

  @Nullable StoredValue before() {
    return before;
  }

  boolean isChanged() {
    return isChanged;
  }

  boolean isAbsent() {
    return now == null;
  }

  long delta() {
    return delta;
  }

  Escrow.@Nullable Reach reach() {
    return reach;
  }

  /** Size of the value; costs nothing. */
  int size() {
    if (isBehind) {
      return bufferBytes;
    }
    return now == null ? 0 : now.size();
  }

  /** The value; null if there is none. Copies what was appended since it was last asked for. */
  @Nullable StoredValue now() {
    byte[] appended = buffer;
    StoredValue known = now;
    if (isBehind && appended != null && known != null) {
      byte[] bytes = Arrays.copyOf(appended, bufferBytes);
      now = new StoredValue(new Value(ByteString.wrap(bytes)), known.version());
      isBehind = false;
    }
    return now;
  }

  /** The number that the value is: 0 if there is no value, empty if it is none. */
  OptionalLong number() {
    if (size() > Value.NUMBER_CHARACTERS_MAX) {
      return OptionalLong.empty();
    }
    StoredValue value = now();
    return value == null ? OptionalLong.of(0) : value.asNumber();
  }

  void set(StoredValue value) {
    replace(value);
    isChanged = true;
  }

  void delete() {
    isChanged |= now != null;
    replace(null);
  }

  /**
   * Appends to a value that is there.
   *
   * @param bytesMax what the value may grow to; the caller has checked this append
   */
  void append(byte[] tail, HybridTimestamp version, int bytesMax) {
    StoredValue value = now;
    if (value == null) {
      throw new IllegalStateException("there is a value to append to");
    }
    int size = size() + tail.length;
    if (!isAppended) {
      byte[] whole = Arrays.copyOf(value.value().bytes().sharedArray(), size);
      System.arraycopy(tail, 0, whole, size - tail.length, tail.length);
      set(new StoredValue(new Value(ByteString.wrap(whole)), version));
      isAppended = true;
      return;
    }
    byte[] room = roomFor(size, value, bytesMax);
    System.arraycopy(tail, 0, room, size - tail.length, tail.length);
    bufferBytes = size;
    isBehind = true;
    isChanged = true;
  }

  private byte[] roomFor(int size, StoredValue value, int bytesMax) {
    byte[] room = buffer;
    if (room == null || room.length < size) {
      byte[] present = room == null ? value.value().bytes().sharedArray() : room;
      room = Arrays.copyOf(present, (int) Math.max(size, Math.min(2L * size, bytesMax)));
      buffer = room;
    }
    return room;
  }

  /** Adds commute here, and the deltas come to this so far. */
  void add(long sum) {
    delta = sum;
    isChanged = true;
    Escrow.Reach here = new Escrow.Reach(Math.min(0, sum), Math.max(0, sum));
    reach = reach == null ? here : reach.and(here);
  }

  private void replace(@Nullable StoredValue value) {
    now = value;
    buffer = null;
    bufferBytes = 0;
    isAppended = false;
    isBehind = false;
  }
}
