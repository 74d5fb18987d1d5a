package dev.ostrakon.simulation.store;

import dev.ostrakon.group.GroupRules;
import dev.ostrakon.simulation.cluster.PortDecorator;
import dev.ostrakon.simulation.mutant.Mutant;
import dev.ostrakon.txn.TxnRules;

/**
 * The rules a store follows, of which one may be broken.
 *
 * @param group of the shard groups
 * @param txn of the coordinators
 * @param replicas of the replicas, and what their ports promise
 */
public record StoreRules(GroupRules group, TxnRules txn, PortDecorator replicas) {

  /** Production's. */
  public static final StoreRules STANDARD = of(GroupRules.STANDARD);

  /** Production's coordinators over groups of other rules. */
  public static StoreRules of(GroupRules group) {
    return of(group, TxnRules.STANDARD);
  }

  /** Coordinators of other rules over production's groups. */
  public static StoreRules of(TxnRules txn) {
    return of(GroupRules.STANDARD, txn);
  }

  /** Coordinators and groups of other rules. */
  static StoreRules of(GroupRules group, TxnRules txn) {
    return new StoreRules(group, txn, PortDecorator.NONE);
  }

  /** Production's coordinators and groups on broken replicas. */
  static StoreRules of(Mutant mutant) {
    return new StoreRules(GroupRules.STANDARD, TxnRules.STANDARD, mutant);
  }
}
