package dev.ostrakon.node.kv;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.node.cluster.Routes;
import dev.ostrakon.protocol.KvAnswer;
import java.util.List;
import java.util.function.Consumer;

/** The way to transactions over several groups. Confined to the event loop of who calls. */
public interface Transactions {

  /** Carries a request out; answers exactly once. */
  void execute(Request request, Routes routes, long deadlineNanos, Consumer<KvAnswer> done);

  /** Reads as of one moment; answers exactly once. */
  void read(Transaction transaction, Routes routes, long deadlineNanos, Consumer<KvAnswer> done);

  /** Finds the outcome of a transaction that a group holds; runs {@code done} when it has ended. */
  void recover(TxnId txn, HybridTimestamp issuedAt, List<GroupId> participants, Runnable done);
}
