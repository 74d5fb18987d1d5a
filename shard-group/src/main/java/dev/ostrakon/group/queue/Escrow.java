package dev.ostrakon.group.queue;

import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.TxnId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What ready adds have reserved: adds commute, so several of one key are ready at once, and each
 * must be sure that it fits whatever becomes of the others.
 *
 * <p>Invariant: for every key, the value plus all reservations of the same sign is within 64 bits.
 */
public final class Escrow {
  /**
   * How far a transaction moves a number on its way.
   *
   * @param low how far down at most, not positive
   * @param high how far up at most, not negative
   */
  public record Reach(long low, long high) {
    /** A reach that contains both. */
    public Reach and(Reach other) {
      return new Reach(Math.min(low, other.low), Math.max(high, other.high));
    }
  }

  private record Reservation(Key key, Reach reach) {}

  private static final class Sums {
    long low;
    long high;
    int count;
  }

  private static final int SUMS_BYTES = HeapSizes.HASH_ENTRY + 32;

  /** The reservations of a transaction: an entry and a list. */
  private static final int LIST_BYTES = HeapSizes.HASH_ENTRY + 24 + HeapSizes.ARRAY + 8;

  private static final int RESERVATION_BYTES = 24 + 32 + HeapSizes.REFERENCE;

  private long reservationCount;

  private final Map<Key, Sums> sums = new HashMap<>();
  private final Map<TxnId, List<Reservation>> reservations = new HashMap<>();

  /** Whether the value can move so far whatever becomes of the ready adds. */
  public boolean fits(Key key, long value, Reach reach) {
    Sums reserved = sums.get(key);
    long low = reserved == null ? 0 : reserved.low;
    long high = reserved == null ? 0 : reserved.high;
    return isWithin(value, high, reach.high()) && isWithin(value, low, reach.low());
  }

  /** Reserves for a transaction what {@link #fits}. */
  public void reserve(TxnId txn, Key key, Reach reach) {
    Sums reserved = sums.computeIfAbsent(key, ignored -> new Sums());
    reserved.low += reach.low();
    reserved.high += reach.high();
    reserved.count++;
    reservationCount++;
    reservations
        .computeIfAbsent(txn, ignored -> new ArrayList<>(1))
        .add(new Reservation(key, reach));
  }

  /** Gives back all that the transaction has reserved, if anything. */
  public void release(TxnId txn) {
    List<Reservation> released = reservations.remove(txn);
    if (released == null) {
      return;
    }
    reservationCount -= released.size();
    for (Reservation reservation : released) {
      Sums reserved = sums.get(reservation.key());
      if (reserved == null) {
        throw new IllegalStateException("a reservation is part of a sum");
      }
      reserved.low -= reservation.reach().low();
      reserved.high -= reservation.reach().high();
      reserved.count--;
      if (reserved.count == 0) {
        sums.remove(reservation.key());
      }
    }
  }

  /** What the reservations take of the heap; an estimate. */
  public long heapBytes() {
    return (long) SUMS_BYTES * sums.size()
        + (long) LIST_BYTES * reservations.size()
        + RESERVATION_BYTES * reservationCount;
  }

  /** Whether nothing is reserved. */
  public boolean isEmpty() {
    return sums.isEmpty() && reservations.isEmpty();
  }

  /** Whether reserved + more and value + reserved + more are within 64 bits. */
  private static boolean isWithin(long value, long reserved, long more) {
    long sum = reserved + more;
    if (((reserved ^ sum) & (more ^ sum)) < 0) {
      return false; // Reservations alone would overflow: refused to be on the safe side.
    }
    long total = value + sum;
    return ((value ^ total) & (sum ^ total)) >= 0;
  }
}
