package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Answers coordinators for this group. */
final class Participant {
  /** An await with its call, its entry and those who listen. */
  private static final int AWAIT_BYTES = 240;

  private static final int FORGOTTEN_BYTES = HeapSizes.TXN_ID + HeapSizes.REFERENCE;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final FrontDesk desk;
  private final ShardFrontConfig config;
  private final PendingCalls calls;
  private final Awaits awaits;

  Participant(FrontDesk desk, ShardFrontConfig config, PendingCalls calls) {
    this.desk = desk;
    this.config = config;
    this.calls = calls;
    this.awaits = new Awaits(config, desk.state());
  }

  void onChange(TxnId txn) {
    awaits.onChange(txn);
  }

  void prune() {
    awaits.prune();
  }

  void onCall(ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> listener) {
    if (call instanceof ParticipantCall.Order order) {
      order(order, deadlineNanos, listener);
    } else if (call instanceof ParticipantCall.Refuse refuse) {
      refuse(refuse, deadlineNanos, listener);
    } else if (call instanceof ParticipantCall.Finalise finalise) {
      finalise(finalise, deadlineNanos, listener);
    } else if (call instanceof ParticipantCall.Await await) {
      await(await, deadlineNanos, listener);
    } else if (call instanceof ParticipantCall.Apply apply) {
      Command command = new Command.Apply(apply.txn(), apply.timestamp(), apply.outcome());
      log(command, desk.door().nonsense(apply.timestamp()), deadlineNanos, listener);
    } else if (call instanceof ParticipantCall.Forget forget) {
      log(
          new Command.Forget(forget.txns()),
          desk.door().forgets(forget.txns()),
          deadlineNanos,
          listener);
    } else if (call instanceof ParticipantCall.Read read) {
      desk.view(
          read.fragment(),
          state -> Views.evaluation(read.fragment(), state),
          deadlineNanos,
          answer -> listener.accept(seen(answer)));
    } else {
      throw new IllegalStateException("a call of no known kind: " + call.kind());
    }
  }

  private void order(
      ParticipantCall.Order order, long deadlineNanos, Consumer<ParticipantAnswer> listener) {
    Optional<Refusal> refusal =
        desk.door()
            .clockSkew(order.proposed())
            .or(() -> desk.refusal(order.request()))
            .or(() -> desk.door().participants(order.participants(), desk.state().state()));
    if (refusal.isPresent()) {
      listener.accept(new ParticipantAnswer.Denied(refusal.get()));
      return;
    }
    Command command =
        new Command.Order(
            order.request(),
            order.proposed(),
            order.participants(),
            order.configuration(),
            order.isReadOnly());
    Consumer<FrontAnswer<CommandResult>> onResult = answer -> listener.accept(logged(answer));
    if (desk.maybeJoin(command, deadlineNanos, onResult)) {
      return;
    }
    if (desk.mayBeCopy(order.proposed()) && desk.state().isKnown(order.request())) {
      // It is in the log, and a look at the log is as good as another entry in it.
      listener.accept(new ParticipantAnswer.Status(desk.state().status(order.request().id())));
      return;
    }
    if (!desk.hasMemoryFor(order.request())) {
      listener.accept(said(desk.overloaded()));
      return;
    }
    desk.log(command, FrontDesk.bytesOf(order.request()), deadlineNanos, onResult);
  }

  private void refuse(
      ParticipantCall.Refuse refuse, long deadlineNanos, Consumer<ParticipantAnswer> listener) {
    boolean isNew = desk.state().status(refuse.txn()) instanceof TxnStatus.Unknown;
    if (isNew && !desk.hasMemoryForRefusal()) {
      listener.accept(said(desk.overloaded()));
      return;
    }
    Command command = new Command.Refuse(refuse.txn(), refuse.issuedAt(), List.of());
    log(command, desk.door().replicated(refuse.issuedAt()), deadlineNanos, listener);
  }

