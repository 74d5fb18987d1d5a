package dev.ostrakon.cli.torture;

import dev.ostrakon.client.LostRequest;
import dev.ostrakon.client.Outcome;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A store in memory that loses answers and refuses requests at random, and may be broken. */
final class MemoryStore implements Store {
  /** What is wrong with it. */
  enum Defect {
    NONE,
    /** Now and then a write is acknowledged and not done. */
    LOSES_WRITES,
    /** Now and then a write that was refused is done all the same. */
    DOES_WHAT_IT_REFUSES
  }

  private static final Outcome NEVER_CAME = new Outcome.NotCommitted("it never came");

  private final Map<String, String> values = new HashMap<>();
  private final Map<RequestId, Outcome> outcomes = new HashMap<>();
  private final RandomSource random;
  private final double trouble;
  private final Defect defect;
  private long requests;

  /**
   * @param trouble the chance that a request is refused, and that an answer is lost
   */
  MemoryStore(long seed, double trouble, Defect defect) {
    random = new RandomSource(seed);
    this.trouble = trouble;
    this.defect = defect;
  }

  private synchronized <T> Answer<T> disturbed(Supplier<T> action) {
    if (random.chance(trouble)) {
      return defect == Defect.DOES_WHAT_IT_REFUSES
          ? refusedAfter(action.get())
          : new Answer.Failed<>("refused");
    }
    if (random.chance(trouble)) {
      RequestId id = new RequestId(new ClientId(1, 1), ++requests);
      outcomes.put(id, random.chance(0.5) ? outcomeOf(action.get()) : NEVER_CAME);
      return new Answer.Unknown<>(
          new LostRequest(id, HybridTimestamp.ZERO, List.of()), "answer lost");
    }
    if (defect == Defect.LOSES_WRITES && random.chance(0.01)) {
      Map<String, String> before = new HashMap<>(values);
      T value = action.get();
      values.clear();
      values.putAll(before);
      return new Answer.Ok<>(value);
    }
    return new Answer.Ok<>(action.get());
  }

  private static <T> Answer<T> refusedAfter(T value) {
    return new Answer.Failed<>("refused, and yet there is " + value);
  }

  private static Outcome outcomeOf(Object value) {
    return value instanceof TxnResult result
        ? new Outcome.Committed(result)
        : new Outcome.Forgotten();
  }

  @Override
  public Answer<Optional<String>> get(String key) {
    return disturbed(() -> Optional.ofNullable(values.get(key)));
  }

  @Override
  public Answer<Boolean> put(String key, String value) {
    return disturbed(
        () -> {
          values.put(key, value);
          return true;
        });
  }

  @Override
  public Answer<Boolean> append(String key, String value) {
    return disturbed(
        () -> {
          values.merge(key, value, String::concat);
          return true;
        });
  }

  @Override
  public Answer<Boolean> delete(String key) {
    return disturbed(
        () -> {
          values.remove(key);
          return true;
        });
  }

  @Override
  public Answer<Boolean> compareAndSet(String key, String expected, String value) {
    return disturbed(() -> values.replace(key, expected, value));
  }

  @Override
  public Answer<Map<String, String>> getAll(List<String> keys) {
    return disturbed(
        () -> {
          Map<String, String> found = new LinkedHashMap<>(values);
          found.keySet().retainAll(keys);
          return found;
        });
  }

  @Override
  public Answer<Optional<String>> readThenAppend(String key, String suffix) {
    return disturbed(
        () -> {
          Optional<String> found = Optional.ofNullable(values.get(key));
          values.merge(key, suffix, String::concat);
          return found;
        });
  }

  @Override
  public Answer<TxnResult> execute(Transaction transaction) {
    return disturbed(() -> evaluate(transaction));
  }

  private TxnResult evaluate(Transaction transaction) {
    boolean holds = transaction.conditions().stream().allMatch(this::holds);
    List<OperationResult> results = new ArrayList<>();
    for (Operation operation : holds ? transaction.then() : transaction.otherwise()) {
      results.add(apply(operation));
    }
    return new TxnResult(HybridTimestamp.ZERO, holds ? Branch.THEN : Branch.OTHERWISE, results);
  }

  private boolean holds(Condition condition) {
    Condition.NumberIs number = (Condition.NumberIs) condition;
    return Long.parseLong(values.getOrDefault(number.key().bytes().toUtf8(), "0"))
        >= number.bound();
  }

  private OperationResult apply(Operation operation) {
    String key = operation.key().bytes().toUtf8();
    if (operation instanceof Operation.Put put) {
      values.put(key, put.value().bytes().toUtf8());
    } else if (operation instanceof Operation.Append append) {
      values.merge(key, append.value().bytes().toUtf8(), String::concat);
    } else if (operation instanceof Operation.Add add) {
      values.merge(
          key,
          Long.toString(add.delta()),
          (a, b) -> Long.toString(Long.parseLong(a) + Long.parseLong(b)));
    } else if (values.containsKey(key)) {
      return new OperationResult.Present(Value.utf8(values.get(key)), HybridTimestamp.ZERO);
    } else {
      return new OperationResult.Absent();
    }
    return new OperationResult.Done();
  }

  @Override
  public synchronized Answer<Outcome> outcome(LostRequest lost) {
    return new Answer.Ok<>(outcomes.getOrDefault(lost.id(), new Outcome.Forgotten()));
  }

  @Override
  public void close() {}
}
