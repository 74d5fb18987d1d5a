package dev.ostrakon.group.heap;

import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.Value;
import java.util.List;
import java.util.function.Predicate;

/** Bytes of the heap that the model's nouns take, with everything that only they refer to. */
public final class HeapSizes {
  /** A reference inside an array. */
  public static final int REFERENCE = 4;

  /** An array without elements. */
  public static final int ARRAY = 16;

  /** An entry of a hash map with its share of the table. */
  public static final int HASH_ENTRY = 40;

  /** An entry of a hash map that keeps an order, with its share of the table. */
  public static final int LINKED_ENTRY = 48;

  /** An entry of a tree. */
  public static final int TREE_ENTRY = 40;

  /** A tree without entries. */
  public static final int TREE = 48;

  /** A {@link dev.ostrakon.hlc.HybridTimestamp}. */
  public static final int TIMESTAMP = 24;

  /** A {@link dev.ostrakon.model.TxnId}. */
  public static final int TXN_ID = 80;

  private static final int OBJECT_SMALL = 16;
  private static final int OBJECT = 24;
  private static final int OBJECT_LARGE = 32;
  private static final int BOXED_LONG = 24;
  private static final int LIST = 24;

  private HeapSizes() {}

  /** An array of bytes. */
  public static long bytes(int length) {
    return aligned(ARRAY + (long) length);
  }

  /** A key, or a value: two objects around the bytes. */
  public static long wrapped(ByteString bytes) {
    return wrapped(bytes.size());
  }

  /** The same of so many bytes. */
  public static long wrapped(int size) {
    return 2L * OBJECT_SMALL + bytes(size);
  }

  /** An immutable list without its elements. */
  public static long list(int size) {
    return size <= 2 ? (size == 0 ? 0 : LIST) : LIST + aligned(ARRAY + (long) REFERENCE * size);
  }

  /** A request with its id, its transaction and what it acknowledges. */
  public static long request(Request request) {
    int acknowledged = request.acknowledgement().above().size();
    return OBJECT_LARGE
        + TXN_ID
        + TIMESTAMP
        + OBJECT
        + list(acknowledged)
        + (long) acknowledged * BOXED_LONG
        + transaction(request.transaction());
  }

  /** Conditions and operations with their keys and values. */
  public static long transaction(Transaction transaction) {
    long bytes =
        OBJECT
            + list(transaction.conditions().size())
            + list(transaction.then().size())
            + list(transaction.otherwise().size());
    for (Condition condition : transaction.conditions()) {
      bytes += condition(condition);
    }
    for (Operation operation : transaction.then()) {
      bytes += operation(operation);
    }
    for (Operation operation : transaction.otherwise()) {
      bytes += operation(operation);
    }
    return bytes;
  }

  /** Results of operations with their values. */
  public static long results(List<OperationResult> results) {
    return results(results, value -> false);
  }

  /**
   * What a fragment gives.
   *
   * @param isShared which values are counted elsewhere
   */
  public static long evaluation(Evaluation evaluation, Predicate<Value> isShared) {
    return OBJECT + branch(evaluation.then(), isShared) + branch(evaluation.otherwise(), isShared);
  }

  /** What was decided. */
  public static long outcome(TxnOutcome outcome) {
    return OBJECT_SMALL
        + (outcome instanceof TxnOutcome.Abort abort ? refusal(abort.refusal()) : 0);
  }

  /** A refusal with its text. */
  public static long refusal(Refusal refusal) {
    return 2L * OBJECT + bytes(refusal.detail().length());
  }

  /** Groups. */
  public static long groups(List<GroupId> groups) {
    return list(groups.size()) + (long) OBJECT * groups.size();
  }

  private static long branch(BranchResult result, Predicate<Value> isShared) {
    return result instanceof BranchResult.Impossible impossible
        ? OBJECT_SMALL + refusal(impossible.refusal())
        : OBJECT_SMALL + results(((BranchResult.Results) result).results(), isShared);
  }

  /** Results without a value are the same objects for all. */
  private static long results(List<OperationResult> results, Predicate<Value> isShared) {
    long bytes = list(results.size());
    for (OperationResult result : results) {
      if (result instanceof OperationResult.Present present) {
        bytes += OBJECT;
        bytes += isShared.test(present.value()) ? 0 : TIMESTAMP + wrapped(present.value().bytes());
      }
    }
    return bytes;
  }

  private static long condition(Condition condition) {
    long bytes = OBJECT + wrapped(condition.key().bytes());
    return switch (condition.kind()) {
      case EXISTS, MISSING -> bytes - (OBJECT - OBJECT_SMALL);
      case VALUE_IS -> bytes + wrapped(((Condition.ValueIs) condition).value().bytes());
      case VALUE_IS_NOT -> bytes + wrapped(((Condition.ValueIsNot) condition).value().bytes());
      case NUMBER_IS -> bytes + (OBJECT_LARGE - OBJECT);
      case VERSION_IS -> bytes + TIMESTAMP;
    };
  }

  private static long operation(Operation operation) {
    long bytes = wrapped(operation.key().bytes());
    return switch (operation.kind()) {
      case GET, DELETE -> bytes + OBJECT_SMALL;
      case PUT -> bytes + OBJECT + wrapped(((Operation.Put) operation).value().bytes());
      case APPEND -> bytes + OBJECT + wrapped(((Operation.Append) operation).value().bytes());
      case ADD -> bytes + OBJECT_LARGE;
    };
  }

  private static long aligned(long bytes) {
    return (bytes + 7) & ~7L;
  }
}
