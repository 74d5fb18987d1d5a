package dev.ostrakon.group.finished;

import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Fingerprint;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The finished requests of a group, by client. */
public final class FinishedRequests {
  /* What is visible depends on the group's clock alone: a client of which nothing was heard within the
   * window counts as unknown from that instant, on every replica, whether or not its row has been
   * swept already. So sweeping, which goes a few buckets at a time, needs no place in the log.
   *
   * The settled are more than a courtesy. A request that was acknowledged can still be on its way in a
   * second copy; the watermark keeps it from happening again until its age does.
   */

  private static final int BUCKETS_START = 16;

  /**
   * So many clients that have gone and are still to be deleted from the state store keep others
   * from being dropped.
   */
  public static final int REMOVED_MAX = 16_384;

  private static final int REMOVED_BYTES = 32 + HeapSizes.REFERENCE;

  private @Nullable ClientRow[] buckets = new @Nullable ClientRow[BUCKETS_START];
  private int clientCount;
  private long bytes;
  private int sweepCursor;

  /** Nothing that was issued before this is remembered. */
  private long sinceMillis;

  private final ArrayDeque<ClientRow> dirty = new ArrayDeque<>();
  private final List<ClientId> removed = new ArrayList<>();

  /** How many clients something is remembered of. */
  public int clientCount() {
    return clientCount;
  }

  /** Roughly what all of it takes in memory. */
  public long bytes() {
    return bytes
        + (long) HeapSizes.REFERENCE * buckets.length
        + 2L * HeapSizes.REFERENCE * dirty.size()
        + (long) REMOVED_BYTES * removed.size();
  }

  /**
   * What was issued before {@code since} counts as unknown from now on; sweeps some of it.
   *
   * @param since the group's clock less its window and nothing else: a replica that starts again
   *     computes it anew
   */
  public void onWindow(HybridTimestamp since, int bucketsToSweep) {
    sinceMillis = since.wallMillis();
    sweep(bucketsToSweep);
  }

  /**
   * Drops what counts as unknown already; how eagerly makes no visible difference. Nothing while
   * much is to be deleted that was dropped before.
   */
  public void sweep(int bucketsToSweep) {
    for (int i = 0; i < bucketsToSweep && !awaitsDeletions(); i++) {
      sweepCursor = (sweepCursor + 1) & (buckets.length - 1);
      for (ClientRow row = buckets[sweepCursor]; row != null; row = row.next) {
        if (isExpired(row)) {
          remove(row);
        }
      }
    }
  }

  /** Whether nothing more is dropped until what was dropped is handed over. */
  public boolean awaitsDeletions() {
    return removed.size() >= REMOVED_MAX;
  }

  /** What is known of this attempt at a request. */
  public Memory lookup(TxnId id) {
    ClientRow row = find(id.request().client());
    return row == null
        ? new Memory.Unheard()
        : row.lookup(id.request().sequence(), id.attempt(), sinceMillis);
  }

  /** Whether the client has declared that it does not need the answer any more. */
  public boolean isSettled(RequestId request) {
    ClientRow row = find(request.client());
    return row != null && row.isSettled(request.sequence(), sinceMillis);
  }

  /**
   * Remembers what a request came to.
   *
   * @param slots that it touched: its memory moves with each of them
   * @param fingerprint of what it was for
   */
  public void remember(
      TxnId id,
      HybridTimestamp issuedAt,
      Collection<Slot> slots,
      RequestOutcome outcome,
      int fingerprint) {
    remember(id, issuedAt, slots, new Memory.Remembered(outcome), fingerprint);
  }

  /** The same of a request of which nobody has said what it is for. */
  public void remember(
      TxnId id, HybridTimestamp issuedAt, Collection<Slot> slots, RequestOutcome outcome) {
    remember(id, issuedAt, slots, outcome, Fingerprint.UNKNOWN);
  }

  /** The same of a request in which other groups took part. */
  public void rememberPart(
      TxnId id,
      HybridTimestamp issuedAt,
      Collection<Slot> slots,
      RequestOutcome outcome,
      int fingerprint) {
    remember(id, issuedAt, slots, new Memory.Remembered(outcome, true), fingerprint);
  }

  /** Whether something else is remembered under this id: it is used for a second request. */
  public boolean isReused(RequestId request, int fingerprint) {
    ClientRow row = find(request.client());
    return row != null
        && Fingerprint.differ(row.fingerprintOf(request.sequence(), sinceMillis), fingerprint);
  }

  /** What is remembered of a request holds for every attempt at it from now on. */
  public void close(RequestId request) {
    ClientRow row = find(request.client());
    if (row != null) {
      change(row, known -> known.close(request.sequence(), sinceMillis));
    }
  }

  private void remember(
      TxnId id,
      HybridTimestamp issuedAt,
      Collection<Slot> slots,
      Memory.Remembered memory,
      int fingerprint) {
    change(
        findOrAdd(id.request().client()),
        row -> {
          row.remember(
              id.request().sequence(), id.attempt(), issuedAt, memory, fingerprint, sinceMillis);
          slots.forEach(slot -> row.touch(slot.number(), issuedAt));
        });
  }

  /** Whether anything was heard of the client within the window. */
  public boolean knows(ClientId client) {
    return find(client) != null;
  }

  /** Up to where the client has acknowledged everything; 0 if it is unknown. */
  public long watermark(ClientId client) {
    ClientRow row = find(client);
    return row == null ? 0 : row.watermark();
  }

