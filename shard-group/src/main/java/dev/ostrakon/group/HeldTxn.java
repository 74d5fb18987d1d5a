package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.TxnId;
import java.util.List;

/**
 * A transaction over several groups that is pending in one of them, for operators.
 *
 * @param ready whether only its outcome is missing
 * @param proposal the timestamp at which this group logged it
 * @param timestamp where it stands now; above the largest proposal of all participants only if
 *     something sent a wrong final timestamp
 * @param participants by its coordinator's account
 * @param keys how many keys here wait for it
 */
public record HeldTxn(
    TxnId txn,
    boolean ready,
    HybridTimestamp proposal,
    HybridTimestamp timestamp,
    List<GroupId> participants,
    int keys) {}
