package dev.ostrakon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.ClientConfig;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the leaders of three groups on three nodes go, by what clients ask for. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LeaderPlacementIT {
  private static final int GROUPS = 3;
  private static final int INFLIGHT = 64;

  @Test
  void transactions_over_groups_bring_leaders_together_and_single_keys_spread_them() {
    try (EmbeddedCluster cluster = EmbeddedCluster.start();
        OstrakonClient db =
            OstrakonClient.connect(
                ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(30_000, 2_000)),
                cluster.addresses().toArray(String[]::new))) {
      askUntilLedBy(GROUPS, cluster, i -> db.get("one" + i));
      askUntilLedBy(1, cluster, i -> db.batch().add("one" + i, 1).add("other" + i, -1).commit());
      askUntilLedBy(GROUPS, cluster, i -> db.get("one" + i));
      for (int i = 0; i < INFLIGHT; i++) {
        String one = db.get("one" + i).join().orElseThrow().value();
        assertThat(db.get("other" + i).join().orElseThrow().value()).isEqualTo("-" + one);
      }
    }
  }

  private static void askUntilLedBy(
      int nodes, EmbeddedCluster cluster, IntFunction<CompletableFuture<?>> ask) {
    long deadlineNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (leaders(cluster).size() != nodes) {
      assertThat(System.nanoTime()).as("led by %d nodes", nodes).isLessThan(deadlineNanos);
      CompletableFuture.allOf(
              IntStream.range(0, INFLIGHT).mapToObj(ask).toArray(CompletableFuture<?>[]::new))
          .join();
    }
  }

  private static Set<Integer> leaders(EmbeddedCluster cluster) {
    Set<Integer> leaders = new TreeSet<>();
    for (int group = 1; group <= GROUPS; group++) {
      leaders.add(cluster.awaitLeaderOf(new GroupId(group)));
    }
    return leaders;
  }
}
