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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a transaction, driven by its original coordinator or by a recovery. The two differ
 * in one thing: where a participant has not heard of it, one orders and the other refuses.
 *
 * <p>A pure state machine: answers and ends of pauses go in, {@link Effect}s come out. It has at
 * most one call or pause underway for each participant.
 */
final class TxnRun implements Run {
  private static final Refusal SUPERSEDED =
      new Refusal(Refusal.Reason.NOT_ORDERED, "the attempt did not reach all its participants");

  private final TxnId id;
  private final HybridTimestamp issuedAt;
  private final List<GroupId> participants;
  private final @Nullable Function<GroupId, ParticipantCall> orders;
  private final TxnRules rules;
  private final ParticipantCalls calls;

  /** What is decided holds for these participants, whoever evaluates it. */
  private Verdict verdict = new Verdict.Unproposed();

  private boolean wasFinalised;
  private boolean isReported;

  private TxnRun(
      TxnId id,
      HybridTimestamp issuedAt,
      List<GroupId> participants,
      @Nullable Function<GroupId, ParticipantCall> orders,
      TxnRules rules) {
    this.id = id;
    this.issuedAt = issuedAt;
    this.participants = participants;
    this.orders = orders;
    this.rules = rules;
    this.calls = new ParticipantCalls(participants);
  }

  /**
   * The original run.
   *
   * @param orders what each participant is to order
   */
  static TxnRun original(
      TxnId id,
      HybridTimestamp issuedAt,
      List<GroupId> participants,
      Function<GroupId, ParticipantCall> orders,
      TxnRules rules) {
    return new TxnRun(id, issuedAt, participants, orders, rules);
  }

  /** A recovery. */
  static TxnRun recovery(
      TxnId id, HybridTimestamp issuedAt, List<GroupId> participants, TxnRules rules) {
    return new TxnRun(id, issuedAt, participants, null, rules);
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
    return orders == null;
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
  public List<GroupId> waitsFor() {
    return calls.busy();
  }

  @Override
  public long overloadedMillis() {
    return calls.overloadedMillis();
  }

  @Override
  public @Nullable Effect poll() {
    return calls.poll();
  }

  /** PROTOCOL.md, "The coordinator", 1: to every participant's leader, in parallel. */
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
    report(report);
    advance();
  }

  @Override
  public void abandon() {
    calls.abandon();
  }

  private void onStatus(Leg leg, ParticipantCall.@Nullable Kind asked, TxnStatus status) {
    boolean isUnknown = status instanceof TxnStatus.Unknown;
    if (isUnknown && isRecovery() && !rules.recoveryRefuses()) {
      leg.learn(new TxnStatus.Refused(SUPERSEDED));
    } else if (leg.learn(status)) {
      leg.failures = 0;
    } else if (isUnknown && asked == ParticipantCall.Kind.APPLY) {
      leg.isGone = true; // It has forgotten what all have ended.
    } else {
      calls.pause(leg);
    }
  }

  private void advance() {
    judge();
    if (maybeDeny()) {
      return;
    }
    calls.askNext(this::nextCall);
    maybeReport();
    maybeEnd();
  }

  private boolean isDecided() {
    return !(verdict instanceof Verdict.Unproposed || verdict instanceof Verdict.Proposed);
  }

  /**
   * Judges anew what is known, until that is reported: an abort may turn out to be only that of
   * these participants, and the transaction to have been carried out under others.
   */
  private void judge() {
    boolean isAborted =
        verdict instanceof Verdict.Decided decided && decided.outcome() instanceof TxnOutcome.Abort;
    if (isDecided() && (isReported || !isAborted)) {
      return;
    }
    SortedMap<GroupId, TxnStatus> known = new TreeMap<>();
    for (Leg leg : calls.legs()) {
      if (leg.status != null) {
        known.put(leg.group, leg.status);
      }
    }
    verdict = Decision.judge(participants, known, rules);
    if (isDecided()) {
      calls.endAwaits();
    }
    if (isDecided() && !isAborted && !rules.forgetsWhenAllHaveEnded()) {
      calls.want(new Effect.Forget(participants));
    }
    if (verdict instanceof Verdict.Elsewhere elsewhere) {
      calls.want(new Effect.Follow(elsewhere.participants()));
    }
  }

  /**
   * Whether no participant has logged anything and one will not: then the attempt is as good as
   * never made. If others have logged it, or may have, the one that will not has to refuse it in
   * its log before anybody may say that it is aborted.
   */
  private boolean maybeDeny() {
    Refusal denial = calls.denial();
    if (denial == null || mayBeLogged()) {
      return false;
    }
    calls.want(new Effect.Deny(denial));
    calls.end();
    return true;
  }

