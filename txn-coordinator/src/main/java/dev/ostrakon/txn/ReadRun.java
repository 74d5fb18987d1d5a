package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
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
 * is ready. Therefore the results are those with which FINALISE is answered once more after all
 * were ready, and they count only if every participant has the fragment ready at the final
 * timestamp then; see docs/internals/transactions.md, "Transactions that only read".
 */
final class ReadRun implements Run {
  private static final Refusal NOT_HELD =
      new Refusal(
          Refusal.Reason.NOT_ORDERED, "a participant did not hold the read until all had it");

  private static final Refusal NOT_NEEDED =
      new Refusal(Refusal.Reason.NOT_ORDERED, "the read is over");

  private enum Phase {
    /** Until all participants are ready at one timestamp. */
    ORDERING,
    /** Until all participants have said once more that they are ready there; then each may go. */
    CONFIRMING,
    /** It is answered; whoever may still have it is told to drop it. */
    RELEASING
  }

  private final TxnId id;
  private final HybridTimestamp issuedAt;
  private final List<GroupId> participants;
  private final Function<GroupId, ParticipantCall> orders;
  private final TxnRules rules;
  private final ParticipantCalls calls;

  /** What was said after all had been ready. */
  private final SortedMap<GroupId, TxnStatus> confirmed = new TreeMap<>();

  private Phase phase = Phase.ORDERING;

  /** The largest timestamp of any participant; of no meaning before all are known. */
  private HybridTimestamp last = HybridTimestamp.ZERO;

