package dev.ostrakon.client;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.OutcomeQuestion;
import dev.ostrakon.protocol.OutcomeReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Questions for what became of a request. */
final class Outcomes {
  private final ClientLoop loop;
  private final long deadlineNanos;

  Outcomes(ClientLoop loop, long deadlineNanos) {
    this.loop = loop;
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * Asks the group of the first key, for every group that took part knows or refuses from then on;
   * without keys all groups.
   */
  CompletableFuture<Outcome> ask(LostRequest request) {
    if (!request.keys().isEmpty()) {
      Key first = request.keys().get(0);
      return loop.submit(call(request, router -> router.groupOf(first)));
    }
    return loop.view(deadlineNanos).thenCompose(view -> askAll(request, view));
  }

  private CompletableFuture<Outcome> askAll(LostRequest request, ClusterView view) {
    List<CompletableFuture<Outcome>> asked = new ArrayList<>();
    for (GroupId group : view.configuration().groups().keySet()) {
      asked.add(loop.submit(call(request, router -> group)));
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> together(asked.stream().map(CompletableFuture::join).toList()));
  }

  private GroupCall<Outcome> call(LostRequest request, Function<Router, GroupId> chooser) {
    return new GroupCall<>(
        loop,
        deadlineNanos,
        chooser,
        group ->
            new KvCall.AskOutcome(
                new OutcomeQuestion(request.id(), group, request.keys(), request.issuedAt())),
        answer -> of(((KvAnswer.Report) answer).report()));
  }

  /** One that knows it is believed before those that do not; who knows less, the later. */
  static Outcome together(List<Outcome> outcomes) {
    return outcomes.stream()
        .min(Comparator.comparingInt(Outcomes::rank))
        .orElseGet(() -> new Outcome.NotCommitted("there is no group that could have heard of it"));
  }

  private static int rank(Outcome outcome) {
    if (outcome instanceof Outcome.Committed || outcome instanceof Outcome.ResultsLost) {
      return 0;
    } else if (outcome instanceof Outcome.Acknowledged) {
      return 1;
    } else if (outcome instanceof Outcome.NotCommitted) {
      return 2; // Remembered by one group, so it was sent within the window, for all groups.
    } else if (outcome instanceof Outcome.Forgotten) {
      return 3;
    }
    return 4;
  }

  static Outcome of(OutcomeReport report) {
    if (report instanceof OutcomeReport.Committed committed) {
      return new Outcome.Committed(TxnResult.of(committed.committed()));
    } else if (report instanceof OutcomeReport.ResultsLost lost) {
      return new Outcome.ResultsLost(lost.timestamp(), lost.branch());
    } else if (report instanceof OutcomeReport.Refused refused) {
      return new Outcome.NotCommitted(refused.reason().code() + ": " + refused.reason().message());
    } else if (report instanceof OutcomeReport.NeverExecuted) {
      return new Outcome.NotCommitted("it had not happened and never will");
    }
    if (report instanceof OutcomeReport.NotHeardOf) {
      return new Outcome.NotHeardOf();
    } else if (report instanceof OutcomeReport.Acknowledged) {
      return new Outcome.Acknowledged();
    }
    return new Outcome.Forgotten();
  }
}
