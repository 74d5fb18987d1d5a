package dev.ostrakon.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a user wants done atomically: if all conditions hold, {@code then}, else {@code otherwise}.
 * A single operation is a transaction of one.
 */
public record Transaction(
    List<Condition> conditions, List<Operation> then, List<Operation> otherwise) {
  /** Copies the lists. */
  public Transaction {
    conditions = List.copyOf(conditions);
    then = List.copyOf(then);
    otherwise = List.copyOf(otherwise);
  }

  /** A transaction without conditions. */
  public static Transaction of(List<Operation> operations) {
    return new Transaction(List.of(), operations, List.of());
  }

  /** Every key that a condition or an operation names, ascending. */
  public SortedSet<Key> keys() {
    TreeSet<Key> keys = new TreeSet<>();
    conditions.forEach(condition -> keys.add(condition.key()));
    then.forEach(operation -> keys.add(operation.key()));
    otherwise.forEach(operation -> keys.add(operation.key()));
    return Collections.unmodifiableSortedSet(keys);
  }
}