  private Optional<ParticipantCall> nextCall(Leg leg) {
    if (isDecided()) {
      return isSettled(leg) ? Optional.empty() : Optional.of(settle(leg));
    }
    TxnStatus status = leg.status;
    if (status == null) {
      return firstCall(leg);
    }
    if (Decision.isInsideOneGroup(status)) {
      return Optional.of(new ParticipantCall.Await(id, Statuses.timestampOf(status)));
    }
    if (!(verdict instanceof Verdict.Proposed proposed)) {
      return isReady(status) && !rules.appliesAfterDecision()
          ? Optional.of(hastyApply(status))
          : Optional.empty();
    }
    HybridTimestamp last = proposed.timestamp();
    if (Statuses.timestampOf(status).isBefore(last) && rules.finalises()) {
      wasFinalised = true;
      return Optional.of(new ParticipantCall.Finalise(id, last));
    }
    if (isReady(status)) {
      return rules.appliesAfterDecision() ? Optional.empty() : Optional.of(hastyApply(status));
    }
    return Optional.of(new ParticipantCall.Await(id, Statuses.timestampOf(status)));
  }

  private static boolean isReady(TxnStatus status) {
    return status instanceof TxnStatus.Ready;
  }

  /**
   * PROTOCOL.md, "The coordinator", 1, and "Recovery": order-or-refuse. Once a participant has
   * denied the order nothing more is ordered, and what may be ordered is made certain.
   */
  private Optional<ParticipantCall> firstCall(Leg leg) {
    if (orders == null) {
      return Optional.of(refuse());
    }
    if (calls.denial() == null) {
      return Optional.of(orders.apply(leg.group));
    }
    boolean mustRefuse = leg.mayBeOrdered || (leg.denial != null && isAnyLogged());
    return mustRefuse ? Optional.of(refuse()) : Optional.empty();
  }

  private boolean isAnyLogged() {
    return calls.legs().stream().anyMatch(leg -> leg.status != null || leg.mayBeOrdered);
  }

  private ParticipantCall refuse() {
    return rules.recoveryRefuses()
        ? new ParticipantCall.Refuse(id, issuedAt)
        : new ParticipantCall.Await(id, HybridTimestamp.ZERO);
  }

  /** Only if a rule is broken: as if it were decided here and now. */
  private ParticipantCall hastyApply(TxnStatus status) {
    boolean holds = status instanceof TxnStatus.Ready ready && ready.evaluation().conditionsHold();
    return new ParticipantCall.Apply(
        id,
        Statuses.timestampOf(status),
        new TxnOutcome.Commit(holds ? Branch.THEN : Branch.OTHERWISE));
  }

  /**
   * PROTOCOL.md, "The coordinator", 3 Apply: to all participants until acknowledged. One that is
   * not known to have ordered it and may yet is made to refuse it, lest it order it afterwards.
   */
  private ParticipantCall settle(Leg leg) {
    TxnStatus status = leg.status;
    if (verdict instanceof Verdict.Decided decided) {
      if (status == null && !isCommitted()) {
        return refuse();
      }
      HybridTimestamp at =
          rules.finalises() || status == null ? decided.timestamp() : Statuses.timestampOf(status);
      return new ParticipantCall.Apply(id, at, decided.outcome());
    }
    return status == null
        ? refuse()
        : new ParticipantCall.Apply(id, HybridTimestamp.ZERO, new TxnOutcome.Abort(SUPERSEDED));
  }

  /**
   * Whether the participant needs to hear nothing more. One that takes part with others must not
   * hear an outcome that is not theirs.
   */
  private boolean isSettled(Leg leg) {
    TxnStatus status = leg.status;
    if (status == null) {
      return leg.isGone || (!isRecovery() && leg.isUntouched() && !isCommitted());
    }
    return leg.isGone
        || Statuses.isEnded(status)
        || (rules.requiresEqualParticipants() && !Decision.isBound(status, participants));
  }

  private boolean isCommitted() {
    return verdict instanceof Verdict.Decided decided
        && decided.outcome() instanceof TxnOutcome.Commit;
  }

  private void maybeReport() {
    if (isReported) {
      return;
    }
    if (verdict instanceof Verdict.Decided decided) {
      if (decided.outcome() instanceof TxnOutcome.Abort abort) {
        maybeReportAborted(abort.refusal());
      } else if (decided.outcome() instanceof TxnOutcome.Commit commit) {
        maybeReportCommitted(decided.timestamp(), commit.branch());
      }
    } else if (verdict instanceof Verdict.Remembered remembered) {
      if (remembered.outcome() instanceof TxnOutcome.Abort abort) {
        report(notCommitted(abort.refusal()));
      } else if (remembered.outcome() instanceof TxnOutcome.Commit commit) {
        report(
            new TxnReport.Committed(
                remembered.timestamp(), commit.branch(), 0, results(commit.branch())));
      }
    }
  }

