package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.Fingerprint;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * PROTOCOL.md, "The coordinator", 2 Decide: the outcome as a pure function of what the
 * participants' logs hold. The original coordinator and every recovery use this one function.
 */
final class Decision {
  private static final Refusal DIFFERENT_CUTS =
      new Refusal(
          Refusal.Reason.NOT_ORDERED,
          "the attempt was ordered in fragments of different configurations");

  private static final Refusal DIFFERENT_BODIES =
      new Refusal(
          Refusal.Reason.INVALID,
          "the id of the request was used for two transactions at once, and neither is done");

  private Decision() {}

  /**
   * Judges what is known.
   *
   * @param participants all of them, ascending
   * @param known the statuses reported so far, none of them unknown
   */
  static Verdict judge(
      List<GroupId> participants, SortedMap<GroupId, TxnStatus> known, TxnRules rules) {
    Collection<TxnStatus> statuses = known.values();
    Optional<Verdict> ended = ended(participants, statuses, rules);
    if (ended.isPresent()) {
      return ended.get();
    }
    if (known.size() < participants.size()) {
      return new Verdict.Unproposed();
    }
    HybridTimestamp last = finalTimestamp(statuses);
    if (!doAllCount(statuses, last, rules) && rules.decidesWhenAllAreReady()) {
      return new Verdict.Proposed(last);
    }
    return new Verdict.Decided(last, evaluate(statuses, rules));
  }

