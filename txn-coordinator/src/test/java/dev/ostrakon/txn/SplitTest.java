package dev.ostrakon.txn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SplitTest {
  @Provide
  Arbitrary<Configuration> configurations() {
    return Arbitraries.integers()
        .between(1, 5)
        .list()
        .ofSize(16)
        .map(
            numbers -> {
              TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
              List<GroupId> owners = new ArrayList<>();
              for (int number : numbers) {
                GroupId group = new GroupId(number);
                owners.add(group);
                groups.put(group, List.of(new NodeId("n" + number)));
              }
              return new Configuration(3, owners, groups);
            });
  }

  @Provide
  Arbitrary<Transaction> transactions() {
    Arbitrary<Key> keys = Arbitraries.integers().between(0, 20).map(i -> Key.utf8("k" + i));
    Arbitrary<Operation> operations =
        Combinators.combine(keys, Arbitraries.integers().between(0, 9))
            .as(
                (key, number) ->
                    number < 5
                        ? new Operation.Get(key)
                        : new Operation.Put(key, Value.number(number)));
    return Combinators.combine(
            keys.map(Condition.Exists::new).list().ofMaxSize(5),
            operations.list().ofMaxSize(12),
            operations.list().ofMaxSize(12))
        .as((c, t, o) -> new Transaction(List.copyOf(c), t, o));
  }

  /** Every group gets what touches its keys and nothing else, in order; put together it is all. */
  @Property
  void fragments_are_a_partition_in_order(
      @ForAll("transactions") Transaction whole,
      @ForAll("configurations") Configuration configuration) {
    Split split = Split.of(whole, configuration);

    split
        .fragments()
        .forEach(
            (group, fragment) -> {
              assertThat(fragment.keys())
                  .allMatch(k -> configuration.ownerOf(configuration.slots().of(k)).equals(group));
              assertThat(fragment.conditions())
                  .isEqualTo(
                      whole.conditions().stream()
                          .filter(c -> fragment.keys().contains(c.key()))
                          .toList());
              assertThat(fragment.then()).isEqualTo(own(whole.then(), fragment));
              assertThat(fragment.otherwise()).isEqualTo(own(whole.otherwise(), fragment));
            });
    assertThat(split.fragments().values().stream().mapToInt(f -> f.keys().size()).sum())
        .isEqualTo(whole.keys().size());
    assertThat(split.participants()).isSorted().doesNotHaveDuplicates();
  }

  /** Results of fragments come back in the order of the operations of the whole. */
  @Property
  void results_are_merged_in_the_original_order(
      @ForAll("transactions") Transaction whole,
      @ForAll("configurations") Configuration configuration,
      @ForAll Branch branch) {
    Split split = Split.of(whole, configuration);
    List<Operation> operations = operations(whole, branch);
    Map<GroupId, List<OperationResult>> results = new TreeMap<>();
    split
        .fragments()
        .forEach(
            (group, fragment) -> {
              List<OperationResult> own = new ArrayList<>();
              operations(fragment, branch)
                  .forEach(o -> own.add(result(operations, o, fragment, own.size(), branch)));
              results.put(group, own);
            });

    List<OperationResult> merged =
        Objects.requireNonNull(split.merge(branch, configuration.number(), results).orElse(null));
    for (int i = 0; i < operations.size(); i++) {
      assertThat(merged.get(i)).isEqualTo(numbered(i));
    }
    assertThat(merged).hasSameSizeAs(operations);
  }

  @Property
  void results_of_other_fragments_are_not_merged(
      @ForAll("transactions") Transaction whole,
      @ForAll("configurations") Configuration configuration) {
    Split split = Split.of(whole, configuration);
    Map<GroupId, List<OperationResult>> results = new TreeMap<>();
    split.fragments().forEach((group, f) -> results.put(group, dones(f.then().size())));
    boolean isWhole = results.values().stream().anyMatch(one -> one.size() == whole.then().size());

    assertThat(split.merge(Branch.THEN, configuration.number() + 1, results).isPresent())
        .isEqualTo(isWhole && !results.isEmpty());
    if (!isWhole && !results.isEmpty()) {
      results.replaceAll((group, one) -> dones(one.size() + 1));
      if (results.values().stream().noneMatch(one -> one.size() == whole.then().size())) {
        assertThat(split.merge(Branch.THEN, configuration.number(), results)).isEmpty();
      }
    }
  }

  @Example
  void limits_of_the_whole_are_typed_refusals() {
    Limits limits = new Limits(4, 3, 2, 8);
    Configuration configuration = Desk.CONFIGURATION;
    assertThat(reason(limits, configuration, get("a"), get("b"), get("c")))
        .isEqualTo(Refusal.Reason.LIMIT_EXCEEDED);
    assertThat(reason(limits, configuration, get("abcde")))
        .isEqualTo(Refusal.Reason.LIMIT_EXCEEDED);
    assertThat(reason(limits, configuration, put("a", "1234")))
        .isEqualTo(Refusal.Reason.LIMIT_EXCEEDED);
    assertThat(reason(limits, configuration, put("abc", "12"), put("ab", "12")))
        .isEqualTo(Refusal.Reason.LIMIT_EXCEEDED);
    assertThat(reason(limits, configuration)).isEqualTo(Refusal.Reason.INVALID);
    assertThat(reason(limits, Configuration.initial(Desk.CONFIGURATION.slots()), get("a")))
        .isEqualTo(Refusal.Reason.WRONG_GROUP);
    assertThat(
            Admission.refusal(
                Transaction.of(List.of(put("abc", "123"), get("ab"))), configuration, limits))
        .isEmpty();
  }

  private static Refusal.Reason reason(
      Limits limits, Configuration configuration, Operation... operations) {
    return Admission.refusal(Transaction.of(List.of(operations)), configuration, limits)
        .map(Refusal::reason)
        .orElseThrow();
  }

  private static Operation get(String key) {
    return new Operation.Get(Key.utf8(key));
  }

  private static Operation put(String key, String value) {
    return new Operation.Put(Key.utf8(key), Value.utf8(value));
  }

  private static List<OperationResult> dones(int count) {
    List<OperationResult> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(new OperationResult.Done());
    }
    return results;
  }

  private static List<Operation> operations(Transaction transaction, Branch branch) {
    return branch == Branch.THEN ? transaction.then() : transaction.otherwise();
  }

  private static List<Operation> own(List<Operation> all, Transaction fragment) {
    return all.stream().filter(o -> fragment.keys().contains(o.key())).toList();
  }

  /** Names the place of the fragment's operation in the whole. */
  private static OperationResult result(
      List<Operation> all, Operation operation, Transaction fragment, int before, Branch branch) {
    int seen = 0;
    for (int i = 0; i < all.size(); i++) {
      if (fragment.keys().contains(all.get(i).key())) {
        if (seen == before) {
          assertThat(all.get(i)).isEqualTo(operation);
          return numbered(i);
        }
        seen++;
      }
    }
    throw new AssertionError("not in the whole: " + operation + " of " + branch);
  }

  private static OperationResult numbered(int place) {
    return new OperationResult.Present(Value.number(place), HybridTimestamp.ZERO);
  }
}
