package dev.ostrakon.group;

import dev.ostrakon.group.TestCoordinator.Txn;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Slots;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Random transactions over few keys: lists that are appended to and read, counters added to. */
final class TestWorkload {
  /** Which group owns each of the slots. */
  static final List<GroupId> OWNERS =
      List.of(new GroupId(1), new GroupId(2), new GroupId(3), new GroupId(1));

  private static final Slots SLOTS = new Slots(OWNERS.size());
  private static final int LISTS_PER_GROUP = 2;

  private final RandomSource random;
  private final List<Key> lists = new ArrayList<>();
  private final Map<GroupId, Key> counters = new TreeMap<>();
  private int lastNumber;

  TestWorkload(RandomSource random) {
    this.random = random;
    Map<GroupId, Integer> found = new TreeMap<>();
    for (int i = 0; lists.size() < 3 * LISTS_PER_GROUP || counters.size() < 3; i++) {
      Key list = Key.utf8("list" + i);
      if (found.merge(ownerOf(list), 1, Integer::sum) <= LISTS_PER_GROUP) {
        lists.add(list);
      }
      Key counter = Key.utf8("counter" + i);
      counters.putIfAbsent(ownerOf(counter), counter);
    }
  }

  static GroupId ownerOf(Key key) {
    return OWNERS.get(SLOTS.of(key).number());
  }

  List<Key> listKeys() {
    return lists;
  }

  static List<Integer> parse(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isEmpty()) {
        numbers.add(Integer.parseInt(part));
      }
    }
    return numbers;
  }

  Plan plan(TxnId id, HybridTimestamp issuedAt, Acknowledgement settled, History.Call call) {
    boolean isReadOnly = random.chance(0.35);
    int count = random.chance(0.7) ? 2 + random.nextInt(3) : 1;
    List<Key> rest = new ArrayList<>(lists);
    TreeMap<GroupId, Draft> drafts = new TreeMap<>();
    boolean hasConditions = !isReadOnly && random.chance(0.2);
    for (int i = 0; i < count; i++) {
      Key key = rest.remove(random.nextInt(rest.size()));
      Draft draft = drafts.computeIfAbsent(ownerOf(key), ignored -> new Draft());
      planKey(key, draft, isReadOnly, call);
      if (hasConditions) {
        draft.conditions.add(
            random.chance(0.8) ? new Condition.Exists(key) : new Condition.Missing(key));
        draft.otherwise.add(new Operation.Get(key));
      }
    }
    TreeMap<Key, Long> adds = new TreeMap<>();
    if (!call.appends.isEmpty()) {
      drafts.forEach((group, draft) -> planCounter(Known.get(counters, group), draft, adds));
    }
    TreeMap<GroupId, Transaction> fragments = new TreeMap<>();
    drafts.forEach((group, draft) -> fragments.put(group, draft.toTransaction()));
    Txn txn = new Txn(id, issuedAt, settled, fragments);
    return new Plan(txn, call, adds, call.appends.isEmpty() && !hasConditions);
  }

  private void planKey(Key key, Draft draft, boolean isReadOnly, History.Call call) {
    int operations = isReadOnly ? 1 : 1 + random.nextInt(2);
    for (int i = 0; i < operations; i++) {
      if (isReadOnly || random.chance(0.4)) {
        draft.then.add(new Operation.Get(key));
      } else {
        lastNumber++;
        draft.then.add(new Operation.Append(key, Value.utf8("," + lastNumber)));
        call.appends.add(Map.entry(key, lastNumber));
      }
    }
  }

  private void planCounter(Key counter, Draft draft, Map<Key, Long> adds) {
    if (random.chance(0.5)) {
      long delta = random.nextLong(-5, 6);
      draft.then.add(new Operation.Add(counter, delta, random.chance(0.1)));
      adds.put(counter, delta);
    }
  }

  private static final class Draft {
    final List<Condition> conditions = new ArrayList<>();
    final List<Operation> then = new ArrayList<>();
    final List<Operation> otherwise = new ArrayList<>();

    Transaction toTransaction() {
      return new Transaction(conditions, then, otherwise);
    }
  }

  /** One transaction and what became of it. */
  static final class Plan implements Comparable<Plan> {
    private final Txn txn;
    private final History.Call call;
    private final Map<Key, Long> adds;
    private final boolean isReadOnly;
    private boolean isGivenUp;

    Plan(Txn txn, History.Call call, Map<Key, Long> adds, boolean isReadOnly) {
      this.txn = txn;
      this.call = call;
      this.adds = adds;
      this.isReadOnly = isReadOnly;
    }

    Txn txn() {
      return txn;
    }

    History.Call call() {
      return call;
    }

    /** What it adds to counters; only if it appends something, too. */
    Map<Key, Long> adds() {
      return adds;
    }

    boolean isReadOnly() {
      return isReadOnly;
    }

    boolean isGivenUp() {
      return isGivenUp;
    }

    void giveUp() {
      isGivenUp = true;
    }

    void recordReads(Branch branch, Map<GroupId, List<OperationResult>> results) {
      results.forEach(
          (group, given) -> {
            Transaction fragment = Known.get(txn.fragments(), group);
            List<Operation> operations =
                branch == Branch.THEN ? fragment.then() : fragment.otherwise();
            for (int i = 0; i < operations.size(); i++) {
              if (operations.get(i) instanceof Operation.Get get) {
                String text =
                    given.get(i) instanceof OperationResult.Present present
                        ? present.value().bytes().toUtf8()
                        : "";
                call.reads.add(Map.entry(get.key(), parse(text)));
              }
            }
          });
    }

    void recordValues(Map<Key, String> values) {
      values.forEach((key, text) -> call.reads.add(Map.entry(key, parse(text))));
    }

    @Override
    public int compareTo(Plan other) {
      return Integer.compare(call.id, other.call.id);
    }
  }
}
