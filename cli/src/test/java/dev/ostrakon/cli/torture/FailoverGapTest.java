package dev.ostrakon.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.ClientConfig;
import dev.ostrakon.client.NodeReport;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.protocol.NodeStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The longest time for which a client gets no answer when the process of a node that leads groups
 * is stopped or killed: three node processes, eight loops of puts one after the other over all
 * groups.
 */
@Tag("ci")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FailoverGapTest {
  private static final int TRIALS = 7;
  private static final int GROUPS = 3;
  private static final int LOOPS = 8;
  private static final int KEYS = 64;
  private static final int BEFORE_MILLIS = 500;
  private static final int AFTER_MILLIS = 3_500;
  private static final long HEALTHY_SECONDS_MAX = 60;
  private static final ClientConfig CONFIG =
      ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(30_000, 2_000));

  @TempDir Path folder;

  /** One fault and its end. */
  private interface Fault {
    void act(NodeProcess node) throws IOException, InterruptedException;
  }

  @Test
  void a_stopped_leader_costs_its_clients_little_more_than_an_election() throws Exception {
    long median =
        medianGapMillis("SIGSTOP", node -> node.setPaused(true), node -> node.setPaused(false));
    assertThat(median).isLessThan(2_500);
  }

  @Test
  void a_killed_leader_costs_its_clients_little_more_than_an_election() throws Exception {
    long median = medianGapMillis("kill -9", NodeProcess::kill, NodeProcess::start);
    assertThat(median).isLessThan(2_500);
  }

  private long medianGapMillis(String name, Fault begin, Fault end) throws Exception {
    List<Long> gaps = new ArrayList<>();
    try (SpawnedCluster cluster = SpawnedCluster.start(3, GROUPS, folder);
        OstrakonClient db =
            OstrakonClient.connect(CONFIG, cluster.addresses().toArray(String[]::new))) {
      for (int trial = 0; trial < TRIALS; trial++) {
        int victim = awaitBusiestLeader(db);
        gaps.add(gapMillis(db, () -> begin.act(cluster.nodes().get(victim))));
        end.act(cluster.nodes().get(victim));
      }
    }
    Collections.sort(gaps);
    System.out.println(name + ": longest gaps in ms, sorted: " + gaps);
    return gaps.get(TRIALS / 2);
  }

  /** Once every group has a leader and every node answers: the index of who leads the most. */
  private static int awaitBusiestLeader(OstrakonClient db) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(HEALTHY_SECONDS_MAX);
    CountDownLatch never = new CountDownLatch(1);
    while (System.nanoTime() < deadline) {
      List<NodeReport> reports = db.status().join();
      int[] led = new int[3];
      for (NodeReport report : reports) {
        report.status().ifPresent(status -> led[indexOf(status)] = ledBy(status));
      }
      boolean isHealthy =
          reports.size() == 3
              && reports.stream().allMatch(report -> report.status().isPresent())
              && led[0] + led[1] + led[2] >= GROUPS + 1;
      if (isHealthy) {
        int busiest = led[0] >= led[1] ? 0 : 1;
        return led[busiest] >= led[2] ? busiest : 2;
      }
      if (never.await(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new AssertionError("the cluster does not become healthy");
  }

  private static int indexOf(NodeStatus status) {
    return status.node().name().charAt(1) - '1';
  }

  private static int ledBy(NodeStatus status) {
    return (int)
        status.replicas().stream().filter(one -> one.role() == NodeStatus.Role.LEADER).count();
  }

  private interface Action {
    void run() throws IOException, InterruptedException;
  }

  private static long gapMillis(OstrakonClient db, Action fault) throws Exception {
    AtomicLong longestNanos = new AtomicLong();
    CountDownLatch stop = new CountDownLatch(1);
    List<Thread> loops = new ArrayList<>();
    for (int i = 0; i < LOOPS; i++) {
      int from = i;
      Thread loop = new Thread(() -> putUntil(db, stop, from, longestNanos));
      loops.add(loop);
      loop.start();
    }
    boolean ended = stop.await(BEFORE_MILLIS, TimeUnit.MILLISECONDS);
    longestNanos.set(0);
    fault.run();
    ended |= stop.await(AFTER_MILLIS, TimeUnit.MILLISECONDS);
    assertThat(ended).isFalse();
    stop.countDown();
    for (Thread loop : loops) {
      loop.join();
    }
    return TimeUnit.NANOSECONDS.toMillis(longestNanos.get());
  }

  private static void putUntil(
      OstrakonClient db, CountDownLatch stop, int from, AtomicLong longestNanos) {
    for (int i = from; stop.getCount() > 0; i++) {
      long before = System.nanoTime();
      db.put("gap/" + i % KEYS, "v").handle((version, cause) -> version).join();
      long took = System.nanoTime() - before;
      longestNanos.accumulateAndGet(took, Math::max);
    }
  }
}
