package dev.ostrakon.node.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.NodeAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterPlanTest {

  private static ClusterPlan plan(int nodes, int groups, int replicas) {
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (int i = 0; i < nodes; i++) {
      peers.put(new NodeId("n" + (char) ('a' + i)), new NodeAddress("127.0.0.1", 1 + i));
    }
    ClusterPlan defaults =
        NodeSettings.of(peers.firstKey(), new NodeAddress("127.0.0.1", 1), Path.of("x"), peers)
            .plan();
    return new ClusterPlan(
        defaults.clusterId(),
        defaults.nodes(),
        groups,
        replicas,
        defaults.slots(),
        defaults.limits(),
        defaults.windowMillis(),
        defaults.horizonMillis(),
        defaults.pendingMax());
  }

  @Test
  void replicas_and_preferred_leaders_are_spread_evenly() {
    ClusterPlan plan = plan(5, 10, 3);
    Map<NodeId, Integer> replicas = new HashMap<>();
    Map<NodeId, Integer> leaders = new HashMap<>();
    for (List<NodeId> nodes : plan.shardGroups().values()) {
      assertThat(nodes).hasSize(3).doesNotHaveDuplicates();
      nodes.forEach(node -> replicas.merge(node, 1, Integer::sum));
      leaders.merge(nodes.get(0), 1, Integer::sum);
    }
    assertThat(replicas.values()).containsOnly(6);
    assertThat(leaders.values()).containsOnly(2);
  }

  @Test
  void the_controller_lives_on_at_most_five_nodes() {
    assertThat(plan(3, 1, 1).controllerNodes()).hasSize(3);
    assertThat(plan(9, 1, 1).controllerNodes()).hasSize(5);
  }

  @Test
  void plans_that_differ_describe_themselves_differently() {
    ClusterPlan plan = plan(3, 3, 3);
    assertThat(plan.describe()).contains("groups=3").contains("nodes=na,nb,nc");
    assertThat(plan(3, 4, 3).describe()).isNotEqualTo(plan.describe());
    assertThat(plan(3, 3, 2).describe()).isNotEqualTo(plan.describe());
    assertThat(plan(20, 3, 3).describe()).contains("nodes=20#").hasSizeLessThan(400);
    assertThat(plan(3, 3, 3).nodesOf(new GroupId(2)).get(0)).isEqualTo(new NodeId("nb"));
  }
}