  private static boolean doAllCount(
      Collection<TxnStatus> statuses, HybridTimestamp last, TxnRules rules) {
    for (TxnStatus status : statuses) {
      if (!counts(status, last, rules)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the transaction waits for its turn or for its outcome. */
  static boolean isPending(TxnStatus status) {
    return status instanceof TxnStatus.Waiting || status instanceof TxnStatus.Ready;
  }

  /** Whether a status was given under these participants. */
  static boolean isBound(TxnStatus status, List<GroupId> participants) {
    return Statuses.participantsOf(status).equals(participants);
  }

  /**
   * What decides without everybody's proposal. Deviation: PROTOCOL.md knows only "any REFUSED: the
   * outcome is ABORT". A participant that has ended the transaction tells the outcome, and does so
   * before a refusal, for one that has forgotten it refuses; and an attempt whose keys have moved
   * can meet participants that know it under other ones, see docs/internals/transactions.md.
   */
  private static Optional<Verdict> ended(
      List<GroupId> participants, Collection<TxnStatus> statuses, TxnRules rules) {
    if (rules.requiresEqualParticipants()) {
      for (TxnStatus status : statuses) {
        List<GroupId> others = Statuses.participantsOf(status);
        if (!others.isEmpty() && !others.equals(participants)) {
          return Optional.of(new Verdict.Elsewhere(others));
        }
      }
    }
    for (TxnStatus status : statuses) {
      if (status instanceof TxnStatus.Finished finished
          && (isBound(finished, participants) || !rules.requiresEqualParticipants())) {
        return Optional.of(new Verdict.Decided(finished.timestamp(), finished.outcome()));
      }
    }
    for (TxnStatus status : statuses) {
      if (status instanceof TxnStatus.Finished finished) {
        return Optional.of(new Verdict.Remembered(finished.timestamp(), finished.outcome()));
      }
    }
    if (rules.requiresEqualCuts() && !areCutAlike(participants, statuses)) {
      return Optional.of(
          new Verdict.Decided(HybridTimestamp.ZERO, new TxnOutcome.Abort(DIFFERENT_CUTS)));
    }
    if (rules.requiresEqualCuts() && !areOfOneBody(participants, statuses)) {
      return Optional.of(
          new Verdict.Decided(HybridTimestamp.ZERO, new TxnOutcome.Abort(DIFFERENT_BODIES)));
    }
    for (TxnStatus status : statuses) {
      if (isInsideOneGroup(status)) {
        return Optional.of(new Verdict.Unproposed());
      }
    }
    return rules.abortsIfOneRefused() ? refused(statuses) : Optional.empty();
  }

  /**
   * Whether it waits as a request that lies wholly inside the group: sent before its slots parted.
   * It is carried out in its turn whatever others say, so nothing is decided before it has ended.
   */
  static boolean isInsideOneGroup(TxnStatus status) {
    return status instanceof TxnStatus.Waiting waiting && waiting.participants().isEmpty();
  }

  /**
   * Whether it was cut in one way. Fragments of different cuts do not fit together: one can lack
   * what the other took for its neighbour's. Each participant keeps the first that it ordered, so
   * neither cut will ever be complete.
   */
  private static boolean areCutAlike(List<GroupId> participants, Collection<TxnStatus> statuses) {
    TxnStatus first = null;
    for (TxnStatus status : statuses) {
      if (isBound(status, participants)) {
        first = first == null ? status : first;
        if (Statuses.configurationOf(status) != Statuses.configurationOf(first)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Whether all parts are of one transaction. A client that uses an id for two at once can have a
   * part of the one ordered first in one group, and a part of the other one elsewhere. Each
   * participant keeps what it ordered first, so neither will ever be complete.
   */
  private static boolean areOfOneBody(List<GroupId> participants, Collection<TxnStatus> statuses) {
    int first = Fingerprint.UNKNOWN;
    for (TxnStatus status : statuses) {
      if (isBound(status, participants)) {
        int own = Statuses.fingerprintOf(status);
        first = first == Fingerprint.UNKNOWN ? own : first;
        if (Fingerprint.differ(first, own)) {
          return false;
        }
      }
    }
    return true;
  }

  /** PROTOCOL.md, 2: any REFUSED: the outcome is ABORT. */
  private static Optional<Verdict> refused(Collection<TxnStatus> statuses) {
    @Nullable Refusal told = null;
    for (TxnStatus status : statuses) {
      if (status instanceof TxnStatus.Refused refused
          && (told == null || precedence(refused.refusal()) < precedence(told))) {
        told = refused.refusal();
      }
    }
    return Optional.ofNullable(told)
        .map(refusal -> new Verdict.Decided(HybridTimestamp.ZERO, new TxnOutcome.Abort(refusal)));
  }

  /** Which of several refusals is told: one that leaves the outcome open hides all others. */
  private static int precedence(Refusal refusal) {
    return switch (refusal.reason()) {
      case WINDOW_PASSED -> 0;
      case INVALID, LIMIT_EXCEEDED, NOT_A_NUMBER, NUMBER_OVERFLOW -> 1;
      case CLOCK_SKEW -> 2;
      case WRONG_GROUP -> 3;
      case OVERLOADED -> 4;
      case NOT_ORDERED -> 5;
    };
  }

  /**
   * PROTOCOL.md, 2: {@code f = max p_i}; "Recovery": from the original proposals, so that it is the
   * same whoever computes it and however far the participants were moved already.
   */
  private static HybridTimestamp finalTimestamp(Collection<TxnStatus> statuses) {
    HybridTimestamp last = HybridTimestamp.ZERO;
    for (TxnStatus status : statuses) {
      last = HybridTimestamp.max(last, Statuses.proposalOf(status));
    }
    return last;
  }

  /** PROTOCOL.md, 2: reads and verdicts count only if reported ready at {@code f}. */
  static boolean counts(TxnStatus status, HybridTimestamp last, TxnRules rules) {
    if (status instanceof TxnStatus.Ready ready) {
      return ready.timestamp().equals(last)
          || !rules.countsOnlyTheFinalTimestamp()
          || !rules.finalises();
    }
    return status instanceof TxnStatus.Refused; // Only if a rule is broken.
  }

  /**
   * PROTOCOL.md, 2: COMMIT-THEN if all conditions hold, else COMMIT-ELSE. A branch that one of them
   * cannot carry out aborts the whole for its reason.
   */
  static TxnOutcome evaluate(Collection<TxnStatus> statuses, TxnRules rules) {
    List<Evaluation> evaluations = new ArrayList<>(statuses.size());
    boolean allHold = true;
    boolean anyHolds = false;
    for (TxnStatus status : statuses) {
      if (status instanceof TxnStatus.Ready ready) {
        evaluations.add(ready.evaluation());
        allHold &= ready.evaluation().conditionsHold();
        anyHolds |= ready.evaluation().conditionsHold();
      }
    }
    boolean holds = rules.wantsConditionsOfAll() ? allHold : anyHolds;
    Branch branch = holds ? Branch.THEN : Branch.OTHERWISE;
    for (Evaluation evaluation : evaluations) {
      if (evaluation.of(branch) instanceof BranchResult.Impossible impossible) {
        return new TxnOutcome.Abort(impossible.refusal());
      }
    }
    return new TxnOutcome.Commit(branch);
  }
}
