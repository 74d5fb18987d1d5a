package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What became of an attempt at a transaction, as the logs of its participants say. */
public sealed interface TxnReport {
  /**
   * It took effect.
   *
   * @param timestamp its place in the order
   * @param configuration by which it was cut into fragments; 0 if that is not known
   * @param results of each participant's operations of the branch; without those participants that
   *     do not remember them
   */
  record Committed(
      HybridTimestamp timestamp,
      Branch branch,
      long configuration,
      SortedMap<GroupId, List<OperationResult>> results)
      implements TxnReport {
    /** Copies the map. */
    public Committed {
      results = Collections.unmodifiableSortedMap(new TreeMap<>(results));
    }
  }

  /** It had no effect and never will under this attempt. */
  record NotCommitted(Refusal refusal) implements TxnReport {}

  /**
   * It had no effect under the participants of this run, and never will; the same attempt, sent
   * before under another configuration, may have had one.
   */
  record Displaced(Refusal refusal) implements TxnReport {}

  /** The window has passed or the client has acknowledged it: nobody can tell any more. */
  record Forgotten(Refusal refusal) implements TxnReport {}

  /** It could not be found out in time. */
  record Unknown() implements TxnReport {}
}
