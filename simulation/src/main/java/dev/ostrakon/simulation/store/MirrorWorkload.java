package dev.ostrakon.simulation.store;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.store.StoreCall.Kind;
import dev.ostrakon.simulation.store.StoreCall.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Draws what clients do to {@link Kind#MIRRORS}: whoever writes, writes all of them. */
final class MirrorWorkload {

  private static final int KEYS_PER_GROUP_MAX = 2;

  private final List<Key> all = new ArrayList<>();
  private final int owner;
  private final RandomSource random;
  private final double reads;
  private long lastToken;

  /** The latest that somebody has read, of some key. */
  private Optional<OperationResult.Present> seen = Optional.empty();

  /**
   * @param reads of all calls, those that only read
   */
  MirrorWorkload(StoreKeys keys, double reads, RandomSource random) {
    for (int group : keys.groups()) {
      all.addAll(keys.of(Kind.MIRRORS, group).stream().limit(KEYS_PER_GROUP_MAX).toList());
    }
    this.owner = keys.groups().size() == 1 ? keys.groups().get(0) : StoreCall.SEVERAL;
    this.reads = reads;
    this.random = random;
  }

  List<Key> keys() {
    return List.copyOf(all);
  }

  int owner() {
    return owner;
  }

  StoreCall draw(int process, long called) {
    boolean isRead = random.chance(reads);
    Transaction wanted = isRead ? drawRead() : drawWrite();
    Way way = isRead && random.chance(0.9) ? Way.READ : Way.REQUEST;
    return new StoreCall(process, called, way, owner, Kind.MIRRORS, wanted);
  }

  /** Now and then with conditions, which decide about what is read. */
  private Transaction drawRead() {
    List<Operation> then = drawGets();
    return random.chance(0.4)
        ? new Transaction(drawConditions(), then, drawGets())
        : Transaction.of(then);
  }

  private Transaction drawWrite() {
    List<Operation> then = new ArrayList<>();
    boolean isConditional = random.chance(0.5);
    if (isConditional || random.chance(0.3)) {
      then.add(new Operation.Get(any()));
    }
    boolean isDelete = random.chance(0.35);
    lastToken++;
    for (Key key : all) {
      then.add(
          isDelete
              ? new Operation.Delete(key)
              : new Operation.Put(key, Value.utf8(Long.toString(lastToken))));
    }
    return isConditional
        ? new Transaction(drawConditions(), then, drawGets())
        : Transaction.of(then);
  }

  private Key any() {
    return all.get(random.nextInt(all.size()));
  }

  /** Some of the keys, mostly all of them, so that a read that is torn shows. */
  private List<Operation> drawGets() {
    if (random.chance(0.3)) {
      return List.of(new Operation.Get(any()));
    }
    return all.stream().<Operation>map(Operation.Get::new).toList();
  }

  private List<Condition> drawConditions() {
    List<Condition> conditions = new ArrayList<>();
    do {
      conditions.add(drawCondition(any()));
    } while (random.chance(0.3));
    return conditions;
  }

  private Condition drawCondition(Key key) {
    Value token =
        seen.map(OperationResult.Present::value).orElse(Value.utf8(Long.toString(lastToken)));
    return switch (random.nextInt(6)) {
      case 0 -> new Condition.Exists(key);
      case 1 -> new Condition.Missing(key);
      case 2 -> new Condition.ValueIs(key, token);
      case 3 -> new Condition.ValueIsNot(key, token);
      case 4 ->
          new Condition.VersionIs(
              key, seen.map(OperationResult.Present::version).orElse(HybridTimestamp.ZERO));
      default -> new Condition.NumberIs(key, anyComparison(), token.asNumber().orElse(0));
    };
  }

  private Condition.Comparison anyComparison() {
    Condition.Comparison[] all = Condition.Comparison.values();
    return all[random.nextInt(all.length)];
  }

  /** Takes note of what a mirror was like. */
  void onRead(OperationResult result) {
    seen =
        result instanceof OperationResult.Present present ? Optional.of(present) : Optional.empty();
  }
}
