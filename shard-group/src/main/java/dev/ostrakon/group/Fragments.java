package dev.ostrakon.group;

import dev.ostrakon.group.queue.Access;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Slots;
import dev.ostrakon.model.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What can be said of a transaction, or of a fragment of one, without any state. */
final class Fragments {
  private Fragments() {}

  /** How it touches each of its keys, over all conditions and both branches. */
  static SortedMap<Key, Access> accesses(Transaction fragment) {
    TreeMap<Key, Access> accesses = new TreeMap<>();
    for (Condition condition : fragment.conditions()) {
      accesses.merge(condition.key(), Access.READ, Access::and);
    }
    for (List<Operation> branch : List.of(fragment.then(), fragment.otherwise())) {
      for (Operation operation : branch) {
        accesses.merge(operation.key(), accessOf(operation), Access::and);
      }
    }
    return accesses;
  }

  private static Access accessOf(Operation operation) {
    return switch (operation.kind()) {
      case GET -> Access.READ;
      case ADD ->
          operation instanceof Operation.Add add && add.wantsValue() ? Access.WRITE : Access.ADD;
      case PUT, APPEND, DELETE -> Access.WRITE;
    };
  }

  /** Whether it cannot change anything: then nothing needs to be remembered of it. */
  static boolean isReadOnly(Transaction fragment) {
    return areGets(fragment.then()) && areGets(fragment.otherwise());
  }

  private static boolean areGets(List<Operation> branch) {
    for (Operation operation : branch) {
      if (operation.kind() != Operation.Kind.GET) {
        return false;
      }
    }
    return true;
  }

  /** The slots of the keys, ascending. */
  static SortedSet<Slot> slotsOf(Collection<Key> keys, Slots slots) {
    SortedSet<Slot> result = new TreeSet<>();
    for (Key key : keys) {
      result.add(slots.of(key));
    }
    return result;
  }

  /** Whether it has more conditions and operations than one transaction may have. */
  static Optional<Refusal> tooManyOperations(Transaction fragment, Limits limits) {
    int count = fragment.operationCount();
    return count > limits.txnOperationsMax()
        ? limitExceeded(
            "conditions and operations of a transaction", count, limits.txnOperationsMax())
        : Optional.empty();
  }

  /** Why it may not be carried out whatever the state; empty if it may. */
  static Optional<Refusal> refusal(Transaction fragment, int keyCount, Limits limits) {
    Optional<Refusal> tooMany = tooManyOperations(fragment, limits);
    if (tooMany.isPresent()) {
      return tooMany;
    }
    if (keyCount == 0) {
      return Optional.of(new Refusal(Refusal.Reason.INVALID, "a transaction names no key"));
    }
    if (keyCount > limits.txnKeysMax()) {
      return limitExceeded("keys of a transaction", keyCount, limits.txnKeysMax());
    }
    long bytes = 0;
    for (Condition condition : fragment.conditions()) {
      int keyBytes = condition.key().bytes().size();
      if (keyBytes > limits.keyBytesMax()) {
        return limitExceeded("bytes of a key", keyBytes, limits.keyBytesMax());
      }
      bytes += keyBytes + valueBytes(condition);
    }
    for (List<Operation> branch : List.of(fragment.then(), fragment.otherwise())) {
      for (Operation operation : branch) {
        int keyBytes = operation.key().bytes().size();
        int valueBytes = valueBytes(operation);
        if (keyBytes > limits.keyBytesMax()) {
          return limitExceeded("bytes of a key", keyBytes, limits.keyBytesMax());
        }
        if (valueBytes > limits.valueBytesMax()) {
          return limitExceeded("bytes of a value", valueBytes, limits.valueBytesMax());
        }
        bytes += keyBytes + valueBytes;
      }
    }
    return bytes > limits.txnBytesMax()
        ? limitExceeded("bytes of a transaction", bytes, limits.txnBytesMax())
        : Optional.empty();
  }

  static Optional<Refusal> limitExceeded(String what, long actual, long limit) {
    return Optional.of(
        new Refusal(
            Refusal.Reason.LIMIT_EXCEEDED,
            "the number of " + what + " is limited to " + limit + ", was " + actual));
  }

  private static int valueBytes(Condition condition) {
    if (condition instanceof Condition.ValueIs is) {
      return is.value().bytes().size();
    }
    return condition instanceof Condition.ValueIsNot isNot ? isNot.value().bytes().size() : 0;
  }

  private static int valueBytes(Operation operation) {
    if (operation instanceof Operation.Put put) {
      return put.value().bytes().size();
    }
    return operation instanceof Operation.Append append ? append.value().bytes().size() : 0;
  }
}
