package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Coordinators that wait until a transaction is ready here, or anything else but waiting. */
final class Awaits {
  private record Await(PendingCall<TxnStatus> call, HybridTimestamp timestamp) {}

  private final ShardFrontConfig config;
  private final ShardStateMachine machine;
  private final Map<TxnId, List<Await>> byTxn = new LinkedHashMap<>();

  Awaits(ShardFrontConfig config, ShardStateMachine machine) {
    this.config = config;
    this.machine = machine;
  }

  /** Whether one more may wait for this transaction. */
  boolean hasRoom(TxnId txn) {
    List<Await> present = byTxn.get(txn);
    return present == null || present.size() < config.awaitsPerTxnMax();
  }

  /** Takes a call, which is answered at once if there is nothing to wait for. */
  void add(TxnId txn, HybridTimestamp timestamp, PendingCall<TxnStatus> call) {
    Await await = new Await(call, timestamp);
    if (!maybeEnd(txn, await)) {
      byTxn.computeIfAbsent(txn, ignored -> new ArrayList<>(1)).add(await);
    }
  }

  /** Something has happened to the transaction. */
  void onChange(TxnId txn) {
    @Nullable List<Await> waiting = byTxn.isEmpty() ? null : byTxn.remove(txn);
    if (waiting != null) {
      List<Await> rest = new ArrayList<>(0);
      for (Await await : waiting) {
        if (!maybeEnd(txn, await)) {
          rest.add(await);
        }
      }
      if (!rest.isEmpty()) {
        byTxn.computeIfAbsent(txn, ignored -> new ArrayList<>(1)).addAll(rest);
      }
    }
  }

  /** Some calls have ended without an answer from here: forgets them. */
  void prune() {
    byTxn.values().forEach(all -> all.removeIf(await -> await.call().isEnded()));
    byTxn.values().removeIf(List::isEmpty);
  }

  private boolean maybeEnd(TxnId txn, Await await) {
    TxnStatus status = machine.status(txn);
    boolean isDue =
        status instanceof TxnStatus.Ready ready
            ? !ready.timestamp().isBefore(await.timestamp())
            : !(status instanceof TxnStatus.Waiting);
    if (isDue) {
      await.call().end(new FrontAnswer.Done<>(status));
    }
    return isDue;
  }
}
