package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.TxnId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What became of a request: settles it in the log, so that the answer stays true. */
final class OutcomeQuestions {
  private final FrontDesk desk;
  private final HybridLogicalClock clock;
  private final Executions executions;

  OutcomeQuestions(FrontDesk desk, HybridLogicalClock clock, Executions executions) {
    this.desk = desk;
    this.clock = clock;
    this.executions = executions;
  }

  void ask(OutcomeAsk ask, long deadlineNanos, Consumer<FrontAnswer<RequestReport>> listener) {
    Optional<Refusal> refusal = desk.door().clockSkew(ask.issuedAt());
    List<Slot> slots = Door.servedSlotsOf(ask.keys(), desk.state().state());
    if (refusal.isPresent()) {
      listener.accept(new FrontAnswer.Denied<>(refusal.get()));
    } else if (slots.isEmpty()) {
      listener.accept(new FrontAnswer.Denied<>(desk.state().state().wrongGroup()));
    } else if (!desk.hasMemoryForRefusal()) {
      listener.accept(desk.overloaded());
    } else {
      TxnId any = new TxnId(ask.request(), Integer.MAX_VALUE);
      desk.log(
          new Command.Refuse(any, ask.isTimeKnown() ? ask.issuedAt() : latestIssue(), slots),
          FrontDesk.COMMAND_BYTES + (long) Short.BYTES * slots.size(),
          deadlineNanos,
          answer -> onSettled(ask, answer, deadlineNanos, listener));
    }
  }

  /**
   * No request that is on its way now was issued later than this: its refusal is remembered for
   * longer than it is let in.
   */
  private HybridTimestamp latestIssue() {
    HybridTimestamp now = clock.now();
    return new HybridTimestamp(now.wallMillis() + clock.maxClockSkewMillis(), now.logical());
  }

  private void onSettled(
      OutcomeAsk ask,
      FrontAnswer<CommandResult> answer,
      long deadlineNanos,
      Consumer<FrontAnswer<RequestReport>> listener) {
    if (answer instanceof FrontAnswer.Done<CommandResult> done
        && done.value() instanceof CommandResult.Acknowledged) {
      listener.accept(new FrontAnswer.Done<>(new RequestReport.Acknowledged()));
      return;
    }
    if (!(answer instanceof FrontAnswer.Done<CommandResult> done
        && done.value() instanceof CommandResult.Settled settled)) {
      listener.accept(answer.then(desk::undone));
      return;
    }
    Optional<RequestOutcome> justNow = executions.outcomeOfThisEntry(ask.request());
    Optional<TxnRecord> pending = desk.state().state().records.pendingAttempt(ask.request());
    if (justNow.isPresent()) {
      listener.accept(new FrontAnswer.Done<>(Reports.of(justNow.get())));
    } else if (pending.isEmpty() && !Reports.isEnd(settled.status())) {
      ask(ask, deadlineNanos, listener); // It came to its end later within the same entry.
    } else if (pending.isEmpty()) {
      listener.accept(new FrontAnswer.Done<>(Reports.of(settled, ask.isTimeKnown())));
    } else if (pending.get().state == TxnRecord.State.WAITING_REQUEST) {
      executions.await(
          pending.get().id,
          deadlineNanos,
          outcome -> listener.accept(outcome.then(o -> new FrontAnswer.Done<>(Reports.of(o)))));
    } else {
      listener.accept(new FrontAnswer.Done<>(Reports.pending(pending.get())));
    }
  }
}
