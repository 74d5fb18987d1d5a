package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StateStore.ScanRequest;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.env.Cursor;
import org.jspecify.annotations.Nullable;

/** The rows of one range, ascending: what memory and disk know of it, the newer one counts. */
final class RangeRows {

  private final Bytes to;

  /** From here on rows must not go: the copied changes end here. Empty for no such end. */
  private final Bytes barrier;

  /** From the newest to the oldest. */
  private final List<Source> sources;

  private @Nullable Bytes key;
  private Bytes value = Overlay.ABSENT;

  RangeRows(
      ScanRequest range,
      Overlay.Part newest,
      Iterator<Map.Entry<Bytes, Bytes>> older,
      Cursor disk) {
    this.to = range.to();
    this.barrier = newest.end();
    this.sources =
        List.of(
            new MapSource(newest.changes().entrySet().iterator()),
            new MapSource(older),
            new DiskSource(disk, range));
    advance();
  }

  /** The present row's key, or null at the end of the range or at the barrier. */
  @Nullable Bytes key() {
    return key;
  }

  /** The present row's value. */
  Bytes value() {
    return value;
  }

  /** Where the range goes on once {@link #key} is null; empty if it does not. */
  Bytes barrier() {
    return barrier;
  }

  void advance() {
    do {
      key = nextKey();
      value = key == null ? Overlay.ABSENT : take(key);
    } while (key != null && Overlay.isAbsent(value));
  }

  private @Nullable Bytes nextKey() {
    Bytes least = null;
    for (Source source : sources) {
      Bytes candidate = source.key();
      if (candidate != null && (least == null || candidate.compareTo(least) < 0)) {
        least = candidate;
      }
    }
    return least == null || isBeyond(least, to) || isBeyond(least, barrier) ? null : least;
  }

  /** The newest value of the key; moves every source that has it. */
  private Bytes take(Bytes taken) {
    Bytes newest = null;
    for (Source source : sources) {
      Bytes found = source.key();
      if (found != null && found.equals(taken)) {
        newest = newest == null ? source.value() : newest;
        source.advance();
      }
    }
    return newest == null ? Overlay.ABSENT : newest;
  }

  private static boolean isBeyond(Bytes key, Bytes end) {
    return !end.isEmpty() && key.compareTo(end) >= 0;
  }

  /** Rows in key order. */
  private interface Source {
    /** The present row's key, or null at the end. */
    @Nullable Bytes key();

    /** The present row's value. */
    Bytes value();

    void advance();
  }

  private static final class MapSource implements Source {

    private final Iterator<Map.Entry<Bytes, Bytes>> rows;
    private Map.@Nullable Entry<Bytes, Bytes> row;

    MapSource(Iterator<Map.Entry<Bytes, Bytes>> rows) {
      this.rows = rows;
      advance();
    }

    @Override
    public @Nullable Bytes key() {
      return row == null ? null : row.getKey();
    }

    @Override
    public Bytes value() {
      return row == null ? Overlay.ABSENT : row.getValue();
    }

    @Override
    public void advance() {
      row = rows.hasNext() ? rows.next() : null;
    }
  }

  private static final class DiskSource implements Source {

    private final Cursor cursor;
    private @Nullable Bytes key;

    DiskSource(Cursor cursor, ScanRequest request) {
      this.cursor = cursor;
      byte[] from = request.from().sharedArray();
      boolean found =
          request.from().isEmpty()
              ? cursor.getNext()
              : cursor.getSearchKeyRange(new ArrayByteIterable(from)) != null;
      key = found ? RangeScan.bytesOf(cursor.getKey()) : null;
    }

    @Override
    public @Nullable Bytes key() {
      return key;
    }

    @Override
    public Bytes value() {
      return RangeScan.bytesOf(cursor.getValue());
    }

    @Override
    public void advance() {
      key = cursor.getNext() ? RangeScan.bytesOf(cursor.getKey()) : null;
    }
  }
}