  private long configuration;
  private boolean wasFinalised;

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
    this.calls = new ParticipantCalls(participants);
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
    return calls.isEnded();
  }

  @Override
  public boolean wasFinalised() {
    return wasFinalised;
  }

  @Override
  public boolean mayBeLogged() {
    return calls.mayBeLogged();
  }

  @Override
  public long overloadedMillis() {
    return calls.overloadedMillis();
  }

  @Override
  public @Nullable Effect poll() {
    return calls.poll();
  }

  @Override
  public void start() {
    advance();
  }

  @Override
  public void onAnswer(GroupId group, long number, ParticipantAnswer answer) {
    if (calls.onAnswer(group, number, answer, this::onStatus)) {
      advance();
    }
  }

  @Override
  public void onPauseOver(GroupId group, long number) {
    if (calls.onPauseOver(group, number)) {
      advance();
    }
  }

  @Override
  public void onFollowed(TxnReport report) {
    throw new IllegalStateException("a read follows nobody, was told " + report);
  }

  @Override
  public void abandon() {
    calls.abandon();
  }

  private void onStatus(Leg leg, ParticipantCall.@Nullable Kind asked, TxnStatus status) {
    if (asked == ParticipantCall.Kind.APPLY) {
      leg.isGone = true;
      return;
    }
    switch (phase) {
      case ORDERING -> onOrdered(leg, asked, status);
      case CONFIRMING -> onConfirmed(leg, status);
      case RELEASING -> onReleasing(leg, status);
    }
  }

  private void onOrdered(Leg leg, ParticipantCall.@Nullable Kind asked, TxnStatus status) {
    if (leg.status != null && !Decision.isPending(status)) {
      // An AWAIT may have been answered by a leader that lags behind.
      leg.isGone = asked != ParticipantCall.Kind.AWAIT;
      fail(NOT_HELD);
    } else if (leg.learn(status)) {
      leg.failures = 0;
      if (status instanceof TxnStatus.Refused refused) {
        fail(refused.refusal());
      } else if (!Decision.isBound(status, participants)) {
        leg.isGone = true; // Not what this run has ordered: it is not this one's to end.
        fail(NOT_HELD);
      }
    } else {
      calls.pause(leg);
    }
  }

  private void onConfirmed(Leg leg, TxnStatus status) {
    leg.failures = 0;
    if (isReadyAtLast(status)
        && Decision.isBound(status, participants)
        && Statuses.configurationOf(status) == configuration) {
      confirmed.put(leg.group, status);
    } else {
      leg.isGone = !Decision.isBound(status, participants);
      fail(NOT_HELD);
    }
  }

  private void onReleasing(Leg leg, TxnStatus status) {
    leg.isGone = leg.learn(status) && !Decision.isBound(status, participants);
  }

  private void advance() {
    if (phase == Phase.ORDERING) {
      judge();
    }
    if (phase == Phase.CONFIRMING && confirmed.size() == participants.size()) {
      conclude(confirmed);
    }
    if (!calls.isEnded()) {
      calls.askNext(this::nextCall);
      maybeEnd();
    }
  }

  private void judge() {
    Refusal denial = calls.denial();
    if (denial == null) {
      maybeConfirm();
    } else if (mayBeLogged()) {
      fail(denial);
    } else {
      calls.want(new Effect.Deny(denial));
      calls.end();
    }
  }

  private void maybeConfirm() {
    SortedMap<GroupId, TxnStatus> statuses = new TreeMap<>();
    HybridTimestamp highest = HybridTimestamp.ZERO;
    for (Leg leg : calls.legs()) {
      TxnStatus status = leg.status;
      if (status == null) {
        return;
      }
      statuses.put(leg.group, status);
      highest = HybridTimestamp.max(highest, Statuses.timestampOf(status));
      configuration = Statuses.configurationOf(status);
    }
    last = highest;
    if (statuses.values().stream().anyMatch(s -> Statuses.configurationOf(s) != configuration)) {
      fail(NOT_HELD); // Fragments of different cuts do not fit together.
    } else if (statuses.values().stream().allMatch(this::isReadyAtLast)) {
      phase = Phase.CONFIRMING;
      if (!rules.confirmsReads()) {
        conclude(statuses);
      }
    }
  }

  private boolean isReadyAtLast(TxnStatus status) {
    return status instanceof TxnStatus.Ready ready && ready.timestamp().equals(last);
  }

  /** All are ready at the final timestamp, and were so at one moment. */
  private void conclude(SortedMap<GroupId, TxnStatus> statuses) {
    TxnOutcome outcome = Decision.evaluate(statuses.values(), rules);
    if (outcome instanceof TxnOutcome.Abort abort) {
      fail(abort.refusal());
    } else if (outcome instanceof TxnOutcome.Commit commit) {
      SortedMap<GroupId, List<OperationResult>> results = new TreeMap<>();
      statuses.forEach(
          (group, status) -> {
            if (status instanceof TxnStatus.Ready ready
                && ready.evaluation().of(commit.branch()) instanceof BranchResult.Results given) {
              results.put(group, given.results());
            }
          });
      end(new TxnReport.Committed(last, commit.branch(), configuration, results));
    }
  }

  private void fail(Refusal refusal) {
    if (phase != Phase.RELEASING) {
      end(TxnRun.notCommitted(refusal));
    }
  }

  /** The client is answered first. */
  private void end(TxnReport report) {
    phase = Phase.RELEASING;
    calls.endAwaits();
    calls.want(new Effect.Report(report));
  }

  private Optional<ParticipantCall> nextCall(Leg leg) {
    return switch (phase) {
      case ORDERING -> nextOrder(leg);
      case CONFIRMING ->
          confirmed.containsKey(leg.group)
              ? nextRelease(leg)
              : Optional.of(new ParticipantCall.Finalise(id, last));
      case RELEASING -> nextRelease(leg);
    };
  }

  private Optional<ParticipantCall> nextOrder(Leg leg) {
    TxnStatus status = leg.status;
    if (status == null) {
      return Optional.of(orders.apply(leg.group));
    }
    HybridTimestamp at = Statuses.timestampOf(status);
    if (at.isBefore(last) && calls.all(each -> each.status != null)) {
      wasFinalised = true;
      return Optional.of(new ParticipantCall.Finalise(id, last));
    }
    return status instanceof TxnStatus.Ready
        ? Optional.empty()
        : Optional.of(new ParticipantCall.Await(id, at));
  }

  /** One that has confirmed need not hold the read until the others have, too. */
  private Optional<ParticipantCall> nextRelease(Leg leg) {
    return isReleased(leg)
        ? Optional.empty()
        : Optional.of(
            new ParticipantCall.Apply(id, HybridTimestamp.ZERO, new TxnOutcome.Abort(NOT_NEEDED)));
  }

  private static boolean isReleased(Leg leg) {
    return leg.isGone
        || leg.isUntouched()
        || (leg.status != null && !Decision.isPending(leg.status));
  }

  private void maybeEnd() {
    if (phase == Phase.RELEASING && calls.all(ReadRun::isReleased)) {
      calls.want(new Effect.End());
      calls.end();
    }
  }
}
