package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import org.jspecify.annotations.Nullable;

/** Merges what memory and disk know of a range into one page; the newer one counts. */
final class RangeScan {

  private final ScanRequest request;

  /** From here on the page must not go: the copied changes end here. Empty for no such end. */
  private final Bytes barrier;

  /** From the newest to the oldest. */
  private final List<Source> sources;

  RangeScan(
      ScanRequest request, Overlay.Part newest, NavigableMap<Bytes, Bytes> older, Cursor disk) {
    this.request = request;
    this.barrier = newest.end();
    this.sources =
        List.of(
            new MapSource(newest.changes()), new MapSource(older), new DiskSource(disk, request));
  }

  ScanPage run() {
    List<Row> rows = new ArrayList<>();
    long bytes = 0;
    Bytes key = nextKey();
    while (key != null && !isBeyond(key, request.to()) && !isBeyond(key, barrier)) {
      Bytes value = take(key);
      if (!Overlay.isAbsent(value)) {
        if (rows.size() >= request.maxKeys() || bytes >= request.maxBytes()) {
          return new ScanPage(rows, key);
        }
        rows.add(new Row(key, value));
        bytes += key.size() + value.size();
      }
      key = nextKey();
    }
    return new ScanPage(rows, barrier);
  }

  private static boolean isBeyond(Bytes key, Bytes end) {
    return !end.isEmpty() && key.compareTo(end) >= 0;
  }

  private @Nullable Bytes nextKey() {
    Bytes least = null;
    for (Source source : sources) {
      Bytes key = source.key();
      if (key != null && (least == null || key.compareTo(least) < 0)) {
        least = key;
      }
    }
    return least;
  }

  /** The newest value of the key; moves every source that has it. */
  private Bytes take(Bytes key) {
    Bytes newest = null;
    for (Source source : sources) {
      Bytes found = source.key();
      if (found != null && found.equals(key)) {
        newest = newest == null ? source.value() : newest;
        source.advance();
      }
    }
    return newest == null ? Overlay.ABSENT : newest;
  }

  static Bytes bytesOf(ByteIterable stored) {
    byte[] bytes = new byte[stored.getLength()];
    System.arraycopy(stored.getBytesUnsafe(), 0, bytes, 0, bytes.length);
    return Bytes.wrap(bytes);
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

    MapSource(NavigableMap<Bytes, Bytes> rows) {
      this.rows = rows.entrySet().iterator();
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
      key = found ? bytesOf(cursor.getKey()) : null;
    }

    @Override
    public @Nullable Bytes key() {
      return key;
    }

    @Override
    public Bytes value() {
      return bytesOf(cursor.getValue());
    }

    @Override
    public void advance() {
      key = cursor.getNext() ? bytesOf(cursor.getKey()) : null;
    }
  }
}
