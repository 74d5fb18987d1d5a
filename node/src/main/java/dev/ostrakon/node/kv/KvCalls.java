package dev.ostrakon.node.kv;

import dev.ostrakon.group.FrontAnswer;
import dev.ostrakon.group.RequestReport;
import dev.ostrakon.group.ScanResult;
import dev.ostrakon.group.ScanSpec;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.FrontCalls;
import dev.ostrakon.node.cluster.Routes;
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

  /**
   * A call and where it goes, found out once.
   *
   * @param only the group that owns all keys; empty for calls of other kinds, too
   */
  record Routed(KvCall call, Kind kind, Optional<Routes> routes, Optional<GroupId> only) {}

  /** Finds out where a call goes. */
  Routed route(KvCall call) {
    if (call instanceof KvCall.Execute execute) {
      return route(call, execute.request().transaction(), Kind.WRITE, Kind.MULTI_GROUP_WRITE);
    } else if (call instanceof KvCall.Read read) {
      return route(call, read.transaction(), Kind.READ, Kind.MULTI_GROUP_READ);
    }
    Kind kind = call instanceof KvCall.Scan ? Kind.SCAN : Kind.OUTCOME;
    return new Routed(call, kind, Optional.empty(), Optional.empty());
  }

  private Routed route(KvCall call, Transaction transaction, Kind inOneGroup, Kind inSeveral) {
    Optional<Routes> routes = map.routes();
    Optional<GroupId> only = routes.flatMap(known -> known.onlyGroupOf(transaction));
    return new Routed(call, only.isPresent() ? inOneGroup : inSeveral, routes, only);
  }

  /** Carries a call out. */
  void call(Routed routed, long deadlineNanos, Consumer<KvAnswer> done) {
    if (routed.call() instanceof KvCall.Execute execute) {
      execute(routed, execute.request(), deadlineNanos, done);
    } else if (routed.call() instanceof KvCall.Read read) {
      read(routed, read.transaction(), deadlineNanos, done);
    } else if (isUnknown(groupOf(routed.call()), done)) {
      return;
    } else if (routed.call() instanceof KvCall.Scan scan) {
      ScanSpec spec = new ScanSpec(scan.range().from(), scan.range().to(), scan.range().limit());
      this.<ScanResult>onFront(
          scan.range().group(),
          (front, listener) -> front.scan(spec, deadlineNanos, listener),
          result -> new KvAnswer.Page(page(result)),
          done);
    } else {
      outcome(((KvCall.AskOutcome) routed.call()).question(), deadlineNanos, done);
    }
  }

  private static GroupId groupOf(KvCall call) {
    return call instanceof KvCall.Scan scan
        ? scan.range().group()
        : ((KvCall.AskOutcome) call).question().group();
  }

  /** Whether there is no such group; if so, the call was answered. */
  private boolean isUnknown(GroupId group, Consumer<KvAnswer> done) {
    Configuration known = map.routes().map(Routes::configuration).orElse(null);
    if (known == null || known.groups().containsKey(group)) {
      return false;
    }
    fail(
        done,
        new ServiceError(
            ErrorCode.INVALID,
            "there is no group "
                + group.number()
                + " in configuration "
                + known.number()
                + ", which has "
                + known.groups().keySet()));
    return true;
  }

  private void execute(
      Routed routed, Request request, long deadlineNanos, Consumer<KvAnswer> done) {
    if (routed.only().isPresent()) {
      this.<RequestOutcome>onFront(
          routed.only().get(),
          (front, listener) -> front.execute(request, deadlineNanos, listener),
          KvAnswer::of,
          done);
    } else if (mayBeRouted(routed, request.transaction(), done)) {
      transactions.execute(request, routed.routes().orElseThrow(), deadlineNanos, done);
    }
  }

  private void read(
      Routed routed, Transaction transaction, long deadlineNanos, Consumer<KvAnswer> done) {
    if (routed.only().isPresent()) {
      this.<RequestOutcome>onFront(
          routed.only().get(),
          (front, listener) -> front.read(transaction, deadlineNanos, listener),
          KvAnswer::of,
          done);
    } else if (mayBeRouted(routed, transaction, done)) {
      transactions.read(transaction, routed.routes().orElseThrow(), deadlineNanos, done);
    }
  }

  /** Whether a transaction can go to several groups; if not, the call was answered. */
  private static boolean mayBeRouted(
      Routed routed, Transaction transaction, Consumer<KvAnswer> done) {
    if (routed.routes().isEmpty()) {
      fail(
          done,
          new ServiceError(ErrorCode.UNAVAILABLE, "the node does not know the configuration yet"));
      return false;
    }
    if (transaction.keys().isEmpty()) {
      fail(done, new ServiceError(ErrorCode.INVALID, "a transaction names at least one key"));
      return false;
    }
    return true;
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
    } else if (report instanceof RequestReport.CommittedInPart part) {
      return new KvAnswer.Report(new OutcomeReport.ResultsLost(part.timestamp(), part.branch()));
    } else if (report instanceof RequestReport.Refused refused) {
      return new KvAnswer.Report(
          new OutcomeReport.Refused(ErrorCodec.fromRefusal(refused.refusal())));
    } else if (report instanceof RequestReport.NeverExecuted) {
      return new KvAnswer.Report(new OutcomeReport.NeverExecuted());
    } else if (report instanceof RequestReport.NotHeardOf) {
      return new KvAnswer.Report(new OutcomeReport.NotHeardOf());
    } else if (report instanceof RequestReport.Acknowledged) {
      return new KvAnswer.Report(new OutcomeReport.Acknowledged());
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
      return map.refused(denied.refusal());
    }
    return new ServiceError(
        ErrorCode.OUTCOME_UNKNOWN, "group " + group + " lost sight of the request");
  }

  private static void fail(Consumer<KvAnswer> done, ServiceError error) {
    done.accept(new KvAnswer.Failed(error));
  }
}
