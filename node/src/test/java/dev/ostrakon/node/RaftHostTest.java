package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.embedded.CuttableLink;
import dev.ostrakon.node.embedded.FreePorts;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.Role;
import dev.ostrakon.replica.ProposalOutcome;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three nodes in one JVM: real event loops and connections, storage in memory. */
class RaftHostTest {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(6));
  private final List<InProcessNode> nodes = new ArrayList<>();

  /** wires[from][to], both from 0; the diagonal is empty. */
  private final List<List<Optional<CuttableLink>>> wires = new ArrayList<>();

  @AfterEach
  void stopAll() {
    nodes.forEach(InProcessNode::stop);
    Awaits.await(vertx.close());
  }

  @Test
  void a_leader_is_elected_and_commands_reach_all_replicas() {
    startCluster(1, 1);
    for (int i = 0; i < 20; i++) {
      apply(1, "command" + i);
    }
    for (InProcessNode node : nodes) {
      for (int i = 0; i < 20; i++) {
        String command = "command" + i;
        Awaits.untilAsserted(() -> assertThat(Awaits.await(node.count(1, command))).isEqualTo("1"));
      }
    }
  }

  @Test
  void many_groups_share_nodes_loops_and_connections() {
    startCluster(8, 2);
    for (int group = 1; group <= 8; group++) {
      apply(group, "command of " + group);
    }
    for (int group = 1; group <= 8; group++) {
      int id = group;
      Awaits.untilAsserted(
          () -> assertThat(Awaits.await(leader(id).read(id, "command of " + id))).isEqualTo("1"));
    }
  }

  @Test
  void every_replica_serves_linearizable_reads() {
    startCluster(1, 1);
    apply(1, "command");
    for (InProcessNode node : nodes) {
      Awaits.untilAsserted(() -> assertThat(Awaits.await(node.read(1, "command"))).isEqualTo("1"));
    }
  }

  @Test
  void a_node_that_stops_hands_its_leadership_over_and_comes_back() {
    startCluster(1, 1);
    apply(1, "before");
    InProcessNode old = leader(1);
    long term = old.status(1).term();
    old.stop();
    InProcessNode successor = leader(1);
    assertThat(successor).isNotSameAs(old);
    assertThat(successor.status(1).term()).isGreaterThan(term);
    apply(1, "while away");
    old.start();
    Awaits.untilAsserted(() -> assertThat(Awaits.await(old.count(1, "while away"))).isEqualTo("1"));
    assertThat(Awaits.await(old.count(1, "before"))).isEqualTo("1");
  }

  @Test
  void an_isolated_leader_is_replaced_and_follows_when_its_wires_are_mended() {
    startCluster(1, 1);
    apply(1, "before");
    InProcessNode old = leader(1);
    int isolated = nodes.indexOf(old);
    wiresOf(isolated).forEach(CuttableLink::cut);
    Awaits.untilAsserted(() -> assertThat(old.status(1).role()).isNotEqualTo(Role.LEADER));
    apply(1, "while cut");
    wiresOf(isolated).forEach(CuttableLink::mend);
    Awaits.untilAsserted(() -> assertThat(Awaits.await(old.count(1, "while cut"))).isEqualTo("1"));
    apply(1, "after");
  }

  @Test
  void a_follower_that_hears_but_is_not_heard_does_not_disturb() {
    startCluster(1, 1);
    apply(1, "before");
    InProcessNode leader = leader(1);
    int mute = (nodes.indexOf(leader) + 1) % 3;
    long term = leader.status(1).term();
    for (Optional<CuttableLink> wire : wires.get(mute)) {
      wire.ifPresent(CuttableLink::cut);
    }
    for (int i = 0; i < 20; i++) {
      apply(1, "cut" + i);
    }
    assertThat(leader.status(1).term()).isEqualTo(term);
    for (Optional<CuttableLink> wire : wires.get(mute)) {
      wire.ifPresent(CuttableLink::mend);
    }
    Awaits.untilAsserted(
        () -> assertThat(Awaits.await(nodes.get(mute).count(1, "cut19"))).isEqualTo("1"));
  }

  private void startCluster(int groupCount, int loopCount) {
    List<Integer> ports = FreePorts.find(9);
    for (int from = 0; from < 3; from++) {
      List<Optional<CuttableLink>> row = new ArrayList<>();
      for (int to = 0; to < 3; to++) {
        row.add(
            from == to
                ? Optional.empty()
                : Optional.of(
                    Awaits.await(
                        CuttableLink.open(
                            vertx, ports.get(3 + 2 * from + (to + 2 - from) % 3), ports.get(to)))));
      }
      wires.add(row);
    }
    for (int number = 1; number <= 3; number++) {
      InProcessNode node =
          new InProcessNode(
              vertx,
              new InProcessNode.Setup(
                  number,
                  new NodeAddress("127.0.0.1", ports.get(number - 1)),
                  peersOf(number),
                  groupCount,
                  loopCount,
                  TestConfigs.quick(10_000, 10_000)));
      nodes.add(node);
      node.start();
    }
  }

  private SortedMap<NodeId, NodeAddress> peersOf(int number) {
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (int other = 1; other <= 3; other++) {
      int to = other;
      wires
          .get(number - 1)
          .get(other - 1)
          .ifPresent(
              wire -> peers.put(TestPeer.node(to), new NodeAddress("127.0.0.1", wire.port())));
    }
    return peers;
  }

  private List<CuttableLink> wiresOf(int node) {
    List<CuttableLink> all = new ArrayList<>();
    for (int other = 0; other < 3; other++) {
      wires.get(node).get(other).ifPresent(all::add);
      wires.get(other).get(node).ifPresent(all::add);
    }
    return all;
  }

  private InProcessNode leader(long group) {
    List<InProcessNode> found = new ArrayList<>();
    Awaits.untilAsserted(
        () -> {
          long newest = 0;
          found.clear();
          for (InProcessNode node : nodes) {
            if (node.isRunning()) {
              RaftStatus status = node.status(group);
              if (status.role() == Role.LEADER && status.term() > newest) {
                newest = status.term();
                found.clear();
                found.add(node);
              }
            }
          }
          assertThat(found).hasSize(1);
        });
    return found.get(0);
  }

  /** Has a command applied, by whoever leads; a command that may have been applied counts once. */
  private void apply(long group, String command) {
    List<String> attempts = new ArrayList<>();
    Awaits.untilAsserted(
        () -> {
          ProposalOutcome<Long> outcome = Awaits.await(leader(group).propose(group, command));
          attempts.add(outcome.toString());
          assertThat(outcome).as("%s", attempts).isInstanceOf(ProposalOutcome.Applied.class);
        });
  }
}