  /**
   * The abort holds for these participants. The same attempt can have been ordered under others
   * before, by another configuration; whether it was is known once all of these have told, and only
   * if they all serve the keys: what was finished elsewhere they then remember.
   */
  private void maybeReportAborted(Refusal refusal) {
    if (calls.legs().stream().anyMatch(leg -> leg.status == null && !isSettled(leg))) {
      return;
    }
    boolean isOfAllSendings = rules.tellsCertainAborts() && calls.all(TxnRun::servesItsKeys);
    Refusal denial = calls.denial();
    if (isOfAllSendings || isRecovery()) {
      report(notCommitted(denial == null ? refusal : denial));
    } else {
      report(new TxnReport.Displaced(denial == null ? refusal : denial));
    }
  }

  private static boolean servesItsKeys(Leg leg) {
    return leg.status != null
        && !(leg.status instanceof TxnStatus.Refused refused
            && refused.refusal().reason() == Refusal.Reason.WRONG_GROUP);
  }

  /** As soon as all results are known: at once, unless somebody else had it applied already. */
  private void maybeReportCommitted(HybridTimestamp at, Branch branch) {
    SortedMap<GroupId, List<OperationResult>> results = results(branch);
    for (Leg leg : calls.legs()) {
      if (!results.containsKey(leg.group) && !leg.isGone && !isRefused(leg)) {
        return;
      }
    }
    report(new TxnReport.Committed(at, branch, configuration(), results));
  }

  private static boolean isRefused(Leg leg) {
    return leg.status instanceof TxnStatus.Refused;
  }

  private SortedMap<GroupId, List<OperationResult>> results(Branch branch) {
    SortedMap<GroupId, List<OperationResult>> results = new TreeMap<>();
    for (Leg leg : calls.legs()) {
      if (leg.status instanceof TxnStatus.Finished finished
          && finished.outcome() instanceof TxnOutcome.Commit) {
        results.put(leg.group, finished.results());
      } else if (leg.status instanceof TxnStatus.Ready ready
          && Decision.counts(ready, timestampOf(verdict), rules)
          && ready.evaluation().of(branch) instanceof BranchResult.Results given) {
        results.put(leg.group, given.results());
      }
    }
    return results;
  }

  /** By which all participants have it; 0 if some do not say. */
  private long configuration() {
    long configuration = 0;
    for (Leg leg : calls.legs()) {
      if (leg.status == null || !Decision.isBound(leg.status, participants)) {
        return 0;
      }
      configuration = Statuses.configurationOf(leg.status);
    }
    return configuration;
  }

  private static HybridTimestamp timestampOf(Verdict verdict) {
    return verdict instanceof Verdict.Decided decided ? decided.timestamp() : HybridTimestamp.ZERO;
  }

  static TxnReport notCommitted(Refusal refusal) {
    return refusal.reason() == Refusal.Reason.WINDOW_PASSED
        ? new TxnReport.Forgotten(refusal)
        : new TxnReport.NotCommitted(refusal);
  }

  private void report(TxnReport report) {
    if (!isReported) {
      isReported = true;
      calls.want(new Effect.Report(orInvalid(report)));
    }
  }

  /**
   * A participant that takes the order for invalid may know the id with another body: whatever
   * became of that one is no answer to whoever sent this one.
   */
  private TxnReport orInvalid(TxnReport report) {
    Refusal denial = calls.denial();
    return denial != null && denial.reason() == Refusal.Reason.INVALID && !isRecovery()
        ? new TxnReport.NotCommitted(denial)
        : report;
  }

  /** PROTOCOL.md, "The coordinator", 3: when all have applied, FORGET. */
  private void maybeEnd() {
    if (calls.isEnded() || !isReported || !calls.all(this::isSettled)) {
      return;
    }
    List<GroupId> finished = new ArrayList<>();
    for (Leg leg : calls.legs()) {
      if (leg.status instanceof TxnStatus.Finished status
          && Decision.isBound(status, participants)) {
        finished.add(leg.group);
      }
    }
    if (!finished.isEmpty() && rules.forgetsWhenAllHaveEnded()) {
      calls.want(new Effect.Forget(finished));
    }
    calls.want(new Effect.End());
    calls.end();
  }
}
