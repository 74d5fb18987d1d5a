package dev.ostrakon.simulation.store;

import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.history.KvAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Draws what clients want: on few keys, so that they meet. */
final class StoreWorkload {

  private static final int KEYS_TRIED = 200;
  private static final int NUMBERS = 5;

  private final RandomSource random;
  private final Map<Integer, List<Key>> lists = new TreeMap<>();
  private final Map<Integer, List<Key>> registers = new TreeMap<>();
  private final double readShare;
  private final double listShare;
  private final double conditionShare;
  private final Map<Key, Value> seen = new HashMap<>();
  private long element;

  StoreWorkload(Configuration configuration, RandomSource random) {
    this.random = random;
    this.readShare = 0.2 + 0.6 * random.nextDouble();
    this.listShare = 0.3 + 0.6 * random.nextDouble();
    this.conditionShare = 0.5 * random.nextDouble();
    int perGroup = 1 + random.nextInt(3);
    for (int i = 0; i < KEYS_TRIED; i++) {
      add(lists, Key.utf8("l" + i), configuration, perGroup);
      add(registers, Key.utf8("r" + i), configuration, perGroup);
    }
  }

  private static void add(
      Map<Integer, List<Key>> keys, Key key, Configuration configuration, int max) {
    int group = (int) configuration.ownerOf(configuration.slots().of(key)).number();
    List<Key> ofGroup = keys.computeIfAbsent(group, ignored -> new ArrayList<>());
    if (ofGroup.size() < max) {
      ofGroup.add(key);
    }
  }

  /** All lists of a group. */
  List<Key> lists(int group) {
    return lists.getOrDefault(group, List.of());
  }

  /** Lists of several groups, as far as there are several. */
  StoreCall drawSeveral(int process, long called) {
    boolean reads = random.chance(readShare);
    List<Key> keys = new ArrayList<>();
    List<Integer> groups = new ArrayList<>(lists.keySet());
    int count = Math.min(groups.size(), 2 + random.nextInt(2));
    while (keys.size() < count) {
      keys.add(any(lists(groups.remove(random.nextInt(groups.size())))));
    }
    List<Operation> operations = new ArrayList<>();
    for (Key key : keys) {
      boolean both = random.chance(0.3);
      if (reads || both || random.chance(0.3)) {
        operations.add(new Operation.Get(key));
      }
      if (!reads && (both || operations.isEmpty() || random.chance(0.7))) {
        operations.add(append(key));
      }
    }
    Transaction transaction =
        reads || !random.chance(conditionShare)
            ? Transaction.of(operations)
            : conditional(keys, operations);
    return new StoreCall(process, called, reads, StoreCall.SEVERAL, transaction, null);
  }

  private static Transaction plainReads(List<Key> keys) {
    return Transaction.of(keys.stream().<Operation>map(Operation.Get::new).toList());
  }

  /** Only if the lists are still what somebody has seen; otherwise they are read. */
  private Transaction conditional(List<Key> keys, List<Operation> operations) {
    List<Condition> conditions = new ArrayList<>();
    for (Key key : keys) {
      Value last = seen.get(key);
      if (conditions.isEmpty() || random.chance(0.5)) {
        conditions.add(
            last == null ? new Condition.Missing(key) : new Condition.ValueIs(key, last));
      }
    }
    return new Transaction(conditions, operations, plainReads(keys).then());
  }

  /** Takes note of what a list was like. */
  void onSeen(Key key, Value value) {
    seen.put(key, value);
  }

  private Operation append(Key key) {
    element++;
    return new Operation.Append(key, Value.utf8(" " + element));
  }

  StoreCall draw(int process, long called, int group) {
    boolean reads = random.chance(readShare);
    if (random.chance(listShare)) {
      return new StoreCall(process, called, reads, group, drawListTransaction(group, reads), null);
    }
    Key key = any(registers.getOrDefault(group, List.of()));
    KvAction action = reads ? new KvAction.Get() : drawAction();
    return new StoreCall(process, called, reads, group, transaction(key, action), action);
  }

  /** Reads every list of a group. */
  StoreCall readAll(int process, long called, int group) {
    return new StoreCall(process, called, true, group, plainReads(lists(group)), null);
  }

  private Key any(List<Key> keys) {
    return keys.get(random.nextInt(keys.size()));
  }

  private Transaction drawListTransaction(int group, boolean reads) {
    List<Operation> operations = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Key key = any(lists(group));
      if (reads || (i > 0 && random.chance(0.5))) {
        operations.add(new Operation.Get(key));
      } else {
        operations.add(append(key));
      }
    }
    return Transaction.of(operations);
  }

  private String number() {
    return Integer.toString(random.nextInt(NUMBERS));
  }

  private KvAction drawAction() {
    return switch (random.nextInt(6)) {
      case 0 -> new KvAction.Put(number());
      case 1 -> new KvAction.Delete();
      case 2 -> new KvAction.Cas(random.chance(0.3) ? null : number(), number());
      default -> new KvAction.Increment(1 + random.nextInt(3));
    };
  }

  private static Transaction transaction(Key key, KvAction action) {
    if (action instanceof KvAction.Put put) {
      return Transaction.of(List.of(new Operation.Put(key, Value.utf8(put.value()))));
    } else if (action instanceof KvAction.Increment increment) {
      return Transaction.of(List.of(new Operation.Add(key, increment.delta(), true)));
    } else if (action instanceof KvAction.Delete) {
      return Transaction.of(List.of(new Operation.Delete(key)));
    } else if (action instanceof KvAction.Cas cas) {
      String expected = cas.expect();
      Condition condition =
          expected == null
              ? new Condition.Missing(key)
              : new Condition.ValueIs(key, Value.utf8(expected));
      Operation put = new Operation.Put(key, Value.utf8(cas.value()));
      return new Transaction(List.of(condition), List.of(put), List.of());
    }
    return Transaction.of(List.of(new Operation.Get(key)));
  }
}
