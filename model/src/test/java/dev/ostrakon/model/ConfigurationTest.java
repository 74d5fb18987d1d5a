package dev.ostrakon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  private static final GroupId G1 = new GroupId(1);
  private static final GroupId G2 = new GroupId(2);

  @Test
  void nobody_owns_anything_at_first() {
    Configuration initial = Configuration.initial(new Slots(4));

    assertThat(initial.number()).isZero();
    assertThat(initial.groups()).isEmpty();
    assertThat(initial.ownerOf(new Slot(3))).isEqualTo(GroupId.CONTROLLER);
  }

  @Test
  void slots_are_found_by_group_and_groups_by_slot() {
    Configuration configuration =
        new Configuration(1, List.of(G1, G2, G1, G1), groups(Map.of(G1, "n1", G2, "n2")));

    assertThat(configuration.slotsOf(G1)).containsExactly(new Slot(0), new Slot(2), new Slot(3));
    assertThat(configuration.ownerOf(new Slot(1))).isEqualTo(G2);
    assertThat(configuration.slotCounts()).containsExactly(Map.entry(G1, 3), Map.entry(G2, 1));
    assertThat(configuration.nodesOf(G2)).containsExactly(new NodeId("n2"));
  }

  @Test
  void owner_that_is_no_group_is_refused() {
    assertThatThrownBy(() -> new Configuration(1, List.of(G1, G2), groups(Map.of(G1, "n1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("g2");
  }

  @Test
  void slot_without_owner_is_refused_once_there_are_groups() {
    assertThatThrownBy(
            () -> new Configuration(1, List.of(G1, GroupId.CONTROLLER), groups(Map.of(G1, "n1"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SortedMap<GroupId, List<NodeId>> groups(Map<GroupId, String> nodes) {
    SortedMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    nodes.forEach((group, node) -> groups.put(group, List.of(new NodeId(node))));
    return groups;
  }
}
