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

  /** How many conditions and operations it has, those of both branches. */
  public int operationCount() {
    return conditions.size() + then.size() + otherwise.size();
  }

  /** Size of all keys and values. */
  public long bytes() {
    long bytes = 0;
    for (Condition condition : conditions) {
      bytes += condition.key().bytes().size();
      if (condition instanceof Condition.ValueIs is) {
        bytes += is.value().bytes().size();
      } else if (condition instanceof Condition.ValueIsNot isNot) {
        bytes += isNot.value().bytes().size();
      }
    }
    return bytes + bytes(then) + bytes(otherwise);
  }

  private static long bytes(List<Operation> branch) {
    long bytes = 0;
    for (Operation operation : branch) {
      bytes += operation.key().bytes().size();
      if (operation instanceof Operation.Put put) {
        bytes += put.value().bytes().size();
      } else if (operation instanceof Operation.Append append) {
        bytes += append.value().bytes().size();
      }
    }
    return bytes;
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
