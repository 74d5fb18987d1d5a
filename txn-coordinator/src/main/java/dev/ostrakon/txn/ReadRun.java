package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a transaction that only reads. It has no effect, so nothing is remembered of it
 * and nobody recovers it: each participant drops it with APPLY, or on its own when it has been
 * pending for too long.
 *
 * <p>Hazard: so a participant may have dropped it, or dropped and ordered it again, before another
 * is ready. Therefore the results are those with which APPLY is answered, and they count only if
 * every participant still had the fragment ready at the final timestamp then; see
 * docs/internals/transactions.md, "Transactions that only read".
 */
final class ReadRun implements Run {
  private static final Refusal NOT_HELD =
      new Refusal(
          Refusal.Reason.NOT_ORDERED, "a participant did not hold the read until all had it");

  private enum Phase {
    /** Until all participants are ready at one timestamp. */
    ORDERING,
    /** Until all participants have read there. */
    CONFIRMING,
    /** It has failed; whoever may still have it is told. */
    RELEASING
  }

  private final TxnId id;
  private final HybridTimestamp issuedAt;
  private final List<GroupId> participants;
  private final Function<GroupId, ParticipantCall> orders;
  private final TxnRules rules;
  private final SortedMap<GroupId, Leg> legs = new TreeMap<>();
  private final SortedMap<GroupId, List<OperationResult>> results = new TreeMap<>();
  private final ArrayDeque<Effect> effects = new ArrayDeque<>();
  private Phase phase = Phase.ORDERING;

  /** Only rises. */
  private long lastNumber;

  /** The largest timestamp of any participant; of no meaning before all are known. */
  private HybridTimestamp last = HybridTimestamp.ZERO;

  private Branch branch = Branch.THEN;
  private long configuration;
  private boolean wasFinalised;
  private boolean isReported;
  private boolean isEnded;

  /**
   * @param orders what each participant is to order
   */
  ReadRun(
      TxnId id,
      HybridTimestamp issuedAt,
      List<GroupId> participants,
      Function<GroupId, ParticipantCall> orders,
      TxnRules rules) {
    this.id = id;
    this.issuedAt = issuedAt;
    this.participants = participants;
    this.orders = orders;
    this.rules = rules;
    participants.forEach(group -> legs.put(group, new Leg(group)));
  }

  @Override
  public TxnId id() {
    return id;
  }

  @Override
  public HybridTimestamp issuedAt() {
    return issuedAt;
  }

  @Override
  public List<GroupId> participants() {
    return participants;
  }

  @Override
  public boolean isRecovery() {
    return false;
  }

  @Override
  public boolean isEnded() {
    return isEnded;
  }

  @Override
  public boolean wasFinalised() {
    return wasFinalised;
  }

  @Override
  public boolean mayBeLogged() {
    return legs.values().stream().anyMatch(leg -> !leg.isUntouched());
  }

  @Override
  public long overloadedMillis() {
    return legs.values().stream().mapToLong(leg -> leg.overloadedMillis).max().orElse(0);
  }

  @Override
  public @Nullable Effect poll() {
    return effects.poll();
  }

  @Override
  public void start() {
    advance();
  }

  @Override
  public void onAnswer(GroupId group, long number, ParticipantAnswer answer) {
    Leg leg = awaited(group, number);
    if (leg == null) {
      return;
    }
    ParticipantCall.Kind asked = leg.asked;
    leg.asked = null;
    leg.overloadedMillis = 0;
    if (answer instanceof ParticipantAnswer.Status reported) {
      onStatus(leg, asked, reported.status());
    } else if (answer instanceof ParticipantAnswer.Denied denied
        && asked == ParticipantCall.Kind.ORDER) {
      leg.denial = denied.refusal();
    } else if (answer instanceof ParticipantAnswer.Overloaded overloaded) {
      leg.overloadedMillis = overloaded.retryAfterMillis();
      pause(leg);
    } else {
      // Unless whoever was asked does not lead, it may be logged, now or later.
      leg.mayBeOrdered |=
          asked == ParticipantCall.Kind.ORDER && !(answer instanceof ParticipantAnswer.NotLeader);
      pause(leg);
    }
    advance();
  }

  @Override
  public void onPauseOver(GroupId group, long number) {
    if (awaited(group, number) != null) {
      advance();
    }
  }

  @Override
  public void onFollowed(TxnReport report) {
    throw new IllegalStateException("a read follows nobody, was told " + report);
  }

  @Override
  public void abandon() {
    isEnded = true;
    effects.clear();
  }

  private @Nullable Leg awaited(GroupId group, long number) {
    Leg leg = legs.get(group);
    if (leg == null || isEnded || !leg.isBusy || leg.number != number) {
      return null;
    }
    leg.isBusy = false;
    return leg;
  }

  private void onStatus(Leg leg, ParticipantCall.@Nullable Kind asked, TxnStatus status) {
    if (asked == ParticipantCall.Kind.APPLY) {
      onApplied(leg, status);
    } else if (phase == Phase.ORDERING && leg.status != null && !Decision.isPending(status)) {
      // An AWAIT may have been answered by a leader that lags behind.
      leg.isGone = asked != ParticipantCall.Kind.AWAIT;
      fail(NOT_HELD);
    } else if (leg.learn(status)) {
      leg.failures = 0;
      if (phase == Phase.ORDERING && status instanceof TxnStatus.Refused refused) {
        fail(refused.refusal());
      } else if (phase == Phase.ORDERING && !Decision.isBound(status, participants)) {
        leg.isGone = true; // Not what this run has ordered: it is not this one's to end.
        fail(NOT_HELD);
      }
    } else {
      pause(leg);
    }
  }

