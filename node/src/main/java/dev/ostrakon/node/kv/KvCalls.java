package dev.ostrakon.node.kv;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.FrontCalls;
import dev.ostrakon.node.cluster.Routes;
import dev.ostrakon.node.interim.FrontAnswer;
import dev.ostrakon.node.interim.RequestReport;
import dev.ostrakon.node.interim.ScanResult;
import dev.ostrakon.node.interim.ScanSpec;
import dev.ostrakon.node.metrics.RequestMetrics.Kind;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.ErrorCodec;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.OutcomeQuestion;
import dev.ostrakon.protocol.OutcomeReport;
import dev.ostrakon.protocol.ScanPage;
import dev.ostrakon.protocol.ServiceError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Brings each call to where it is carried out: to the front of the one group that owns its keys, or
 * to the coordinators. Confined to one event loop, on which answers arrive, each exactly once.
 */
public final class KvCalls {
  private final FrontCalls fronts;
  private final ClusterMap map;
  private final Transactions transactions;

  /** The calls that arrive on the loop of {@code fronts}. */
  public KvCalls(FrontCalls fronts, ClusterMap map, Transactions transactions) {
    this.fronts = fronts;
    this.map = map;
    this.transactions = transactions;
  }

  /** What kind of call this is, for those who count. */
  Kind kindOf(KvCall call) {
    if (call instanceof KvCall.Execute execute) {
      return isInOneGroup(execute.request().transaction()) ? Kind.WRITE : Kind.MULTI_GROUP_WRITE;
    } else if (call instanceof KvCall.Read read) {
      return isInOneGroup(read.transaction()) ? Kind.READ : Kind.MULTI_GROUP_READ;
    }
    return call instanceof KvCall.Scan ? Kind.SCAN : Kind.OUTCOME;
  }

  private boolean isInOneGroup(Transaction transaction) {
    return map.routes().flatMap(routes -> routes.onlyGroupOf(transaction)).isPresent();
  }

  /** Carries a call out. */
  void call(KvCall call, long deadlineNanos, Consumer<KvAnswer> done) {
    if (call instanceof KvCall.Execute execute) {
      execute(execute.request(), deadlineNanos, done);
    } else if (call instanceof KvCall.Read read) {
      read(read.transaction(), deadlineNanos, done);
    } else if (call instanceof KvCall.Scan scan) {
      ScanSpec spec = new ScanSpec(scan.range().from(), scan.range().to(), scan.range().limit());
      this.<ScanResult>onFront(
          scan.range().group(),
          (front, listener) -> front.scan(spec, deadlineNanos, listener),
          result -> new KvAnswer.Page(page(result)),
          done);
    } else {
      outcome(((KvCall.AskOutcome) call).question(), deadlineNanos, done);
    }
  }

  private void execute(Request request, long deadlineNanos, Consumer<KvAnswer> done) {
    Optional<Routes> routes = routesFor(request.transaction(), done);
    if (routes.isEmpty()) {
      return;
    }
    Optional<GroupId> only = routes.get().onlyGroupOf(request.transaction());
    if (only.isEmpty()) {
      transactions.execute(request, routes.get(), deadlineNanos, done);
      return;
    }
    this.<RequestOutcome>onFront(
        only.get(),
        (front, listener) -> front.execute(request, deadlineNanos, listener),
        KvAnswer::of,
        done);
  }

  private void read(Transaction transaction, long deadlineNanos, Consumer<KvAnswer> done) {
    Optional<Routes> routes = routesFor(transaction, done);
    if (routes.isEmpty()) {
      return;
    }
    Optional<GroupId> only = routes.get().onlyGroupOf(transaction);
    if (only.isEmpty()) {
      transactions.read(transaction, routes.get(), deadlineNanos, done);
      return;
    }
    this.<RequestOutcome>onFront(
        only.get(),
        (front, listener) -> front.read(transaction, deadlineNanos, listener),
        KvAnswer::of,
        done);
  }

  /** The routes, or none after the call was answered because nothing can be routed. */
  private Optional<Routes> routesFor(Transaction transaction, Consumer<KvAnswer> done) {
    if (transaction.conditions().isEmpty()
        && transaction.then().isEmpty()
        && transaction.otherwise().isEmpty()) {
      fail(done, new ServiceError(ErrorCode.INVALID, "a transaction names at least one key"));
      return Optional.empty();
    }
    Optional<Routes> routes = map.routes();
    if (routes.isEmpty()) {
      fail(
          done,
          new ServiceError(ErrorCode.UNAVAILABLE, "the node does not know the configuration yet"));
    }
    return routes;
  }

