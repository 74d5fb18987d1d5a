package dev.ostrakon.client;

import static dev.ostrakon.client.Conditions.exists;
import static dev.ostrakon.client.Conditions.missing;
import static dev.ostrakon.client.Conditions.value;
import static dev.ostrakon.client.Conditions.version;
import static dev.ostrakon.client.Operations.add;
import static dev.ostrakon.client.Operations.get;
import static dev.ostrakon.client.Operations.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every call of the client, against nodes that behave. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClientCallsTest {
  private final FakeCluster cluster = new FakeCluster(3, 3);
  private final OstrakonClient db =
      cluster.connect(
          ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(60_000, 10_000)));

  @AfterEach
  void end() {
    db.close();
    cluster.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void single_keys_in_text() {
    HybridTimestamp version = db.put("k", "a").join();
    assertThat(db.get("k").join()).contains(new Versioned<>("a", version));
    assertThat(db.append("k", "b").join()).isGreaterThan(version);
    assertThat(db.get("k").join().map(Versioned::value)).contains("ab");
    db.delete("k").join();
    assertThat(db.get("k").join()).isEmpty();
    assertThat(db.increment("n", 5).join()).isEqualTo(5);
    assertThat(db.increment("n", -7).join()).isEqualTo(-2);
  }

  @Test
  void single_keys_in_bytes() {
    byte[] key = {0, (byte) 0xFF, 7};
    db.put(key, new byte[] {1}).join();
    db.append(key, new byte[] {2, 3}).join();
    assertThat(db.get(key).join().orElseThrow().value()).containsExactly(1, 2, 3);
    assertThat(db.compareAndSet(key, new byte[] {9}, new byte[] {4}).join()).isFalse();
    assertThat(db.compareAndSet(key, new byte[] {1, 2, 3}, new byte[] {4}).join()).isTrue();
    db.delete(key).join();
    assertThat(db.putIfMissing(key, new byte[0]).join()).isTrue();
    assertThat(db.get(key).join().orElseThrow().value()).isEmpty();
    assertThat(db.increment(bytes("n"), 1).join()).isEqualTo(1);
  }

  @Test
  void setting_under_a_condition() {
    assertThat(db.putIfMissing("k", "a").join()).isTrue();
    assertThat(db.putIfMissing("k", "b").join()).isFalse();
    assertThat(db.compareAndSet("k", "x", "c").join()).isFalse();
    assertThat(db.compareAndSet("k", "a", "c").join()).isTrue();
    HybridTimestamp version = db.get("k").join().orElseThrow().version();
    assertThat(db.compareAndSet("k", HybridTimestamp.ZERO, "d").join()).isFalse();
    assertThat(db.compareAndSet("k", version, "d").join()).isTrue();
    assertThat(db.compareAndSet("new", HybridTimestamp.ZERO, "d").join()).isTrue();
  }

  @Test
  void a_transaction_takes_the_branch_of_its_conditions() {
    db.batch().put("alice", "150").put("bob", "0").delete("carol").commit().join();
    Txn transfer =
        db.txn()
            .when(value("alice").atLeast(100), exists("bob"), missing("carol"))
            .then(add("alice", -100), add("bob", 100), get("bob"))
            .otherwise(get("alice"));
    TxnResult first = transfer.commit().join();
    TxnResult second = transfer.commit().join();
    assertThat(first.conditionsHeld()).isTrue();
    assertThat(first.results()).hasSize(3);
    assertThat(first.text(2)).contains("100");
    assertThat(first.version(2)).contains(first.timestamp());
    assertThat(first.text(0)).isEmpty();
    assertThat(second.conditionsHeld()).isFalse();
    assertThat(second.number(0)).hasValue(50);
    assertThat(second.bytes(0).orElseThrow()).isEqualTo(bytes("50"));
    assertThatThrownBy(() -> second.text(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void every_comparison_of_a_condition() {
    db.put("n", "5").join();
    HybridTimestamp version = db.put("t", "x").join();
    assertThat(
            db.txn()
                .when(
                    value("n").equalTo(5),
                    value("n").notEqualTo(6),
                    value("n").lessThan(6),
                    value("n").atMost(5),
                    value("n").greaterThan(4),
                    value("n").atLeast(5),
                    value("t").is("x"),
                    value("t").isNot("y"),
                    version("t", version))
                .commit()
                .join()
                .conditionsHeld())
        .isTrue();
    assertThat(db.txn().when(value("n").lessThan(5)).commit().join().conditionsHeld()).isFalse();
    assertThat(db.txn().when(value("t").atLeast(0)).commit().join().conditionsHeld()).isFalse();
  }

  @Test
  void many_keys_are_read_in_the_order_asked_for() {
    db.put("b", "2").join();
    db.put("a", "1").join();
    Map<String, Versioned<String>> all = db.getAll(List.of("b", "nobody", "a")).join();
    assertThat(all.keySet()).containsExactly("b", "a");
    List<Optional<Versioned<byte[]>>> raw =
        db.getAllBytes(List.of(bytes("nobody"), bytes("a"))).join();
    assertThat(raw.get(0)).isEmpty();
    assertThat(raw.get(1).orElseThrow().value()).isEqualTo(bytes("1"));
    assertThat(db.getAll(List.of()).join()).isEmpty();
  }

  @Test
  void reads_are_not_logged() {
    db.getAll(List.of("a", "b", "c")).join();
    db.txn().when(exists("a")).then(get("b")).otherwise(get("c")).commit().join();
    assertThat(cluster.store.executions()).isZero();
  }

  @Test
  void a_scan_merges_the_groups_and_goes_on_where_it_ended() {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      written.add(String.format("p/%03d", i));
      db.put(written.get(i), "v" + i).join();
    }
    db.put("o", "before").join();
    db.put("q", "after").join();
    for (int limit : new int[] {1, 7, 33, 100, 1_000}) {
      List<String> found = new ArrayList<>();
      Optional<Scan> next = Optional.of(Scan.prefix("p/").limit(limit));
      while (next.isPresent()) {
        ScanResult page = db.scan(next.get()).join();
        assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
        page.entries().forEach(entry -> found.add(entry.keyText()));
        next = page.next();
      }
      assertThat(found).isEqualTo(written);
    }
    assertThat(db.scan(Scan.all()).join().entries()).hasSize(102);
    assertThat(db.scan(Scan.range("p/005", "p/007")).join().entries())
        .extracting(ScanResult.Entry::valueText)
        .containsExactly("v5", "v6");
    assertThat(db.scan(Scan.prefix("none")).join().next()).isEmpty();
  }

  @Test
  void an_interactive_transaction_sees_its_own_writes_and_nobody_elses() {
    db.put("a", "1").join();
    String seen =
        db.<String>transact(
                tx ->
                    tx.get("a")
                        .thenCompose(a -> tx.append("a", "2"))
                        .thenCompose(x -> tx.put("b", "5"))
                        .thenCompose(x -> tx.add("b", 3))
                        .thenCompose(x -> tx.delete("c"))
                        .thenCompose(x -> tx.get("a"))
                        .thenCombine(tx.get("b"), (a, b) -> a.orElse("") + b.orElse(""))
                        .thenCombine(tx.get("c"), (text, c) -> text + c.isPresent()))
            .join();
    assertThat(seen).startsWith("12");
    assertThat(cluster.store.get("a")).contains("12");
    assertThat(cluster.store.get("b")).contains("8");
  }

  @Test
  void a_function_that_fails_writes_nothing_and_its_cause_is_told() {
    IllegalStateException mine = new IllegalStateException("mine");
    assertThatThrownBy(
            () ->
                db.transact(
                        tx ->
                            tx.put("a", "1")
                                .thenCompose(x -> CompletableFuture.<Void>failedFuture(mine)))
                    .join())
        .hasCause(mine);
    assertThatThrownBy(
            () ->
                db.<Void>transact(
                        tx -> {
                          throw mine;
                        })
                    .join())
        .hasCause(mine);
    assertThat(cluster.store.get("a")).isEmpty();
  }

  @Test
  void an_error_of_a_function_ends_its_own_transaction_only() {
    AssertionError mine = new AssertionError("mine");
    CompletableFuture<Void> failed =
        db.transact(
            tx -> {
              throw mine;
            });
    assertThat(db.put("a", "1").join()).isNotNull();
    assertThatThrownBy(failed::join).hasCause(mine);
  }

  @Test
  void a_change_of_the_configuration_is_not_asked_for_among_the_data() {
    LostRequest change =
        new LostRequest(new RequestId(new ClientId(1, 2), 3), new HybridTimestamp(1, 0), List.of());
    assertThatThrownBy(() -> db.outcome(change).join())
        .hasCauseInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("query the configuration");
  }

  @Test
  void a_transaction_cannot_be_used_after_its_end() {
    List<Tx> escaped = new ArrayList<>();
    db.transact(
            tx -> {
              escaped.add(tx);
              return tx.put("a", "1");
            })
        .join();
    assertThatThrownBy(() -> escaped.get(0).put("a", "2").join())
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(cluster.store.get("a")).contains("1");
  }

  @Test
  void a_conflict_runs_the_function_again_on_what_is_there_now() {
    db.put("a", "1").join();
    List<String> seen = new ArrayList<>();
    db.transact(
            tx ->
                tx.get("a")
                    .thenCompose(
                        a -> {
                          seen.add(a.orElseThrow());
                          return seen.size() == 1
                              ? db.put("a", "7").thenCompose(x -> tx.put("b", a.orElseThrow()))
                              : tx.put("b", a.orElseThrow());
                        }))
        .join();
    assertThat(seen).containsExactly("1", "7");
    assertThat(cluster.store.get("b")).contains("7");
  }

  @Test
  void a_hot_key_starves_nobody() {
    OstrakonClient other = cluster.connect(ClientConfig.DEFAULTS);
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      OstrakonClient client = i % 3 == 0 ? other : db;
      all.add(
          client.transact(
              tx ->
                  tx.get("hot")
                      .thenCompose(n -> tx.put("hot", "" + (Long.parseLong(n.orElse("0")) + 1)))));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
    other.close();
    assertThat(cluster.store.get("hot")).contains("300");
  }

  @Test
  void the_controller_is_found_through_its_hint() {
    assertThat(db.shards().query().join().configuration().number()).isEqualTo(1);
    assertThat(
            db.shards()
                .move(new Slot(0), new GroupId(2))
                .join()
                .configuration()
                .ownerOf(new Slot(0)))
        .isEqualTo(new GroupId(2));
  }

  @Test
  void nodes_tell_their_status_and_those_that_are_away_are_reported() {
    assertThat(db.status(new NodeId("n2")).join().node()).isEqualTo(new NodeId("n2"));
    assertThatThrownBy(() -> db.status(new NodeId("n9")).join())
        .hasCauseInstanceOf(InvalidRequestException.class);
    cluster.nodes.get(2).stop();
    List<NodeReport> reports = db.withTimeout(Duration.ofMillis(500)).status().join();
    assertThat(reports)
        .extracting(report -> report.status().isPresent())
        .containsExactly(true, true, false);
    assertThat(reports.get(2).failure()).isPresent();
  }

  @Test
  void what_can_never_be_right_is_thrown_at_once() {
    assertThatThrownBy(() -> db.get("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> put("", "v")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Scan.all().limit(0)).isInstanceOf(IllegalArgumentException.class);
    for (String wrong : List.of("", "host", ":1", "host:0", "host:x", "host:70000")) {
      assertThatThrownBy(() -> OstrakonClient.connect(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("host:port");
    }
    assertThatThrownBy(OstrakonClient::connect)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one address");
    assertThatThrownBy(() -> new ClientConfig.Timeouts(0, -1))
        .hasMessageContaining("requestMillis")
        .hasMessageContaining("attemptMillis");
  }

  @Test
  void futures_complete_where_the_user_wants_it() {
    ExecutorService own = Executors.newFixedThreadPool(2, task -> new Thread(task, "mine"));
    try (OstrakonClient client =
        OstrakonClient.builder()
            .addresses(List.of(cluster.addresses()))
            .callbackExecutor(own)
            .build()) {
      String value =
          client
              .put("a", "1")
              .thenApplyAsync(version -> client.get("a").join(), own)
              .join()
              .orElseThrow()
              .value();
      CompletableFuture<String> thread = new CompletableFuture<>();
      cluster.script = (node, call) -> new Reaction.Delay(50);
      client.get("a").thenAccept(seen -> thread.complete(Thread.currentThread().getName())).join();
      assertThat(value).isEqualTo("1");
      assertThat(thread.join()).isEqualTo("mine");
    } finally {
      own.shutdown();
    }
  }
}
