package dev.ostrakon.simulation.store;

import dev.ostrakon.group.GroupRules;
import dev.ostrakon.txn.TxnRules;

/**
 * The rules a store follows, of which one may be broken.
 *
 * @param group of the shard groups
 * @param txn of the coordinators
 */
public record StoreRules(GroupRules group, TxnRules txn) {

  /** Production's. */
  public static final StoreRules STANDARD = new StoreRules(GroupRules.STANDARD, TxnRules.STANDARD);

  /** Production's coordinators over groups of other rules. */
  public static StoreRules of(GroupRules group) {
    return new StoreRules(group, TxnRules.STANDARD);
  }

  /** Coordinators of other rules over production's groups. */
  public static StoreRules of(TxnRules txn) {
    return new StoreRules(GroupRules.STANDARD, txn);
  }
}