  private void onApplied(Leg leg, TxnStatus status) {
    leg.isGone = phase == Phase.RELEASING || !Decision.isPending(status);
    if (phase == Phase.CONFIRMING
        && status instanceof TxnStatus.Finished finished
        && finished.timestamp().equals(last)
        && finished.outcome() instanceof TxnOutcome.Commit) {
      results.put(leg.group, finished.results());
    } else if (phase == Phase.CONFIRMING) {
      fail(NOT_HELD);
    }
  }

  private void advance() {
    if (phase == Phase.ORDERING) {
      judge();
    }
    if (isEnded) {
      return;
    }
    for (Leg leg : legs.values()) {
      if (!leg.isBusy) {
        nextCall(leg).ifPresent(call -> ask(leg, call));
      }
    }
    maybeEnd();
  }

  private void judge() {
    Optional<Refusal> denial =
        legs.values().stream().flatMap(leg -> Optional.ofNullable(leg.denial).stream()).findFirst();
    if (denial.isPresent() && mayBeLogged()) {
      fail(denial.get());
    } else if (denial.isPresent()) {
      effects.add(new Effect.Deny(denial.get()));
      isEnded = true;
    } else {
      maybeConfirm();
    }
  }

  private void maybeConfirm() {
    List<TxnStatus> statuses = new ArrayList<>(legs.size());
    HybridTimestamp highest = HybridTimestamp.ZERO;
    for (Leg leg : legs.values()) {
      if (leg.status == null) {
        return;
      }
      statuses.add(leg.status);
      highest = HybridTimestamp.max(highest, Statuses.timestampOf(leg.status));
    }
    last = highest;
    configuration = Statuses.configurationOf(statuses.get(0));
    if (statuses.stream().anyMatch(s -> Statuses.configurationOf(s) != configuration)) {
      fail(NOT_HELD); // Fragments of different cuts do not fit together.
      return;
    }
    if (!statuses.stream().allMatch(this::isReadyAtLast)) {
      return;
    }
    TxnOutcome outcome = Decision.evaluate(statuses, rules);
    if (outcome instanceof TxnOutcome.Commit commit) {
      branch = commit.branch();
      phase = Phase.CONFIRMING;
      if (!rules.confirmsReads()) {
        reportWhatIsReady();
      }
    } else if (outcome instanceof TxnOutcome.Abort abort) {
      fail(abort.refusal());
    }
  }

  private boolean isReadyAtLast(TxnStatus status) {
    return status instanceof TxnStatus.Ready ready && ready.timestamp().equals(last);
  }

  /** Only if a rule is broken. */
  private void reportWhatIsReady() {
    SortedMap<GroupId, List<OperationResult>> ready = new TreeMap<>();
    for (Leg leg : legs.values()) {
      if (leg.status instanceof TxnStatus.Ready status
          && status.evaluation().of(branch) instanceof BranchResult.Results given) {
        ready.put(leg.group, given.results());
      }
    }
    report(new TxnReport.Committed(last, branch, configuration, ready));
  }

  private Optional<ParticipantCall> nextCall(Leg leg) {
    return switch (phase) {
      case ORDERING -> nextOrder(leg);
      case CONFIRMING ->
          leg.isGone
              ? Optional.empty()
              : Optional.of(new ParticipantCall.Apply(id, last, new TxnOutcome.Commit(branch)));
      case RELEASING ->
          isReleased(leg)
              ? Optional.empty()
              : Optional.of(
                  new ParticipantCall.Apply(
                      id, HybridTimestamp.ZERO, new TxnOutcome.Abort(NOT_HELD)));
    };
  }

  private Optional<ParticipantCall> nextOrder(Leg leg) {
    TxnStatus status = leg.status;
    if (status == null) {
      return Optional.of(orders.apply(leg.group));
    }
    HybridTimestamp at = Statuses.timestampOf(status);
    boolean areAllKnown = legs.values().stream().allMatch(each -> each.status != null);
    if (areAllKnown && at.isBefore(last)) {
      wasFinalised = true;
      return Optional.of(new ParticipantCall.Finalise(id, last));
    }
    return status instanceof TxnStatus.Ready
        ? Optional.empty()
        : Optional.of(new ParticipantCall.Await(id, at));
  }

  private static boolean isReleased(Leg leg) {
    return leg.isGone
        || leg.isUntouched()
        || (leg.status != null && !Decision.isPending(leg.status));
  }

  private void fail(Refusal refusal) {
    phase = Phase.RELEASING;
    report(TxnRun.notCommitted(refusal));
  }

  private void report(TxnReport report) {
    if (!isReported) {
      isReported = true;
      effects.add(new Effect.Report(report));
    }
  }

  private void maybeEnd() {
    boolean isConfirmed = phase == Phase.CONFIRMING && results.size() == legs.size();
    if (isConfirmed) {
      report(new TxnReport.Committed(last, branch, configuration, results));
    }
    if (isConfirmed
        || (phase == Phase.RELEASING && legs.values().stream().allMatch(ReadRun::isReleased))) {
      effects.add(new Effect.End());
      isEnded = true;
    }
  }

  private void ask(Leg leg, ParticipantCall call) {
    leg.isBusy = true;
    leg.asked = call.kind();
    leg.number = ++lastNumber;
    effects.add(new Effect.Ask(leg.group, leg.number, call));
  }

  private void pause(Leg leg) {
    leg.failures++;
    leg.isBusy = true;
    leg.number = ++lastNumber;
    effects.add(new Effect.Pause(leg.group, leg.number, leg.failures, leg.overloadedMillis));
  }
}
