package dev.ostrakon.simulation.store;

import dev.ostrakon.model.Transaction;

/**
 * What a client wants.
 *
 * @param process the client's session, as histories name it
 * @param called position of the call in the history
 * @param way how it is asked for
 * @param group the group that owns all its keys, or {@link #SEVERAL}
 * @param kind what its keys are
 */
record StoreCall(int process, long called, Way way, int group, Kind kind, Transaction transaction) {

  /** In place of a group: the keys belong to several, and some node has to coordinate. */
  static final int SEVERAL = 0;

  /** How something is asked for. */
  enum Way {
    /** As a request under an id. */
    REQUEST,
    /** As a read, without a log entry. */
    READ,
    /** As a page of the range that holds the keys, ascending; gives as many as the page has. */
    SCAN
  }

  /** What keys hold; none is of two kinds. */
  enum Kind {
    /** Texts that grow. */
    LISTS,
    /** Values that anybody may put, delete and change. */
    REGISTERS,
    /** Accounts: what one gets another one pays. */
    BANK,
    /** Numbers near the bounds, changed by adds that commute. */
    COUNTERS,
    /** Keys of all groups that are only ever written, or deleted, all at once with one value. */
    MIRRORS
  }

  boolean isRequest() {
    return way == Way.REQUEST;
  }
}
