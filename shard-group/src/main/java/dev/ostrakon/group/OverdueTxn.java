package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.TxnId;
import java.util.List;

/**
 * A transaction over several groups that nobody seems to drive any more, with all that a recovery
 * needs.
 *
 * @param issuedAt of the request
 * @param participants as its coordinator named them, ascending
 */
public record OverdueTxn(TxnId txn, HybridTimestamp issuedAt, List<GroupId> participants) {
  /** Copies the list. */
  public OverdueTxn {
    participants = List.copyOf(participants);
  }
}
