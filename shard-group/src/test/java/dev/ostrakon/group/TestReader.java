package dev.ostrakon.group;

import dev.ostrakon.model.Branch;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A read without a log entry: of one group at once, of several by reading all twice until nothing
 * has changed in between.
 */
final class TestReader {
  private final ProtocolSimulation world;
  private final TestWorkload.Plan plan;

  TestReader(ProtocolSimulation world, TestWorkload.Plan plan) {
    this.world = world;
    this.plan = plan;
  }

  void start() {
    new Round(new TreeMap<>()).askAll();
  }

  private final class Round {
    private final Map<GroupId, Map<Key, String>> previous;
    private final Map<GroupId, Map<Key, String>> seen = new TreeMap<>();

    Round(Map<GroupId, Map<Key, String>> previous) {
      this.previous = previous;
    }

    void askAll() {
      plan.txn().participants().forEach(this::ask);
    }

    private void ask(GroupId group) {
      List<Key> keys =
          Known.get(plan.txn().fragments(), group).then().stream().map(Operation::key).toList();
      world
          .network()
          .send(
              () -> {
                Optional<Map<Key, String>> values = world.read(group, keys);
                if (values.isEmpty()) {
                  ask(group);
                } else {
                  world.network().send(() -> onValues(group, values.get()), () -> ask(group));
                }
              },
              () -> ask(group));
    }

    private void onValues(GroupId group, Map<Key, String> values) {
      if (seen.putIfAbsent(group, values) != null
          || seen.size() < plan.txn().participants().size()
          || plan.call().isAnswered()) {
        return;
      }
      boolean isOneGroup = seen.size() == 1;
      if (isOneGroup || previous.equals(seen) || world.mutates("single reading")) {
        seen.values().forEach(plan::recordValues);
        world.end(plan, Branch.THEN, Map.of());
      } else {
        new Round(seen).askAll();
      }
    }
  }
}
