package dev.ostrakon.examples;

import static dev.ostrakon.client.Conditions.value;
import static dev.ostrakon.client.Operations.add;
import static dev.ostrakon.client.Operations.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.ClientConfig;
import dev.ostrakon.client.CommitUnknownException;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Outcome;
import dev.ostrakon.client.Scan;
import dev.ostrakon.client.ScanResult;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.client.Versioned;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import dev.ostrakon.protocol.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The client against three nodes with three groups. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClientClusterIT {
  private EmbeddedCluster cluster;
  private OstrakonClient db;

  @BeforeAll
  void start() {
    cluster = EmbeddedCluster.start();
    db =
        OstrakonClient.connect(
            ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(30_000, 2_000)),
            cluster.addresses().toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    db.close();
    cluster.close();
  }

  @Test
  void single_keys_are_written_and_read() {
    db.put("greeting", "hello").join();
    db.append("greeting", ", world").join();
    assertThat(db.get("greeting").join().map(Versioned::value)).contains("hello, world");
    assertThat(db.compareAndSet("greeting", "hello", "no").join()).isFalse();
    assertThat(db.compareAndSet("greeting", "hello, world", "bye").join()).isTrue();
    db.delete("greeting").join();
    assertThat(db.get("greeting").join()).isEmpty();
    assertThat(db.putIfMissing("greeting", "again").join()).isTrue();
    assertThat(db.increment("visits", 5).join()).isEqualTo(5);
    assertThat(db.increment("visits", -2).join()).isEqualTo(3);
  }

  @Test
  void interactive_transactions_over_a_hot_key_all_commit() {
    db.put("hot", "0").join();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(
          db.transact(
              tx ->
                  tx.get("hot")
                      .thenCompose(
                          seen ->
                              tx.put(
                                  "hot", Long.toString(Long.parseLong(seen.orElseThrow()) + 1)))));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
    assertThat(db.get("hot").join().map(Versioned::value)).contains("50");
  }

  @Test
  void a_transaction_over_groups_takes_the_branch_of_its_conditions() {
    db.batch().put("alice", "150").put("bob", "0").put("carol", "9").commit().join();
    TxnResult first = transfer();
    TxnResult second = transfer();
    assertThat(first.conditionsHeld()).isTrue();
    assertThat(first.text(2)).contains("100");
    assertThat(second.conditionsHeld()).isFalse();
    assertThat(second.number(0)).hasValue(50);
    assertThat(db.getAll(List.of("carol", "alice", "nobody", "bob")).join().keySet())
        .containsExactly("carol", "alice", "bob");
  }

  private TxnResult transfer() {
    return db.txn()
        .when(value("alice").atLeast(100))
        .then(add("alice", -100), add("bob", 100), get("bob"))
        .otherwise(get("alice"))
        .commit()
        .join();
  }

  @Test
  void a_scan_merges_the_groups_in_order() {
    List<String> written = new ArrayList<>();
    List<CompletableFuture<?>> writing = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      written.add(String.format("scan/%03d", i));
      writing.add(db.put(written.get(i), "v" + i));
    }
    CompletableFuture.allOf(writing.toArray(CompletableFuture<?>[]::new)).join();
    List<String> found = new ArrayList<>();
    Optional<Scan> next = Optional.of(Scan.prefix("scan/").limit(17));
    while (next.isPresent()) {
      ScanResult page = db.scan(next.get()).join();
      page.entries().forEach(entry -> found.add(entry.keyText()));
      next = page.next();
    }
    assertThat(found).isEqualTo(written);
  }

  @Test
  void the_controller_and_the_nodes_answer() {
    ClusterView view = db.shards().query().join();
    assertThat(view.configuration().groups()).hasSize(3);
    assertThat(db.status().join()).isNotEmpty().allMatch(report -> report.status().isPresent());
    assertThat(db.status(cluster.id(0)).join().node()).isEqualTo(cluster.id(0));
  }

  @Test
  void increments_happen_exactly_once_while_a_node_is_killed() {
    int count = 2_000;
    List<CompletableFuture<Long>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(db.increment("{k" + i % 7 + "}counter", 1));
      if (i == count / 2) {
        cluster.kill(0);
      }
    }
    long undone = 0;
    for (CompletableFuture<Long> each : all) {
      undone += isNotCommitted(each) ? 1 : 0;
    }
    long sum = 0;
    for (int i = 0; i < 7; i++) {
      sum += Long.parseLong(db.get("{k" + i + "}counter").join().orElseThrow().value());
    }
    assertThat(sum).isEqualTo(count - undone);
    cluster.restart(0);
  }

  /** An unknown outcome is asked for, which settles it. */
  private boolean isNotCommitted(CompletableFuture<Long> each) {
    try {
      each.join();
      return false;
    } catch (CompletionException e) {
      if (e.getCause() instanceof CommitUnknownException unknown) {
        return db.outcome(unknown.request()).join() instanceof Outcome.NotCommitted;
      }
      throw e;
    }
  }
}
