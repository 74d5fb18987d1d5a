package dev.ostrakon.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.NodeReport;
import dev.ostrakon.client.OstrakonClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C4 on real processes: two of three clocks are an hour ahead for nine seconds. */
@Tag("ci")
final class MendedClocksTest {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static void putUntilDone(SpawnedCluster cluster, String key, String value)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String last = "";
    while (System.nanoTime() - end < 0) {
      // A new client each time, as one that knows no time yet is.
      try (OstrakonClient client = client(cluster)) {
        client.put(key, value).get(5, TimeUnit.SECONDS);
        return;
      } catch (ExecutionException | TimeoutException | RuntimeException e) {
        last = e.toString();
      }
    }
    throw new AssertionError("not put within " + PATIENCE + ": " + last);
  }

  private static OstrakonClient client(SpawnedCluster cluster) {
    return OstrakonClient.connect(cluster.addresses().toArray(String[]::new));
  }

  private static long lead(SpawnedCluster cluster) throws Exception {
    try (OstrakonClient client = client(cluster)) {
      List<NodeReport> reports = client.status().get(10, TimeUnit.SECONDS);
      return reports.stream()
          .flatMap(report -> report.status().stream())
          .mapToLong(status -> status.clock().leadMillis())
          .max()
          .orElse(0);
    }
  }

  @Test
  void C4_once_the_clocks_are_right_again_everything_is_served_also_after_a_restart()
      throws Exception {
    try (SpawnedCluster cluster = SpawnedCluster.start(3, 3, folder)) {
      putUntilDone(cluster, "before", "1");
      cluster.nodes().get(0).setClockOffset(HOUR_MILLIS);
      cluster.nodes().get(1).setClockOffset(HOUR_MILLIS);
      long mendNanos = System.nanoTime() + Duration.ofSeconds(9).toNanos();
      for (int i = 0; System.nanoTime() - mendNanos < 0; i++) {
        putUntilDone(cluster, "during " + i % 100, "1");
      }
      cluster.nodes().get(0).setClockOffset(0);
      cluster.nodes().get(1).setClockOffset(0);

      for (int i = 0; i < 20; i++) {
        putUntilDone(cluster, "after " + i, "2");
      }
      assertThat(lead(cluster)).isBetween(HOUR_MILLIS - 60_000, HOUR_MILLIS + 1_000);

      for (NodeProcess node : cluster.nodes()) {
        node.kill();
      }
      for (NodeProcess node : cluster.nodes()) {
        node.start();
      }
      for (int i = 0; i < 20; i++) {
        putUntilDone(cluster, "after " + i, "3");
      }
      assertThat(lead(cluster)).isBetween(HOUR_MILLIS - 120_000, HOUR_MILLIS + 1_000);
    }
  }
}
