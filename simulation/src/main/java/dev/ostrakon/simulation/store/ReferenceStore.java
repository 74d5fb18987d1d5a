package dev.ostrakon.simulation.store;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What transactions do one after the other, written down a second time: nothing here is shared with
 * the code that it judges.
 */
final class ReferenceStore {

  static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  /**
   * What has to come of a transaction.
   *
   * @param values what each operation of the branch that wants a value finds, in their order;
   *     without those that want none
   * @param refusals why it has to be refused: one of these; empty if it has to be carried out
   */
  record Expected(Branch branch, List<Optional<String>> values, Set<Refusal.Reason> refusals) {

    Expected {
      values = List.copyOf(values);
    }
  }

  private final Map<Key, String> values = new TreeMap<>();

  /** Only of keys that were read since they were written. */
  private final Map<Key, HybridTimestamp> versions = new HashMap<>();

  /** What a read has found. */
  void learn(Key key, OperationResult result) {
    if (result instanceof OperationResult.Present present) {
      values.put(key, text(present.value()));
      versions.put(key, present.version());
    } else {
      values.remove(key);
      versions.remove(key);
    }
  }

  /** What a read of a key has found that nobody has written since. */
  void learnVersion(Key key, OperationResult result) {
    if (result instanceof OperationResult.Present present && values.containsKey(key)) {
      versions.put(key, present.version());
    }
  }

  Optional<String> valueOf(Key key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The version, if it is known; zero for a key without a value. */
  Optional<HybridTimestamp> versionOf(Key key) {
    return values.containsKey(key)
        ? Optional.ofNullable(versions.get(key))
        : Optional.of(HybridTimestamp.ZERO);
  }

  /** The number that a key holds; a missing one counts as zero. */
  Optional<BigInteger> numberOf(Key key) {
    return number(values.getOrDefault(key, "0"));
  }

  /** Carries out a transaction, and tells what has to come of it. */
  Expected execute(Transaction transaction) {
    Branch branch =
        transaction.conditions().stream().allMatch(this::holds) ? Branch.THEN : Branch.OTHERWISE;
    List<Operation> operations =
        branch == Branch.THEN ? transaction.then() : transaction.otherwise();
    Map<Key, String> drafts = new TreeMap<>(values);
    Set<Refusal.Reason> refusals = EnumSet.noneOf(Refusal.Reason.class);
    List<Optional<String>> found = new ArrayList<>();
    for (Operation operation : operations) {
      apply(operation, drafts).ifPresent(refusals::add);
      if (wantsValue(operation)) {
        found.add(Optional.ofNullable(drafts.get(operation.key())));
      }
    }
    if (refusals.isEmpty()) {
      values.clear();
      values.putAll(drafts);
      operations.stream()
          .filter(operation -> !(operation instanceof Operation.Get))
          .forEach(operation -> versions.remove(operation.key()));
    }
    return new Expected(branch, found, refusals);
  }

  static boolean wantsValue(Operation operation) {
    return operation instanceof Operation.Get
        || (operation instanceof Operation.Add add && add.wantsValue());
  }

  private static Optional<Refusal.Reason> apply(Operation operation, Map<Key, String> drafts) {
    Key key = operation.key();
    if (operation instanceof Operation.Put put) {
      drafts.put(key, text(put.value()));
    } else if (operation instanceof Operation.Append append) {
      drafts.merge(key, text(append.value()), String::concat);
    } else if (operation instanceof Operation.Delete) {
      drafts.remove(key);
    } else if (operation instanceof Operation.Add add) {
      Optional<BigInteger> before = number(drafts.getOrDefault(key, "0"));
      if (before.isEmpty()) {
        return Optional.of(Refusal.Reason.NOT_A_NUMBER);
      }
      BigInteger sum = before.get().add(BigInteger.valueOf(add.delta()));
      if (!fits(sum)) {
        return Optional.of(Refusal.Reason.NUMBER_OVERFLOW);
      }
      drafts.put(key, sum.toString());
    }
    return Optional.empty();
  }

  /** Whether a condition holds now; one on a version only if that version is known. */
  boolean holds(Condition condition) {
    return holds(condition, values.get(condition.key()), versionOf(condition.key()));
  }

  /** Whether a condition holds of a value, null for none, with this version. */
  static boolean holds(
      Condition condition, @Nullable String value, Optional<HybridTimestamp> version) {
    if (condition instanceof Condition.Exists) {
      return value != null;
    } else if (condition instanceof Condition.Missing) {
      return value == null;
    } else if (condition instanceof Condition.ValueIs is) {
      return text(is.value()).equals(value);
    } else if (condition instanceof Condition.ValueIsNot isNot) {
      return !text(isNot.value()).equals(value);
    } else if (condition instanceof Condition.VersionIs is) {
      return is.version().equals(version.orElseThrow());
    } else if (condition instanceof Condition.NumberIs is && value != null) {
      return number(value).filter(number -> compares(is, number)).isPresent();
    }
    return false;
  }

  private static boolean compares(Condition.NumberIs condition, BigInteger number) {
    int sign = number.compareTo(BigInteger.valueOf(condition.bound()));
    return switch (condition.comparison()) {
      case LESS -> sign < 0;
      case LESS_OR_EQUAL -> sign <= 0;
      case EQUAL -> sign == 0;
      case NOT_EQUAL -> sign != 0;
      case GREATER_OR_EQUAL -> sign >= 0;
      case GREATER -> sign > 0;
    };
  }

  static boolean fits(BigInteger number) {
    return number.compareTo(MIN) >= 0 && number.compareTo(MAX) <= 0;
  }

  /** A number is decimal digits, perhaps after a minus sign, in 64 bits and 20 characters. */
  static Optional<BigInteger> number(String text) {
    if (!text.matches("-?[0-9]{1,20}") || text.length() > 20) {
      return Optional.empty();
    }
    return Optional.of(new BigInteger(text)).filter(ReferenceStore::fits);
  }

  static String text(Value value) {
    return value.bytes().toUtf8();
  }
}
