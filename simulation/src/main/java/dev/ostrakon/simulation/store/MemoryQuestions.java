package dev.ostrakon.simulation.store;

import dev.ostrakon.group.FrontAnswer;
import dev.ostrakon.group.RequestReport;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.cluster.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What groups have to remember: the last request of each client, if it was carried out, for nobody
 * has acknowledged it. Every group in which it may have written is asked what became of it.
 */
final class MemoryQuestions {
  private final StoreCluster store;
  private final Findings findings;
  private final long unitNanos;
  private final Map<StoreClient, Request> unacknowledged = new LinkedHashMap<>();
  private int openCount;

  MemoryQuestions(StoreCluster store, Findings findings, long unitNanos) {
    this.store = store;
    this.findings = findings;
    this.unitNanos = unitNanos;
  }

  /** A call of a client has ended; the next one acknowledges it. */
  void onEnding(StoreClient client, StoreCall call, StoreEnding ending) {
    Optional<Request> request = client.lastRequest();
    if (call.isRequest() && ending instanceof StoreEnding.Committed && request.isPresent()) {
      unacknowledged.put(client, request.get());
    } else {
      unacknowledged.remove(client);
    }
  }

  /** Asks for everything; nothing may be pending any more. */
  void ask() {
    for (Request request : unacknowledged.values()) {
      for (int group : store.ownersOf(written(request.transaction()))) {
        openCount++;
        ask(request, group);
      }
    }
  }

  boolean areAnswered() {
    return openCount == 0;
  }

  /** The keys that a transaction may write. */
  static List<Key> written(Transaction transaction) {
    List<Operation> operations = new ArrayList<>(transaction.then());
    operations.addAll(transaction.otherwise());
    return operations.stream()
        .filter(operation -> !(operation instanceof Operation.Get))
        .map(Operation::key)
        .toList();
  }

  private void ask(Request request, int group) {
    store.cluster().membersOf(group).stream()
        .map(Member::life)
        .flatMap(Optional::stream)
        .filter(life -> life.machine().front().isLeading() && !life.replica().isStopped())
        .findFirst()
        .ifPresentOrElse(
            life ->
                life.process()
                    .run(
                        () ->
                            life.machine()
                                .front()
                                .outcome(
                                    request.id().request(),
                                    List.copyOf(request.transaction().keys()),
                                    request.issuedAt(),
                                    life.process().nowNanos() + 4 * unitNanos,
                                    answer -> onAnswer(request, group, answer))),
            () -> askLater(request, group));
  }

  private void askLater(Request request, int group) {
    store.later(unitNanos, () -> ask(request, group));
  }

  private void onAnswer(Request request, int group, FrontAnswer<RequestReport> answer) {
    if (!(answer instanceof FrontAnswer.Done<RequestReport> done)) {
      askLater(request, group);
      return;
    }
    openCount--;
    boolean isRemembered =
        done.value() instanceof RequestReport.Committed
            || done.value() instanceof RequestReport.CommittedInPart;
    if (!isRemembered) {
      findings.report(
          Invariant.REMEMBERED,
          "group " + group + " says of " + request.id() + ", which was done: " + done.value());
    }
  }
}
