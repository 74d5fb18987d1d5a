package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StateStore.MergedScan;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import jetbrains.exodus.ByteIterable;

/** Takes pages from the rows of ranges. */
final class RangeScan {

  private RangeScan() {}

  /** A page of one range. */
  static ScanPage page(ScanRequest request, RangeRows range) {
    Page page = new Page(request.maxKeys(), request.maxBytes());
    for (Bytes key = range.key(); key != null; key = range.key()) {
      if (page.isFull()) {
        return page.endingAt(key);
      }
      page.add(key, range.value());
      range.advance();
    }
    return page.endingAt(range.barrier());
  }

  /** A page of several ranges, in the order of what follows their prefixes. */
  static ScanPage page(MergedScan request, List<RangeRows> ranges) {
    int skipped = request.prefixes().get(0).size();
    PriorityQueue<Head> heads = new PriorityQueue<>(ranges.size());
    Page page = new Page(request.maxKeys(), request.maxBytes());
    Bytes end = Bytes.EMPTY;
    for (RangeRows range : ranges) {
      end = take(new Head(range, skipped), heads, end);
    }
    while (!heads.isEmpty()) {
      Head head = heads.remove();
      if (!end.isEmpty() && head.suffix().compareTo(end) >= 0) {
        break;
      }
      if (page.isFull()) {
        return page.endingAt(head.suffix());
      }
      page.add(head.key, head.range.value());
      head.range.advance();
      end = take(head, heads, end);
    }
    return page.endingAt(end);
  }

  /** Queues a range at its present row; at its end returns where the page has to end, too. */
  private static Bytes take(Head head, PriorityQueue<Head> heads, Bytes end) {
    Bytes key = head.range.key();
    if (key != null) {
      head.key = key;
      heads.add(head);
      return end;
    }
    Bytes barrier = head.range.barrier();
    if (barrier.isEmpty()) {
      return end;
    }
    Bytes suffix = barrier.from(head.skipped);
    return end.isEmpty() || suffix.compareTo(end) < 0 ? suffix : end;
  }

  static Bytes bytesOf(ByteIterable stored) {
    byte[] bytes = new byte[stored.getLength()];
    System.arraycopy(stored.getBytesUnsafe(), 0, bytes, 0, bytes.length);
    return Bytes.wrap(bytes);
  }

  /** A range and its present key, ordered by what follows the prefix. */
  private static final class Head implements Comparable<Head> {
    final RangeRows range;
    final int skipped;
    Bytes key = Bytes.EMPTY;

    Head(RangeRows range, int skipped) {
      this.range = range;
      this.skipped = skipped;
    }

    Bytes suffix() {
      return key.from(skipped);
    }

    @Override
    public int compareTo(Head other) {
      byte[] mine = key.sharedArray();
      byte[] others = other.key.sharedArray();
      return Arrays.compareUnsigned(mine, skipped, mine.length, others, skipped, others.length);
    }
  }

  /** Rows within the bounds of a page. */
  private static final class Page {
    private final int maxKeys;
    private final int maxBytes;
    private final List<Row> rows = new ArrayList<>();
    private long bytes;

    Page(int maxKeys, int maxBytes) {
      this.maxKeys = maxKeys;
      this.maxBytes = maxBytes;
    }

    boolean isFull() {
      return rows.size() >= maxKeys || bytes >= maxBytes;
    }

    void add(Bytes key, Bytes value) {
      rows.add(new Row(key, value));
      bytes += key.size() + value.size();
    }

    ScanPage endingAt(Bytes continuation) {
      return new ScanPage(rows, continuation);
    }
  }
}
