package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.ServingSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplicaPlanTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final NodeId N3 = new NodeId("n3");

  private final ClusterMap map = new ClusterMap(N1, new TreeMap<>());

  @Test
  void leaders_are_spread_unless_they_had_best_be_together() {
    leads(1, N2);
    leads(2, N2);
    leads(3, N2);
    assertThat(spread(1)).isEqualTo(N1);
    assertThat(spread(2)).isEqualTo(N2);
    assertThat(spread(3)).isEqualTo(N3);
  }

  @Test
  void together_is_where_most_groups_are_led() {
    leads(1, N3);
    leads(2, N2);
    leads(3, N3);
    for (int group = 1; group <= 3; group++) {
      assertThat(together(group, settings(3))).isEqualTo(N3);
    }
  }

  @Test
  void of_nodes_that_lead_as_many_the_first_has_them() {
    leads(1, N3);
    leads(2, N2);
    assertThat(together(3, settings(3))).isEqualTo(N2);
    leads(3, N1);
    assertThat(together(3, settings(3))).isEqualTo(N1);
  }

  @Test
  void a_cluster_of_more_nodes_than_replicas_and_one_that_is_told_so_are_spread_in_any_case() {
    leads(1, N2);
    leads(2, N2);
    leads(3, N2);
    NodeSettings four = settings(4);
    NodeSettings spread =
        settings(3)
            .with(
                four.memory(),
                four.timing(),
                settings(3).serving().withLeaders(ServingSettings.Leaders.SPREAD));
    assertThat(together(1, four)).isEqualTo(N1);
    assertThat(together(1, spread)).isEqualTo(N1);
    assertThat(together(1, settings(3))).isEqualTo(N2);
  }

  private void leads(int group, NodeId node) {
    map.learnLeader(new GroupId(group), Optional.of(node));
  }

  private static NodeId spread(int group) {
    return ReplicaPlan.of(new GroupId(group), settings(3)).spreadLeader();
  }

  private NodeId together(int group, NodeSettings settings) {
    return ReplicaPlan.of(new GroupId(group), settings).gatheringLeader(map);
  }

  private static NodeSettings settings(int nodes) {
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (int i = 1; i <= nodes; i++) {
      peers.put(new NodeId("n" + i), new NodeAddress("127.0.0.1", 7100 + i));
    }
    return NodeSettings.of(N1, new NodeAddress("127.0.0.1", 7101), Path.of("unused"), peers);
  }
}
