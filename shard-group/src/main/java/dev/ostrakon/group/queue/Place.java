package dev.ostrakon.group.queue;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.TxnId;

/** A place in the order: by timestamp; the id breaks ties, everywhere the same way. */
public record Place(HybridTimestamp timestamp, TxnId txn) implements Comparable<Place> {
  @Override
  public int compareTo(Place other) {
    int byTimestamp = timestamp.compareTo(other.timestamp);
    return byTimestamp != 0 ? byTimestamp : txn.compareTo(other.txn);
  }

  @Override
  public String toString() {
    return timestamp + "/" + txn;
  }
}