  /** Whether an acknowledgement would let something go that is remembered. */
  public boolean wouldFree(ClientId client, Acknowledgement acknowledgement) {
    ClientRow row = find(client);
    return row != null && row.wouldFree(acknowledgement);
  }

  /** Remembers the client, so that what it acknowledges cannot happen again. */
  public void hear(ClientId client, HybridTimestamp issuedAt) {
    change(findOrAdd(client), row -> row.heardOf(issuedAt));
  }

  /** The client will not ask for these again; returns the former watermark if it rose. */
  public OptionalLong acknowledge(
      ClientId client, HybridTimestamp issuedAt, Acknowledgement acknowledgement) {
    ClientRow row = find(client);
    if (row == null || acknowledgement.isEmpty()) {
      // Of an unknown client nothing is remembered that could be forgotten.
      return OptionalLong.empty();
    }
    long before = row.watermark();
    change(
        row,
        known -> {
          known.heardOf(issuedAt);
          known.raiseWatermark(acknowledgement.watermark());
          acknowledgement.above().forEach(known::settle);
        });
    return row.watermark() > before ? OptionalLong.of(before) : OptionalLong.empty();
  }

  /** Every client that has touched the slot within the window, ascending, with its memory. */
  public void visitSlot(Slot slot, BiConsumer<ClientId, Bytes> visitor) {
    sortedRows().stream()
        .filter(row -> row.hasTouched(slot.number(), sinceMillis))
        .forEach(row -> visitor.accept(row.client(), row.encode(sinceMillis)));
  }

  /** Every client, ascending, with its memory: equal on all replicas of a group. */
  public void visitAll(BiConsumer<ClientId, Bytes> visitor) {
    sortedRows().forEach(row -> visitor.accept(row.client(), row.encode(sinceMillis)));
  }

  /**
   * Hands over what changed, to be written to the state store: the clients that have gone, and the
   * others in the order in which they changed.
   *
   * @param left how many of the others may be left for a later call, in which they may have changed
   *     again
   */
  public void drainChanges(int left, BiConsumer<ClientId, Bytes> changed, Consumer<ClientId> gone) {
    removed.forEach(gone);
    removed.clear();
    while (dirty.size() > left) {
      ClientRow row = dirty.remove();
      if (row.isDirty) {
        row.isDirty = false;
        row.isPersisted = true;
        changed.accept(row.client(), row.encode(sinceMillis));
      }
    }
  }

  /** Takes back one client's memory from the state store. */
  public void restore(ClientId client, Bytes memory) {
    ClientRow row = ClientRow.decode(client, memory);
    row.isPersisted = true;
    add(row);
  }

  private boolean isExpired(ClientRow row) {
    return row.lastIssuedMillis() < sinceMillis;
  }

  private @Nullable ClientRow find(ClientId client) {
    for (ClientRow row = buckets[bucketOf(client.high(), client.low())];
        row != null;
        row = row.next) {
      if (row.clientHigh == client.high() && row.clientLow == client.low()) {
        if (isExpired(row)) {
          remove(row);
          return null;
        }
        return row;
      }
    }
    return null;
  }

  private ClientRow findOrAdd(ClientId client) {
    ClientRow found = find(client);
    if (found != null) {
      return found;
    }
    ClientRow row = new ClientRow(client.high(), client.low());
    add(row);
    return row;
  }

  private void add(ClientRow row) {
    if (clientCount >= buckets.length - buckets.length / 4) {
      grow();
    }
    int bucket = bucketOf(row.clientHigh, row.clientLow);
    row.next = buckets[bucket];
    buckets[bucket] = row;
    clientCount++;
    bytes += row.bytes();
  }

  private void remove(ClientRow row) {
    int bucket = bucketOf(row.clientHigh, row.clientLow);
    ClientRow previous = null;
    for (ClientRow at = buckets[bucket]; at != row && at != null; at = at.next) {
      previous = at;
    }
    if (previous == null) {
      buckets[bucket] = row.next;
    } else {
      previous.next = row.next;
    }
    clientCount--;
    bytes -= row.bytes();
    row.isDirty = false;
    if (row.isPersisted) {
      removed.add(row.client());
    }
  }

  private void change(ClientRow row, Consumer<ClientRow> change) {
    bytes -= row.bytes();
    change.accept(row);
    bytes += row.bytes();
    if (!row.isDirty) {
      row.isDirty = true;
      dirty.add(row);
    }
  }

  private void grow() {
    @Nullable ClientRow[] all = buckets;
    buckets = new @Nullable ClientRow[all.length * 2];
    for (ClientRow first : all) {
      ClientRow row = first;
      while (row != null) {
        ClientRow next = row.next;
        int bucket = bucketOf(row.clientHigh, row.clientLow);
        row.next = buckets[bucket];
        buckets[bucket] = row;
        row = next;
      }
    }
  }

  private int bucketOf(long high, long low) {
    long mixed = (high ^ (low * 0x9E3779B97F4A7C15L)) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> 32) & (buckets.length - 1);
  }

  private List<ClientRow> sortedRows() {
    List<ClientRow> rows = new ArrayList<>(clientCount);
    for (ClientRow first : buckets) {
      for (ClientRow row = first; row != null; row = row.next) {
        if (!isExpired(row)) {
          rows.add(row);
        }
      }
    }
    rows.sort(Comparator.comparing(ClientRow::client));
    return rows;
  }
}
