package dev.ostrakon.simulation.store;

import dev.ostrakon.group.BatchResult;
import dev.ostrakon.group.FrontAnswer;
import dev.ostrakon.group.RequestReport;
import dev.ostrakon.group.ScanResult;
import dev.ostrakon.group.ScanSpec;
import dev.ostrakon.group.ShardFront;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.engine.SimulatedNetwork;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import dev.ostrakon.txn.TxnAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Carries calls of clients to the fronts and coordinators of nodes, and the answers back. */
final class StoreDoor {

  private static final int SERVE_UNITS = 2;
  private static final int COORDINATE_UNITS = 4;

  /** One call that has arrived at a node. */
  private record Visit(StoreClient from, int node, long sending, StoreCall call, Request request) {}

  /** A message that arrives once, however often the network delivers it. */
  private static final class Once implements Runnable {
    private final Runnable delivery;
    private boolean hasArrived;

    Once(Runnable delivery) {
      this.delivery = delivery;
    }

    @Override
    public void run() {
      if (!hasArrived) {
        hasArrived = true;
        delivery.run();
      }
    }
  }

  private final StoreCluster store;
  private final AnswerChecker answers;
  private final Sending sending;
  private final SimulatedNetwork network;
  private final long unitNanos;

  StoreDoor(
      StoreCluster store,
      SimulatedNetwork network,
      AnswerChecker answers,
      Sending sending,
      long unitNanos) {
    this.store = store;
    this.answers = answers;
    this.sending = sending;
    this.network = network;
    this.unitNanos = unitNanos;
  }

  /**
   * Sends a call to a node.
   *
   * @param number of all that the client has sent; the answer names it
   */
  void send(StoreClient from, int node, long number, StoreCall call, Request request) {
    Visit visit = new Visit(from, node, number, call, request);
    Runnable delivery = () -> arrive(visit);
    network.send(from.endpoint(), node, 0, sending.givesUp() > 0 ? new Once(delivery) : delivery);
  }

  void ask(StoreClient from, int node, int group, StoreCall call, Request request) {
    Visit visit = new Visit(from, node, 0, call, request);
    network.send(
        from.endpoint(),
        node,
        0,
        () -> store.roads().lifeOf(group, node).ifPresent(life -> question(life, visit)));
  }

  /** A node that does not know the time lets no client in. */
  private void arrive(Visit visit) {
    Optional<StoreHost> host = store.hostOn(visit.node());
    if (host.isPresent() && !host.get().clock().knowsTime()) {
      answer(host.get().process(), visit, new FrontAnswer.NotLeader<>(Optional.empty()));
    } else if (visit.call().group() == StoreCall.SEVERAL) {
      host.ifPresent(present -> coordinate(present, visit));
    } else {
      store
          .roads()
          .lifeOf(visit.call().group(), visit.node())
          .ifPresent(life -> serve(life, visit));
    }
  }

  private long nanos(int units, Visit visit) {
    return (long) (units * unitNanos * visit.from().deadlineShare());
  }

  private void coordinate(StoreHost host, Visit visit) {
    SimulatedProcess process = host.process();
    process.run(
        () -> {
          long deadline = process.nowNanos() + nanos(COORDINATE_UNITS, visit);
          Consumer<TxnAnswer> listener =
              answers.expect(
                  process,
                  deadline,
                  () -> false,
                  visit.call(),
                  told -> onTold(process, visit, told));
          if (visit.call().isRequest()) {
            host.coordinators().run(visit.request(), store.configuration(), deadline, listener);
          } else {
            host.coordinators()
                .read(visit.call().transaction(), store.configuration(), deadline, listener);
          }
        });
  }

  private void onTold(SimulatedProcess process, Visit visit, TxnAnswer told) {
    if (told instanceof TxnAnswer.Done done) {
      onOutcome(process, visit, done.outcome());
    } else if (told instanceof TxnAnswer.Displaced) {
      back(process, visit, () -> visit.from().onDisplaced(visit.request().id()));
    } else {
      answer(process, visit, asFront(told));
    }
  }

  private static FrontAnswer<StoreEnding> asFront(TxnAnswer told) {
    if (told instanceof TxnAnswer.DoneUnread done) {
      return new FrontAnswer.Done<>(new StoreEnding.Unread(done.branch()));
    } else if (told instanceof TxnAnswer.Denied denied) {
      return new FrontAnswer.Denied<>(denied.refusal());
    } else if (told instanceof TxnAnswer.Overloaded overloaded) {
      return new FrontAnswer.Overloaded<>(overloaded.retryAfterMillis());
    } else if (told instanceof TxnAnswer.DeadlineExceeded) {
      return new FrontAnswer.DeadlineExceeded<>();
    }
    return new FrontAnswer.Unknown<>();
  }

  private void serve(Life<BatchResult, StoreMachine> life, Visit visit) {
    SimulatedProcess process = life.process();
    ShardFront front = life.machine().front();
    StoreCall call = visit.call();
    process.run(
        () -> {
          long deadline = process.nowNanos() + nanos(SERVE_UNITS, visit);
          BooleanSupplier isStopped = life.replica()::isStopped;
          switch (call.way()) {
            case REQUEST ->
                front.execute(
                    visit.request(),
                    deadline,
                    answers.expect(process, deadline, isStopped, call, served(process, visit)));
            case READ ->
                front.read(
                    call.transaction(),
                    deadline,
                    answers.expect(process, deadline, isStopped, call, served(process, visit)));
            case SCAN ->
                front.scan(
                    range(call),
                    deadline,
                    answers.expect(
                        process,
                        deadline,
                        isStopped,
                        call,
                        told -> answer(process, visit, told.then(page -> asRead(call, page)))));
          }
        });
  }