  private void finalise(
      ParticipantCall.Finalise finalise, long deadlineNanos, Consumer<ParticipantAnswer> listener) {
    if (desk.rules().logsFinalise()) {
      log(
          new Command.Finalise(finalise.txn(), finalise.timestamp()),
          desk.door().replicated(finalise.timestamp()),
          deadlineNanos,
          listener);
    } else {
      listener.accept(pretended(finalise));
    }
  }

  /** What a leader would say that moves a transaction in its own memory only. */
  private ParticipantAnswer pretended(ParticipantCall.Finalise finalise) {
    TxnStatus status = desk.state().status(finalise.txn());
    return new ParticipantAnswer.Status(
        status instanceof TxnStatus.Ready ready
            ? new TxnStatus.Ready(
                ready.proposal(),
                finalise.timestamp(),
                ready.participants(),
                ready.configuration(),
                ready.fingerprint(),
                ready.evaluation())
            : status);
  }

  private void log(
      Command command,
      Optional<Refusal> refusal,
      long deadlineNanos,
      Consumer<ParticipantAnswer> listener) {
    if (refusal.isPresent()) {
      listener.accept(new ParticipantAnswer.Denied(refusal.get()));
    } else {
      desk.log(command, bytesOf(command), deadlineNanos, answer -> listener.accept(logged(answer)));
    }
  }

  private static long bytesOf(Command command) {
    return command instanceof Command.Forget forget
        ? FrontDesk.COMMAND_BYTES + (long) FORGOTTEN_BYTES * forget.txns().size()
        : FrontDesk.COMMAND_BYTES;
  }

  /** Answered a little before the deadline with whatever is known then. */
  private void await(
      ParticipantCall.Await await, long deadlineNanos, Consumer<ParticipantAnswer> listener) {
    if (calls.isFull() || !awaits.hasRoom(await.txn())) {
      listener.accept(said(desk.overloaded()));
      return;
    }
    long endNanos = deadlineNanos - config.awaitMarginMillis() * NANOS_PER_MILLI;
    PendingCall<TxnStatus> call =
        calls.add(AWAIT_BYTES, endNanos, answer -> listener.accept(awaited(await.txn(), answer)));
    awaits.add(await.txn(), await.timestamp(), call);
  }

  private ParticipantAnswer awaited(TxnId txn, FrontAnswer<TxnStatus> answer) {
    if (answer instanceof FrontAnswer.Done<TxnStatus> done) {
      return new ParticipantAnswer.Status(done.value());
    }
    return answer instanceof FrontAnswer.DeadlineExceeded<TxnStatus> && desk.state().isLoaded()
        ? new ParticipantAnswer.Status(desk.state().status(txn))
        : said(answer);
  }

  private static ParticipantAnswer seen(FrontAnswer<Evaluation> answer) {
    return answer instanceof FrontAnswer.Done<Evaluation> done
        ? new ParticipantAnswer.Seen(done.value())
        : said(answer);
  }

  private static ParticipantAnswer logged(FrontAnswer<CommandResult> answer) {
    if (!(answer instanceof FrontAnswer.Done<CommandResult> done)) {
      return said(answer);
    }
    CommandResult result = done.value();
    if (result instanceof CommandResult.Status status) {
      return new ParticipantAnswer.Status(status.status());
    }
    if (result instanceof CommandResult.Denied denied) {
      return new ParticipantAnswer.Denied(denied.refusal());
    }
    if (result instanceof CommandResult.Rejected rejected) {
      return new ParticipantAnswer.Denied(new Refusal(Refusal.Reason.INVALID, rejected.reason()));
    }
    return new ParticipantAnswer.Done();
  }

  /** Of a call that was not carried out here. */
  private static <T> ParticipantAnswer said(FrontAnswer<T> answer) {
    if (answer instanceof FrontAnswer.Denied<T> denied) {
      return new ParticipantAnswer.Denied(denied.refusal());
    }
    if (answer instanceof FrontAnswer.NotLeader<T> elsewhere) {
      return new ParticipantAnswer.NotLeader(elsewhere.leader());
    }
    if (answer instanceof FrontAnswer.Overloaded<T> overloaded) {
      return new ParticipantAnswer.Overloaded(overloaded.retryAfterMillis());
    }
    return new ParticipantAnswer.Lost();
  }
}
