package dev.ostrakon.controller;

import dev.ostrakon.controller.ControllerCommand.Join;
import dev.ostrakon.controller.ControllerCommand.Leave;
import dev.ostrakon.controller.ControllerCommand.Move;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Slots;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Values that several tests use. */
final class Samples {
  static final ControllerRules LIVE_16 = rules(16, MovementPolicy.LIVE);

  private Samples() {}

  static ControllerRules rules(int slots, MovementPolicy movement) {
    return ControllerRules.DEFAULTS.withSlots(new Slots(slots)).withMovement(movement);
  }

  static GroupId group(long number) {
    return new GroupId(number);
  }

  /** The three nodes that a group gets if a test does not care: x, y and z with its number. */
  static List<NodeId> nodesOf(long group) {
    return nodes("x" + group, "y" + group, "z" + group);
  }

  static List<NodeId> nodes(String... names) {
    return Arrays.stream(names).map(NodeId::new).toList();
  }

  static Join join(long... groups) {
    SortedMap<GroupId, List<NodeId>> joining = new TreeMap<>();
    Arrays.stream(groups).forEach(group -> joining.put(group(group), nodesOf(group)));
    return new Join(joining);
  }

  static Leave leave(long... groups) {
    return Leave.of(Arrays.stream(groups).mapToObj(GroupId::new).toList());
  }

  static Move move(int slot, long group) {
    return new Move(new Slot(slot), group(group));
  }

  static ClientId client(long number) {
    return new ClientId(7, number);
  }

  static HybridTimestamp at(long wallMillis) {
    return new HybridTimestamp(wallMillis, 0);
  }

  static ControllerRequest request(
      long client, long sequence, HybridTimestamp issuedAt, ControllerCommand command) {
    return new ControllerRequest(new RequestId(client(client), sequence), issuedAt, 0, command);
  }

  /** How many slots have another owner in {@code after}. */
  static int moved(Configuration before, Configuration after) {
    return moved(before.owners(), after.owners());
  }

  static int moved(List<GroupId> before, List<GroupId> after) {
    int count = 0;
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).equals(after.get(i))) {
        count++;
      }
    }
    return count;
  }

  /** The difference between the largest and the smallest share; 0 without groups. */
  static int spread(Configuration configuration) {
    List<Integer> counts = List.copyOf(configuration.slotCounts().values());
    return counts.isEmpty() ? 0 : Collections.max(counts) - Collections.min(counts);
  }
}
