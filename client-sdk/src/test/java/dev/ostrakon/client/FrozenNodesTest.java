package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Slot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nodes whose process is stopped: TCP goes on, and nobody answers. Every call ends by its deadline,
 * and other nodes are asked.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FrozenNodesTest {
  private static final long SLACK_MILLIS = 1_000;

  private final FakeCluster cluster = new FakeCluster(3, 6);
  private final List<OstrakonClient> clients = new ArrayList<>();

  @BeforeEach
  void begin() {
    cluster.nodes.forEach(FakeNode::link);
  }

  @AfterEach
  void end() {
    clients.forEach(OstrakonClient::close);
    cluster.close();
  }

  private OstrakonClient connect(int requestMillis, String... addresses) {
    ClientConfig config =
        ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(requestMillis, 2_000));
    OstrakonClient client = OstrakonClient.connect(config, addresses);
    clients.add(client);
    return client;
  }

  private static long millisOf(CompletableFuture<?> future) throws Exception {
    long before = System.nanoTime();
    future.handle((value, cause) -> value).get(60, TimeUnit.SECONDS);
    return Duration.ofNanos(System.nanoTime() - before).toMillis();
  }

  @Test
  void a_client_whose_first_node_is_frozen_asks_another_one() throws Exception {
    try (ServerSocket frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      OstrakonClient db =
          connect(30_000, "127.0.0.1:" + frozen.getLocalPort(), cluster.nodes.get(1).address());
      db.ready().get(10, TimeUnit.SECONDS);
      db.put("a", "1").get(10, TimeUnit.SECONDS);
    }
    assertThat(cluster.store.get("a")).contains("1");
  }

  @Test
  void every_kind_of_call_to_frozen_nodes_only_ends_by_its_deadline() throws IOException {
    try (ServerSocket frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      OstrakonClient db = connect(700, "127.0.0.1:" + frozen.getLocalPort());
      allEndInTime(db, 700);
    }
  }

  @Test
  void calls_to_nodes_that_freeze_and_then_close_all_end_by_their_deadline() throws Exception {
    OstrakonClient db = connect(1_500, cluster.addresses());
    db.put("warm", "up").get(10, TimeUnit.SECONDS);
    cluster.nodes.forEach(node -> node.link().freeze());
    long before = System.nanoTime();
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      all.addAll(everyKind(db, i));
    }
    millisOf(all.get(0));
    cluster.nodes.forEach(node -> node.link().cut());
    for (CompletableFuture<?> future : all) {
      millisOf(future);
    }
    long took = Duration.ofNanos(System.nanoTime() - before).toMillis();
    assertThat(took).isLessThan(1_500 + SLACK_MILLIS);
  }

  /** The deadlines are looked at one by one, by when each future is done. */
  private static void allEndInTime(OstrakonClient db, int deadlineMillis) {
    long before = System.nanoTime();
    List<CompletableFuture<Long>> ends =
        everyKind(db, 0).stream()
            .map(future -> future.handle((value, cause) -> System.nanoTime() - before))
            .toList();
    for (CompletableFuture<Long> end : ends) {
      assertThat(TimeUnit.NANOSECONDS.toMillis(end.orTimeout(60, TimeUnit.SECONDS).join()))
          .isBetween(deadlineMillis / 2L, deadlineMillis + SLACK_MILLIS);
    }
  }

  private static List<CompletableFuture<?>> everyKind(OstrakonClient db, int i) {
    return List.of(
        db.get("key" + i),
        db.put("key" + i, "v"),
        db.scan(Scan.all()),
        db.transact(tx -> tx.get("key" + i).thenCompose(value -> tx.put("other", "v"))),
        db.shards().query(),
        db.status());
  }

  @Test
  void a_frozen_node_that_leads_several_groups_costs_one_timeout_and_not_one_for_each_group()
      throws Exception {
    OstrakonClient db = connect(30_000, cluster.addresses());
    cluster.leaders.replaceAll((group, leader) -> 0);
    for (int i = 0; i < 50; i++) {
      db.put("key" + i, "v").get(10, TimeUnit.SECONDS);
    }
    cluster.nodes.get(0).link().freeze();
    CompletableFuture<?> first = db.put("key0", "w");
    cluster.leaders.replaceAll((group, leader) -> 1 + (int) (group.number() % 2));
    millisOf(first);
    long before = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      db.put("key" + i, "w").get(10, TimeUnit.SECONDS);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(450));
  }

  @Test
  void a_frozen_leader_is_left_before_an_attempt_is_over() throws Exception {
    OstrakonClient db = connect(30_000, cluster.addresses());
    cluster.leaders.replaceAll((group, leader) -> 0);
    db.put("a", "1").get(10, TimeUnit.SECONDS);
    cluster.nodes.get(0).link().freeze();
    cluster.leaders.put(new GroupId(1), 1);
    cluster.leaders.replaceAll((group, leader) -> 1);
    assertThat(millisOf(db.put("a", "2"))).isLessThan(1_500);
    assertThat(cluster.store.get("a")).contains("2");
  }

  /** The controller's leader is the first node, as the others hint. */
  @Test
  void a_change_is_not_sent_to_a_frozen_controller_only() throws Exception {
    OstrakonClient db = connect(4_000, cluster.addresses());
    db.ready().get(10, TimeUnit.SECONDS);
    cluster.nodes.get(0).link().freeze();
    CompletableFuture<?> move = db.shards().move(new Slot(1), new GroupId(2));
    assertThat(millisOf(move)).isLessThan(4_000 + SLACK_MILLIS);
    cluster.nodes.get(0).link().thaw();
    db.shards().move(new Slot(1), new GroupId(2)).get(10, TimeUnit.SECONDS);
  }

  @Test
  void a_node_that_was_frozen_is_used_again() throws Exception {
    OstrakonClient db = connect(30_000, cluster.addresses());
    cluster.leaders.replaceAll((group, leader) -> 0);
    db.put("a", "1").get(10, TimeUnit.SECONDS);
    cluster.nodes.get(0).link().freeze();
    cluster.leaders.replaceAll((group, leader) -> 1);
    db.put("a", "2").get(10, TimeUnit.SECONDS);
    cluster.nodes.get(0).link().thaw();
    cluster.leaders.replaceAll((group, leader) -> 0);
    for (int i = 0; i < 20; i++) {
      db.put("key" + i, "v").get(10, TimeUnit.SECONDS);
    }
    assertThat(cluster.store.get("key19")).contains("v");
  }

  @Test
  void a_single_node_that_pauses_is_waited_for() throws Exception {
    try (FakeCluster single = new FakeCluster(1, 2)) {
      FreezableLink link = single.nodes.get(0).link();
      OstrakonClient db = connect(30_000, single.addresses());
      db.put("a", "1").get(10, TimeUnit.SECONDS);
      link.freeze();
      CompletableFuture<?> put = db.put("a", "2");
      assertThat(put.copy().completeOnTimeout(null, 1_200, TimeUnit.MILLISECONDS).join()).isNull();
      link.thaw();
      put.get(10, TimeUnit.SECONDS);
    }
  }
}