  private Consumer<FrontAnswer<RequestOutcome>> served(SimulatedProcess process, Visit visit) {
    return told -> onServed(process, visit, told);
  }

  private static ScanSpec range(StoreCall call) {
    ByteString from = call.transaction().keys().first().bytes();
    ByteString to = ByteString.utf8(StoreKeys.prefix(call.kind()) + "~");
    return new ScanSpec(from, to, call.transaction().then().size());
  }

  /** What a page says about the keys that were asked for, in their order, as far as it reaches. */
  private static FrontAnswer<StoreEnding> asRead(StoreCall call, ScanResult page) {
    Map<Key, OperationResult> found = new HashMap<>();
    Optional<Key> last = Optional.empty();
    for (ScanResult.Entry entry : page.entries()) {
      found.put(entry.key(), new OperationResult.Present(entry.value(), entry.version()));
      last = Optional.of(entry.key());
    }
    List<OperationResult> results = new ArrayList<>();
    for (Operation get : call.transaction().then()) {
      if (page.more() && (last.isEmpty() || get.key().compareTo(last.get()) > 0)) {
        break;
      }
      results.add(found.getOrDefault(get.key(), new OperationResult.Absent()));
    }
    return new FrontAnswer.Done<>(
        new StoreEnding.Committed(
            new RequestOutcome.Committed(HybridTimestamp.ZERO, Branch.THEN, results)));
  }

  private void onServed(SimulatedProcess process, Visit visit, FrontAnswer<RequestOutcome> told) {
    if (told instanceof FrontAnswer.Done<RequestOutcome> done) {
      onOutcome(process, visit, done.value());
    } else {
      answer(process, visit, told.then(outcome -> new FrontAnswer.Unknown<>()));
    }
  }

  private void onOutcome(SimulatedProcess process, Visit visit, RequestOutcome outcome) {
    if (outcome instanceof RequestOutcome.Refused refused) {
      switch (refused.refusal().reason()) {
        case NOT_ORDERED, CLOCK_SKEW ->
            back(
                process,
                visit,
                () -> visit.from().onRefused(visit.request().id(), refused.refusal()));
        case WINDOW_PASSED -> done(process, visit, new StoreEnding.Unknown());
        case WRONG_GROUP, LIMIT_EXCEEDED, NOT_A_NUMBER, NUMBER_OVERFLOW, INVALID, OVERLOADED ->
            done(process, visit, new StoreEnding.Refused(refused.refusal().reason()));
      }
    } else if (outcome instanceof RequestOutcome.Committed committed) {
      done(process, visit, new StoreEnding.Committed(committed));
    }
  }

  /** As a node answers a question about an outcome: what is pending is recovered first. */
  private void question(Life<BatchResult, StoreMachine> life, Visit visit) {
    SimulatedProcess process = life.process();
    process.run(
        () ->
            askFront(
                life,
                visit,
                told -> {
                  if (told instanceof FrontAnswer.Done<RequestReport> done
                      && done.value() instanceof RequestReport.Pending pending) {
                    recover(life, visit, pending);
                  } else {
                    answer(process, visit, told.then(report -> asEnding(report)));
                  }
                }));
  }

  private void recover(
      Life<BatchResult, StoreMachine> life, Visit visit, RequestReport.Pending pending) {
    long deadline = life.process().nowNanos() + COORDINATE_UNITS * unitNanos;
    store
        .hostOn(visit.node())
        .ifPresent(
            host ->
                host.coordinators()
                    .recover(
                        pending.txn(),
                        pending.issuedAt(),
                        pending.participants(),
                        deadline,
                        report ->
                            askFront(
                                life,
                                visit,
                                told ->
                                    answer(
                                        life.process(),
                                        visit,
                                        told.then(known -> asEnding(known))))));
  }

  private void askFront(
      Life<BatchResult, StoreMachine> life,
      Visit visit,
      Consumer<FrontAnswer<RequestReport>> listener) {
    Request request = visit.request();
    life.machine()
        .front()
        .outcome(
            request.id().request(),
            List.copyOf(request.transaction().keys()),
            request.issuedAt(),
            life.process().nowNanos() + SERVE_UNITS * unitNanos,
            listener);
  }

  private static FrontAnswer<StoreEnding> asEnding(RequestReport report) {
    if (report instanceof RequestReport.Committed committed) {
      return new FrontAnswer.Done<>(new StoreEnding.Committed(committed.committed()));
    } else if (report instanceof RequestReport.CommittedInPart committed) {
      return new FrontAnswer.Done<>(new StoreEnding.Unread(committed.branch()));
    } else if (report instanceof RequestReport.Forgotten
        || report instanceof RequestReport.Acknowledged) {
      return new FrontAnswer.Done<>(new StoreEnding.Unknown());
    } else if (report instanceof RequestReport.NeverExecuted) {
      return new FrontAnswer.Done<>(new StoreEnding.Refused(Refusal.Reason.NOT_ORDERED));
    } else if (report instanceof RequestReport.Refused refused) {
      return new FrontAnswer.Done<>(new StoreEnding.Refused(refused.refusal().reason()));
    }
    return new FrontAnswer.Unknown<>(); // Still pending: the question is put again.
  }

  private void done(SimulatedProcess process, Visit visit, StoreEnding ending) {
    answer(process, visit, new FrontAnswer.Done<>(ending));
  }

  private void answer(SimulatedProcess process, Visit visit, FrontAnswer<StoreEnding> answer) {
    back(
        process,
        visit,
        () -> visit.from().onAnswer(visit.node(), visit.request().id(), visit.sending(), answer));
  }

  private void back(SimulatedProcess process, Visit visit, Runnable delivery) {
    if (process.isAlive()) {
      network.send(visit.node(), visit.from().endpoint(), 0, delivery);
    }
  }
}