  private void outcome(OutcomeQuestion question, long deadlineNanos, Consumer<KvAnswer> done) {
    this.<RequestReport>onFrontAnswer(
        question.group(),
        (front, listener) ->
            front.outcome(
                question.request(), question.keys(), question.issuedAt(), deadlineNanos, listener),
        answer -> {
          if (answer instanceof FrontAnswer.Done<RequestReport> told
              && told.value() instanceof RequestReport.Pending pending) {
            transactions.recover(
                pending.txn(),
                pending.issuedAt(),
                pending.participants(),
                () -> askAgain(question, deadlineNanos, done));
          } else {
            done.accept(answerOf(question.group(), answer, KvCalls::report));
          }
        });
  }

  /** After a recovery the group knows the outcome; if not, whoever asks may ask again. */
  private void askAgain(OutcomeQuestion question, long deadlineNanos, Consumer<KvAnswer> done) {
    this.<RequestReport>onFront(
        question.group(),
        (front, listener) ->
            front.outcome(
                question.request(), question.keys(), question.issuedAt(), deadlineNanos, listener),
        KvCalls::report,
        done);
  }

  private static KvAnswer report(RequestReport report) {
    if (report instanceof RequestReport.Committed committed) {
      return new KvAnswer.Report(new OutcomeReport.Committed(committed.committed()));
    } else if (report instanceof RequestReport.Refused refused) {
      return new KvAnswer.Report(
          new OutcomeReport.Refused(ErrorCodec.fromRefusal(refused.refusal())));
    } else if (report instanceof RequestReport.NeverExecuted) {
      return new KvAnswer.Report(new OutcomeReport.NeverExecuted());
    } else if (report instanceof RequestReport.Forgotten) {
      return new KvAnswer.Report(new OutcomeReport.Forgotten());
    }
    return new KvAnswer.Failed(
        new ServiceError(ErrorCode.OUTCOME_UNKNOWN, "the transaction is not decided yet"));
  }

  private static ScanPage page(ScanResult result) {
    List<ScanPage.Entry> entries = new ArrayList<>(result.entries().size());
    result
        .entries()
        .forEach(
            entry -> entries.add(new ScanPage.Entry(entry.key(), entry.value(), entry.version())));
    return new ScanPage(entries, result.more(), result.configurationNumber());
  }

  private <T> void onFront(
      GroupId group,
      FrontCalls.Question<FrontAnswer<T>> question,
      Function<T, KvAnswer> value,
      Consumer<KvAnswer> done) {
    this.<T>onFrontAnswer(group, question, answer -> done.accept(answerOf(group, answer, value)));
  }

  private <T> void onFrontAnswer(
      GroupId group,
      FrontCalls.Question<FrontAnswer<T>> question,
      Consumer<FrontAnswer<T>> listener) {
    if (!fronts.ask(group, question, listener)) {
      listener.accept(new FrontAnswer.NotLeader<>(Optional.empty()));
    }
  }

  private <T> KvAnswer answerOf(GroupId group, FrontAnswer<T> answer, Function<T, KvAnswer> value) {
    if (answer instanceof FrontAnswer.Done<T> told) {
      return value.apply(told.value());
    }
    return new KvAnswer.Failed(errorOf(group, answer));
  }

  private ServiceError errorOf(GroupId group, FrontAnswer<?> answer) {
    if (answer instanceof FrontAnswer.NotLeader<?> elsewhere) {
      return map.notLeader(group, elsewhere.leader());
    } else if (answer instanceof FrontAnswer.Overloaded<?> overloaded) {
      return ServiceError.overloaded(
          "too much waits in group " + group, (int) overloaded.retryAfterMillis());
    } else if (answer instanceof FrontAnswer.DeadlineExceeded<?>) {
      return new ServiceError(
          ErrorCode.DEADLINE_EXCEEDED, "the request's time was over before it was logged");
    } else if (answer instanceof FrontAnswer.Denied<?> denied) {
      return errorOf(denied.refusal());
    }
    return new ServiceError(
        ErrorCode.OUTCOME_UNKNOWN, "group " + group + " lost sight of the request");
  }

  private ServiceError errorOf(Refusal refusal) {
    return refusal.reason() == Refusal.Reason.WRONG_GROUP
        ? ServiceError.wrongGroup(refusal.detail(), map.configurationNumber())
        : ErrorCodec.fromRefusal(refusal);
  }

  private static void fail(Consumer<KvAnswer> done, ServiceError error) {
    done.accept(new KvAnswer.Failed(error));
  }
}
