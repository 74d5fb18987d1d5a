package dev.ostrakon.group;

import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Callers whose request is logged and waits for its turn in the queues. */
final class Executions {
  /** A call with its entry, the id, and those who listen. */
  private static final int WAITING_BYTES = 280;

  private final PendingCalls calls;
  private final Map<TxnId, List<PendingCall<RequestOutcome>>> waiting = new LinkedHashMap<>();

  /** What was carried out by the entry that is being applied, besides what its results say. */
  private final Map<TxnId, RequestOutcome> ofThisEntry = new LinkedHashMap<>();

  Executions(PendingCalls calls) {
    this.calls = calls;
  }

  /** Waits for a request that was queued by the entry just applied, or earlier. */
  void await(TxnId txn, long deadlineNanos, Consumer<FrontAnswer<RequestOutcome>> listener) {
    RequestOutcome outcome = ofThisEntry.get(txn);
    if (outcome != null) {
      listener.accept(new FrontAnswer.Done<>(outcome));
      return;
    }
    PendingCall<RequestOutcome> call = calls.add(WAITING_BYTES, deadlineNanos, listener);
    call.logged();
    waiting.computeIfAbsent(txn, ignored -> new ArrayList<>(1)).add(call);
  }

  /** Whether as many wait as may. */
  boolean isFull() {
    return calls.isFull();
  }

  /** Which attempt at the request was carried out by the entry just applied, if any. */
  Optional<RequestOutcome> outcomeOfThisEntry(RequestId request) {
    return ofThisEntry.entrySet().stream()
        .filter(entry -> entry.getKey().request().equals(request))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  void onExecuted(TxnId txn, RequestOutcome outcome) {
    ofThisEntry.put(txn, outcome);
  }

  /** The entry is applied, and those who proposed it have their answers. */
  void afterEntry() {
    if (ofThisEntry.isEmpty()) {
      return;
    }
    Map<TxnId, RequestOutcome> outcomes = new LinkedHashMap<>(ofThisEntry);
    ofThisEntry.clear();
    outcomes.forEach(
        (txn, outcome) -> {
          List<PendingCall<RequestOutcome>> callers = waiting.remove(txn);
          if (callers != null) {
            callers.forEach(call -> call.end(new FrontAnswer.Done<>(outcome)));
          }
        });
  }

  /** Some calls have ended without an answer from here: forgets them. */
  void prune() {
    waiting.values().forEach(all -> all.removeIf(PendingCall::isEnded));
    waiting.values().removeIf(List::isEmpty);
  }
}
