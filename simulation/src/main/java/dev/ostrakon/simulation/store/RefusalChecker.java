package dev.ostrakon.simulation.store;

import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.store.StoreCall.Kind;

/** Nothing is refused, and nothing forgotten, for a reason that this run cannot have. */
final class RefusalChecker {

  /** Clients and nodes are that wrong about the time at most, besides the error of the run. */
  private static final long SLACK_MILLIS = 1_000;

  private final StorePlan plan;
  private final Findings findings;

  RefusalChecker(StorePlan plan, Findings findings) {
    this.plan = plan;
    this.findings = findings;
  }

  void onEnding(StoreCall call, StoreEnding ending) {
    if (ending instanceof StoreEnding.Refused refused && !isPossible(call, refused.reason())) {
      findings.report(Invariant.REFUSAL, call + " ended " + ending);
    }
  }

  private boolean isPossible(StoreCall call, Refusal.Reason reason) {
    return switch (reason) {
      case NOT_ORDERED -> true; // By a recovery or a question, which faults provoke.
      case NOT_A_NUMBER -> call.kind() == Kind.REGISTERS;
      case NUMBER_OVERFLOW -> call.kind() == Kind.REGISTERS || call.kind() == Kind.COUNTERS;
      case CLOCK_SKEW -> !hasGoodTime();
      case WRONG_GROUP, LIMIT_EXCEEDED, INVALID, OVERLOADED, WINDOW_PASSED -> false;
    };
  }

  /** A node that compares its clock does not know the time before it has heard others. */
  private boolean hasGoodTime() {
    return !plan.profile().comparesClocks()
        && plan.areClocksHarmless()
        && plan.profile().settings().horizonMillis() >= GroupSettings.DEFAULTS.horizonMillis();
  }

  /** A request is forgotten only once its window can have passed by some clock. */
  void onForgotten(StoreCall call, long elapsedMillis) {
    long mostMillis = elapsedMillis + 2L * plan.profile().clockErrorMillis() + SLACK_MILLIS;
    if (mostMillis < plan.profile().settings().windowMillis()) {
      findings.report(
          Invariant.DOUBT,
          call
              + " is not remembered after "
              + elapsedMillis
              + " ms, within a window of "
              + plan.profile().settings().windowMillis());
    }
  }
}
