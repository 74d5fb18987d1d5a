package dev.ostrakon.group;

import dev.ostrakon.group.queue.Access;
import dev.ostrakon.group.queue.Escrow;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Evaluates a fragment against the values as they are, without changing anything. */
final class Evaluator {
  private final ShardData data;
  private final Escrow escrow;
  private final GroupRules rules;

  Evaluator(ShardData data, Escrow escrow, GroupRules rules) {
    this.data = data;
    this.escrow = escrow;
    this.rules = rules;
  }

  boolean conditionsHold(Transaction fragment) {
    for (Condition condition : fragment.conditions()) {
      if (!holds(condition, data.get(condition.key()))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Runs one branch on drafts.
   *
   * @param timestamp of the transaction: the version of what it writes
   * @param accesses of the whole fragment: those that only add are checked by escrow
   */
  BranchRun run(
      Transaction fragment,
      Branch branch,
      SortedMap<Key, Access> accesses,
      HybridTimestamp timestamp,
      Limits limits) {
    List<Operation> operations =
        switch (branch) {
          case THEN -> fragment.then();
          case OTHERWISE -> fragment.otherwise();
        };
    BranchRun run = new BranchRun(data, timestamp, limits, rules);
    for (Operation operation : operations) {
      if (!run.step(operation, accesses.get(operation.key()) == Access.ADD)) {
        break;
      }
    }
    run.checkReach(rules.checksEscrow() ? escrow : new Escrow());
    return run;
  }

  private boolean holds(Condition condition, @Nullable StoredValue stored) {
    return switch (condition.kind()) {
      case EXISTS -> stored != null;
      case MISSING -> stored == null;
      case VALUE_IS ->
          stored != null && condition instanceof Condition.ValueIs is && stored.is(is.value());
      case VALUE_IS_NOT ->
          stored == null
              || (condition instanceof Condition.ValueIsNot isNot && !stored.is(isNot.value()));
      case NUMBER_IS ->
          stored != null
              && condition instanceof Condition.NumberIs number
              && compares(number, stored.asNumber());
      case VERSION_IS ->
          condition instanceof Condition.VersionIs version
              && version.version().equals(stored == null ? HybridTimestamp.ZERO : stored.version());
    };
  }

  private boolean compares(Condition.NumberIs condition, OptionalLong number) {
    return number.isPresent()
        && rules.compares(condition.comparison(), number.getAsLong(), condition.bound());
  }
}
