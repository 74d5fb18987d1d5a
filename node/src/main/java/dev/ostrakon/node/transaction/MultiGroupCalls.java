package dev.ostrakon.node.transaction;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.Routes;
import dev.ostrakon.node.kv.Transactions;
import dev.ostrakon.node.participant.NodeParticipants;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.replica.Scheduler;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Brings calls over several groups to the coordinators of this loop. */
public final class MultiGroupCalls implements Transactions {
  public MultiGroupCalls(
      HybridLogicalClock clock, Scheduler loop, NodeParticipants participants, ClusterMap map) {}

  @Override
  public void execute(Request request, Routes routes, long deadlineNanos, Consumer<KvAnswer> done) {
    done.accept(unsupported());
  }

  @Override
  public void read(
      Transaction transaction, Routes routes, long deadlineNanos, Consumer<KvAnswer> done) {
    done.accept(unsupported());
  }

  private static KvAnswer unsupported() {
    return new KvAnswer.Failed(
        new ServiceError(ErrorCode.UNSUPPORTED, "transactions over several groups"));
  }

  @Override
  public void recover(
      TxnId txn, HybridTimestamp issuedAt, List<GroupId> participants, Runnable done) {
    done.run();
  }

  /** What was done so far, by name; any thread. */
  public Map<String, Long> figures() {
    return Map.of();
  }

  /** Does what is due; to be called often. */
  public void tick() {}

  /** Ends for good. */
  public void stop() {}
}
