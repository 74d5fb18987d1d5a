package dev.ostrakon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.ClientConfig;
import dev.ostrakon.client.NodeReport;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import dev.ostrakon.node.embedded.EmbeddedOptions;
import dev.ostrakon.protocol.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large values are logged once, however many are on their way at a time. */
@Tag("ci")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LargeValuesIT {
  private static final int COUNT = 60;

  /** A tenth more than puts: entries of new leaders, and of time that passes. */
  private static final long ENTRIES_MAX = 66;

  /** A tenth of a second a sending, which is much less than many of these puts take. */
  private static final ClientConfig IMPATIENT =
      ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(120_000, 100));

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 40, 60})
  void sixty_puts_of_one_mebibyte_write_hardly_more_than_sixty_entries(int atATime)
      throws InterruptedException {
    EmbeddedOptions options = EmbeddedOptions.DEFAULTS.withGroups(1);
    try (EmbeddedCluster cluster = EmbeddedCluster.start(options);
        OstrakonClient db =
            OstrakonClient.connect(IMPATIENT, cluster.addresses().toArray(String[]::new))) {
      String value = "v".repeat(1 << 20);
      db.put("large/warm-up", value).join();
      long before = entries(db);
      Semaphore slots = new Semaphore(atATime);
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        slots.acquire();
        all.add(db.put("large/" + i, value).whenComplete((done, cause) -> slots.release()));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();

      assertThat(entries(db) - before).isBetween(1L, ENTRIES_MAX);
      for (int i = 0; i < COUNT; i++) {
        assertThat(db.get("large/" + i).join()).isPresent();
      }
    }
  }

  private static long entries(OstrakonClient db) {
    long last = 0;
    for (NodeReport report : db.status().join()) {
      for (NodeStatus.Replica replica :
          report.status().map(NodeStatus::replicas).orElse(List.of())) {
        boolean isData = !replica.group().equals(GroupId.CONTROLLER);
        last = Math.max(last, isData ? replica.log().lastIndex() : 0);
      }
    }
    return last;
  }
}
