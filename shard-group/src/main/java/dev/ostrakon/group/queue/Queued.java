package dev.ostrakon.group.queue;

import dev.ostrakon.model.Key;
import dev.ostrakon.model.TxnId;
import java.util.Collections;
import java.util.SortedMap;

/** A pending transaction, as the queues see it. */
final class Queued {
  final TxnId txn;

  /** What it touches, ascending. */
  final SortedMap<Key, Access> accesses;

  Place place;

  /** Invariant: on how many of its keys something that conflicts stands before it. */
  int blockedKeys;

  /** Invariant: between two calls of the queues, ready means that no key is blocked. */
  boolean ready;

  Queued(TxnId txn, SortedMap<Key, Access> accesses, Place place) {
    this.txn = txn;
    this.accesses = Collections.unmodifiableSortedMap(accesses);
    this.place = place;
  }
}
