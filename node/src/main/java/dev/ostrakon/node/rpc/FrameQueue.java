package dev.ostrakon.node.rpc;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What one stream says on its way out: in frames of bounded size, of which so many bytes may not
 * have been taken by the connection; the rest waits as it is, which shares its values with whoever
 * else holds them. Confined to the event loop of its stream.
 *
 * @param <E> what frames are made of
 */
public final class FrameQueue<E> {
  private static final int FRAME_BYTES_MAX = 256 << 10; // 256 KiB
  private static final int UNSENT_BYTES_MAX = 1 << 20; // 1 MiB

  private final Function<List<E>, Future<Void>> writer;
  private final Runnable taken;
  private final ArrayDeque<Sized<E>> queue = new ArrayDeque<>();
  private long heldBytes;
  private long unsentBytes;
  private boolean isClosed;

  private record Sized<E>(E element, long bytes) {}

  /**
   * Nothing waits.
   *
   * @param writer writes one frame; the future ends when the connection has taken it
   * @param taken called when the connection has taken something
   */
  public FrameQueue(Function<List<E>, Future<Void>> writer, Runnable taken) {
    this.writer = writer;
    this.taken = taken;
  }

  /** Adds an element of about so many bytes; it leaves with the next {@link #flush} at best. */
  public void add(E element, long bytes) {
    if (!isClosed) {
      queue.add(new Sized<>(element, bytes));
      heldBytes += bytes;
    }
  }

  /** Writes what the connection takes at present. */
  public void flush() {
    while (!isClosed && !queue.isEmpty() && unsentBytes < UNSENT_BYTES_MAX) {
      List<E> frame = new ArrayList<>();
      long bytes = 0;
      while (!queue.isEmpty()
          && (bytes == 0 || bytes + queue.element().bytes() <= FRAME_BYTES_MAX)) {
        Sized<E> next = queue.remove();
        frame.add(next.element());
        bytes += next.bytes();
      }
      long written = bytes;
      heldBytes -= written;
      unsentBytes += written;
      writer.apply(frame).onComplete(done -> onTaken(written));
    }
  }

  private void onTaken(long bytes) {
    unsentBytes -= bytes;
    if (!isClosed) {
      flush();
      taken.run();
    }
  }

  /** Bytes of what is not written yet. */
  public long heldBytes() {
    return heldBytes;
  }

  /** Bytes of all that the connection has not taken. */
  public long bytes() {
    return heldBytes + unsentBytes;
  }

  /** Drops what waits; nothing is written from now on. */
  public void close() {
    isClosed = true;
    queue.clear();
    heldBytes = 0;
  }
}
