package dev.ostrakon.txn;

import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * What may not be coordinated whatever the participants say. They check their fragments by the same
 * limits; only here the transaction is seen as a whole.
 */
final class Admission {
  private Admission() {}

  static Optional<Refusal> refusal(
      Transaction transaction, Configuration configuration, Limits limits) {
    int operationCount = transaction.operationCount();
    if (operationCount > limits.txnOperationsMax()) {
      return exceeded(
          "conditions and operations of a transaction", operationCount, limits.txnOperationsMax());
    }
    int keyCount = transaction.keys().size();
    if (keyCount == 0) {
      return invalid("a transaction names at least one key");
    }
    if (configuration.groups().isEmpty()) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.WRONG_GROUP,
              "configuration " + configuration.number() + " has no groups"));
    }
    if (keyCount > limits.txnKeysMax()) {
      return exceeded("keys of a transaction", keyCount, limits.txnKeysMax());
    }
    Size size = new Size();
    transaction.conditions().forEach(size::add);
    transaction.then().forEach(size::add);
    transaction.otherwise().forEach(size::add);
    if (size.largestKey > limits.keyBytesMax()) {
      return exceeded("bytes of a key", size.largestKey, limits.keyBytesMax());
    }
    if (size.largestValue > limits.valueBytesMax()) {
      return exceeded("bytes of a value", size.largestValue, limits.valueBytesMax());
    }
    return size.bytes > limits.txnBytesMax()
        ? exceeded("bytes of a transaction", size.bytes, limits.txnBytesMax())
        : Optional.empty();
  }

  /** Why it is no read; empty if it is one. */
  static Optional<Refusal> noRead(Transaction transaction) {
    boolean isRead =
        List.of(transaction.then(), transaction.otherwise()).stream()
            .flatMap(List::stream)
            .allMatch(operation -> operation.kind() == Operation.Kind.GET);
    return isRead ? Optional.empty() : invalid("a read has no operation but GET");
  }

  private static Optional<Refusal> invalid(String detail) {
    return Optional.of(new Refusal(Refusal.Reason.INVALID, detail));
  }

  private static Optional<Refusal> exceeded(String what, long actual, long limit) {
    return Optional.of(
        new Refusal(
            Refusal.Reason.LIMIT_EXCEEDED,
            "the number of " + what + " is limited to " + limit + ", was " + actual));
  }

  private static final class Size {
    long bytes;
    int largestKey;
    int largestValue;

    void add(Condition condition) {
      addKey(condition.key().bytes());
      if (condition instanceof Condition.ValueIs is) {
        bytes += is.value().bytes().size();
      } else if (condition instanceof Condition.ValueIsNot isNot) {
        bytes += isNot.value().bytes().size();
      }
    }

    void add(Operation operation) {
      addKey(operation.key().bytes());
      if (operation instanceof Operation.Put put) {
        addValue(put.value().bytes());
      } else if (operation instanceof Operation.Append append) {
        addValue(append.value().bytes());
      }
    }

    private void addKey(ByteString key) {
      largestKey = Math.max(largestKey, key.size());
      bytes += key.size();
    }

    private void addValue(ByteString value) {
      largestValue = Math.max(largestValue, value.size());
      bytes += value.size();
    }
  }
}
