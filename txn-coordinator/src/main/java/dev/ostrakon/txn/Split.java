package dev.ostrakon.txn;

import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Slots;
import dev.ostrakon.model.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A transaction cut into fragments, one for each group that owns a key of it. Within a fragment
 * conditions and operations keep their order; operations of different groups touch different keys,
 * so that is the same as the order of the whole.
 */
final class Split {
  private final long configuration;
  private final SortedMap<GroupId, Transaction> fragments;
  private final List<GroupId> ownersThen;
  private final List<GroupId> ownersOtherwise;

  private Split(
      long configuration,
      SortedMap<GroupId, Transaction> fragments,
      List<GroupId> ownersThen,
      List<GroupId> ownersOtherwise) {
    this.configuration = configuration;
    this.fragments = Collections.unmodifiableSortedMap(fragments);
    this.ownersThen = ownersThen;
    this.ownersOtherwise = ownersOtherwise;
  }

  /** Cuts a transaction by who owns its keys. */
  static Split of(Transaction transaction, Configuration configuration) {
    Owners owners = new Owners(configuration);
    TreeMap<GroupId, Parts> parts = new TreeMap<>();
    for (Condition condition : transaction.conditions()) {
      partsOf(parts, owners.of(condition.key())).conditions.add(condition);
    }
    List<GroupId> ownersThen = new ArrayList<>(transaction.then().size());
    for (Operation operation : transaction.then()) {
      GroupId owner = owners.of(operation.key());
      ownersThen.add(owner);
      partsOf(parts, owner).then.add(operation);
    }
    List<GroupId> ownersOtherwise = new ArrayList<>(transaction.otherwise().size());
    for (Operation operation : transaction.otherwise()) {
      GroupId owner = owners.of(operation.key());
      ownersOtherwise.add(owner);
      partsOf(parts, owner).otherwise.add(operation);
    }
    TreeMap<GroupId, Transaction> fragments = new TreeMap<>();
    parts.forEach((group, part) -> fragments.put(group, part.toTransaction()));
    return new Split(
        configuration.number(), fragments, List.copyOf(ownersThen), List.copyOf(ownersOtherwise));
  }

  /** The number of the configuration that says who owns which key. */
  long configuration() {
    return configuration;
  }

  /** The participants, ascending, and what each is to do. */
  SortedMap<GroupId, Transaction> fragments() {
    return fragments;
  }

  /** All groups that own a key of it, ascending. */
  List<GroupId> participants() {
    return List.copyOf(fragments.keySet());
  }

  /**
   * The results of a branch in the order of the whole transaction's operations; empty if those
   * given are not those of these fragments.
   *
   * @param cut the configuration by which the transaction was cut when it was carried out
   * @param results of each participant, by the order of its fragment
   */
  Optional<List<OperationResult>> merge(
      Branch branch, long cut, Map<GroupId, List<OperationResult>> results) {
    List<GroupId> owners =
        switch (branch) {
          case THEN -> ownersThen;
          case OTHERWISE -> ownersOtherwise;
        };
    for (List<OperationResult> one : results.values()) {
      if (one.size() == owners.size()) {
        // As many as the whole has can only be those of the whole: it lay inside one group.
        return Optional.of(one);
      }
    }
    if (cut != configuration) {
      return Optional.empty();
    }
    Map<GroupId, Integer> next = new LinkedHashMap<>();
    List<OperationResult> merged = new ArrayList<>(owners.size());
    for (GroupId owner : owners) {
      int position = next.merge(owner, 1, Integer::sum) - 1;
      List<OperationResult> one = results.getOrDefault(owner, List.of());
      if (position >= one.size()) {
        return Optional.empty();
      }
      merged.add(one.get(position));
    }
    boolean areAllUsed =
        results.entrySet().stream()
            .allMatch(e -> next.getOrDefault(e.getKey(), 0) == e.getValue().size());
    return areAllUsed ? Optional.of(merged) : Optional.empty();
  }

  private static Parts partsOf(Map<GroupId, Parts> parts, GroupId group) {
    return parts.computeIfAbsent(group, ignored -> new Parts());
  }

  private static final class Owners {
    private final Configuration configuration;
    private final Slots slots;

    Owners(Configuration configuration) {
      this.configuration = configuration;
      this.slots = configuration.slots();
    }

    GroupId of(Key key) {
      return configuration.ownerOf(slots.of(key));
    }
  }

  private static final class Parts {
    final List<Condition> conditions = new ArrayList<>();
    final List<Operation> then = new ArrayList<>();
    final List<Operation> otherwise = new ArrayList<>();

    Transaction toTransaction() {
      return new Transaction(conditions, then, otherwise);
    }
  }
}
