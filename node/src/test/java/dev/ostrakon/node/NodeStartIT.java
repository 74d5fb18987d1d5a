package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import dev.ostrakon.node.embedded.EmbeddedOptions;
import dev.ostrakon.node.embedded.FreePorts;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.settings.MemorySettings;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.ServingSettings;
import dev.ostrakon.node.settings.TimingSettings;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.WriteResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How nodes start and stop: addresses, what they wait for, and stops under load. */
class NodeStartIT {

  private final Vertx vertx = Vertx.vertx();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    Awaits.await(vertx.close());
  }

  @Test
  void nodes_and_clients_reach_each_other_at_ipv6_addresses() {
    List<Integer> ports = FreePorts.find(3);
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      peers.put(id(i), new NodeAddress("::1", ports.get(i)));
    }
    List<Future<OstrakonNode>> starting = new ArrayList<>();
    peers.forEach((id, address) -> starting.add(OstrakonNode.start(quick(id, address, peers))));
    List<OstrakonNode> nodes = starting.stream().map(Awaits::await).toList();
    List<String> addresses = peers.values().stream().map(NodeAddress::toString).toList();
    assertThat(addresses.get(0)).startsWith("[::1]:");
    try (KvClientOfTests client = new KvClientOfTests(vertx, addresses)) {
      nodes.forEach(node -> Awaits.await(node.ready()));
      client.put("key", "value");
      assertThat(client.get("key").getValue().toStringUtf8()).isEqualTo("value");
      for (int node = 0; node < 3; node++) { // Two of them pass it on.
        int asked = node;
        Awaits.untilAsserted(
            () -> {
              WriteResponse response = Awaits.await(client.at(asked).put(putOf("key")));
              assertThat(response.getHeader().getError().getMessage()).isEmpty();
            });
      }
    } finally {
      nodes.forEach(node -> Awaits.await(node.kill()));
    }
  }

  @Test
  void a_node_whose_answers_reach_nobody_is_not_ready_and_says_why() {
    EmbeddedOptions options = EmbeddedOptions.DEFAULTS.withGroups(2).withFolder(folder);
    try (EmbeddedCluster cluster = EmbeddedCluster.start(options)) {
      NodeSettings settings = cluster.node(0).settings();
      cluster.kill(0);
      SortedMap<NodeId, NodeAddress> swapped = new TreeMap<>();
      swapped.put(id(1), settings.routeTo(id(2)));
      swapped.put(id(2), settings.routeTo(id(1)));
      OstrakonNode node = Awaits.await(OstrakonNode.start(settings.withRoutes(swapped)));
      try {
        Awaits.untilAsserted(
            () ->
                assertThat(node.missing())
                    .anyMatch(text -> text.contains("which this node cannot reach"))
                    .anyMatch(
                        text ->
                            text.contains("peer n2 at " + settings.routeTo(id(2)))
                                && text.contains("WRONG_NODE")));
        assertThat(node.ready().isComplete()).isFalse();
      } finally {
        Awaits.await(node.kill());
      }
      cluster.restart(0);
      Awaits.await(cluster.node(0).ready());
      assertThat(cluster.node(0).missing()).isEmpty();
    }
  }

  @Test
  void an_address_that_is_taken_is_named() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      NodeAddress address = new NodeAddress("127.0.0.1", taken.getLocalPort());
      SortedMap<NodeId, NodeAddress> alone = new TreeMap<>();
      alone.put(id(0), address);
      assertThatThrownBy(() -> Awaits.await(OstrakonNode.start(quick(id(0), address, alone))))
          .hasRootCauseInstanceOf(BindException.class)
          .hasStackTraceContaining("cannot listen on " + address + ": ");

      NodeAddress free = new NodeAddress("127.0.0.1", FreePorts.find(1).get(0));
      SortedMap<NodeId, NodeAddress> other = new TreeMap<>();
      other.put(id(0), free);
      assertThatThrownBy(
              () -> Awaits.await(OstrakonNode.start(quick(id(0), free, other).withAdmin(address))))
          .hasStackTraceContaining("cannot listen on " + address + ": ");
    }
  }

  @Test
  void nodes_stop_in_good_order_while_clients_go_on() {
    try (EmbeddedCluster cluster =
            EmbeddedCluster.start(EmbeddedOptions.DEFAULTS.withGroups(2).withFolder(folder));
        KvClientOfTests client = new KvClientOfTests(vertx, cluster.addresses())) {
      long load = vertx.setPeriodic(1, tick -> putEverywhere(client, cluster.size()));
      for (int round = 0; round < 6; round++) {
        int node = round % cluster.size();
        long began = System.nanoTime();
        cluster.stop(node); // Fails if the future does not end.
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)).isLessThan(20_000);
        cluster.restart(node);
        Awaits.await(cluster.node(node).ready());
      }
      vertx.cancelTimer(load);
    }
  }

  private static PutRequest putOf(String key) {
    return PutRequest.newBuilder()
        .setHeader(RequestHeader.newBuilder().setTimeoutMillis(500))
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8("value"))
        .build();
  }

  private static void putEverywhere(KvClientOfTests client, int nodes) {
    PutRequest request = putOf("load");
    for (int node = 0; node < nodes; node++) {
      client.at(node).put(request);
    }
  }

  private NodeSettings quick(NodeId id, NodeAddress listen, SortedMap<NodeId, NodeAddress> peers) {
    return NodeSettings.of(id, listen, folder.resolve(id.name()), peers)
        .with(MemorySettings.SMALL, TimingSettings.QUICK, ServingSettings.DEFAULTS);
  }

  private static NodeId id(int node) {
    return new NodeId("n" + (node + 1));
  }
}
