package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.protocol.KvCall;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Fake nodes on loopback that speak the real protocol over one store and do as a script says. */
final class FakeCluster implements AutoCloseable {
  static final int SLOTS = 16;
  private static final long PATIENCE_SECONDS = 30;

  /** What a node does with a request. */
  interface Script {
    Reaction react(FakeNode node, KvCall call);
  }

  final Vertx vertx = Vertx.vertx();
  final FakeStore store = new FakeStore();
  final List<FakeNode> nodes = new ArrayList<>();
  final Map<GroupId, Integer> leaders = new ConcurrentHashMap<>();
  final AtomicLong requests = new AtomicLong();
  final AtomicLong frames = new AtomicLong();
  final AtomicLong queries = new AtomicLong();
  volatile Configuration configuration;
  volatile Script script = (node, call) -> new Reaction.Answer();
  volatile int window = 1_024;
  volatile int frameBytesMax = 1 << 20;

  /** Where the nodes listen, IPv6 in brackets. */
  final String host;

  /** A cluster whose group g is led by node g-1. */
  FakeCluster(int nodeCount, int groupCount) {
    this("127.0.0.1", nodeCount, groupCount);
  }

  FakeCluster(String host, int nodeCount, int groupCount) {
    this.host = host;
    for (int i = 0; i < nodeCount; i++) {
      nodes.add(new FakeNode(this, i));
    }
    SortedMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    List<NodeId> all = nodes.stream().map(FakeNode::id).toList();
    List<GroupId> owners = new ArrayList<>();
    for (int i = 0; i < groupCount; i++) {
      groups.put(new GroupId(i + 1), all);
      leaders.put(new GroupId(i + 1), i % nodeCount);
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      owners.add(new GroupId(slot % groupCount + 1));
    }
    configuration = new Configuration(1, owners, groups);
    nodes.forEach(FakeNode::start);
  }

  String[] addresses() {
    return nodes.stream().map(FakeNode::address).toArray(String[]::new);
  }

  SortedMap<NodeId, String> addressMap() {
    SortedMap<NodeId, String> map = new TreeMap<>();
    nodes.forEach(node -> map.put(node.id(), node.address()));
    return map;
  }

  /** The next configuration, in which one group owns everything. */
  void giveAllTo(GroupId group) {
    Configuration before = configuration;
    configuration =
        new Configuration(
            before.number() + 1,
            before.owners().stream().map(owner -> group).toList(),
            before.groups());
  }

  HybridTimestamp now() {
    return new HybridTimestamp(System.currentTimeMillis(), 0);
  }

  OstrakonClient connect(ClientConfig config) {
    return OstrakonClient.connect(config, addresses());
  }

  @Override
  public void close() {
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the fake cluster does not end", e);
    }
  }
}
