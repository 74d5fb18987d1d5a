package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three processes with real disks, links and crashes. */
class RaftClusterIT {

  @TempDir Path folder;

  @Test
  void kill_9_of_the_leader_again_and_again_loses_nothing_and_repeats_nothing() {
    try (ProcessCluster cluster = new ProcessCluster(folder, 500, 100)) {
      cluster.start();
      ClusterLoad load = new ClusterLoad(cluster, 16);
      load.awaitApplied(200);
      for (int round = 0; round < 4; round++) {
        NodeProcess leader = cluster.leader();
        leader.kill();
        load.awaitApplied(200);
        leader.start();
        ProcessCluster.awaitReady(leader);
      }
      List<ProcessCluster.Attempt> attempts = load.stop();
      String last = cluster.apply("last");
      for (NodeProcess node : cluster.nodes()) {
        awaitCount(node, last);
        assertNothingLostOrRepeated(node, attempts);
      }
    }
  }

  @Test
  void all_nodes_killed_at_once_come_back_with_everything() {
    try (ProcessCluster cluster = new ProcessCluster(folder, 500, 100)) {
      cluster.start();
      ClusterLoad load = new ClusterLoad(cluster, 16);
      load.awaitApplied(300);
      cluster.nodes().forEach(NodeProcess::kill);
      List<ProcessCluster.Attempt> attempts = load.stop();
      cluster.start();
      String last = cluster.apply("last");
      for (NodeProcess node : cluster.nodes()) {
        awaitCount(node, last);
        assertNothingLostOrRepeated(node, attempts);
      }
    }
  }

  @Test
  void a_follower_that_is_far_behind_catches_up_by_snapshot() {
    try (ProcessCluster cluster = new ProcessCluster(folder, 200, 50)) {
      cluster.start();
      cluster.apply("first");
      NodeProcess behind = cluster.others(cluster.leader()).get(0);
      behind.kill();
      ClusterLoad load = new ClusterLoad(cluster, 16);
      load.awaitApplied(1000);
      List<ProcessCluster.Attempt> attempts = load.stop();
      NodeProcess leader = cluster.leader();
      Awaits.untilAsserted(() -> assertThat(leader.status("first")).isGreaterThan(500));
      behind.start();
      ProcessCluster.awaitReady(behind);
      String last = cluster.apply("last");
      awaitCount(behind, last);
      assertNothingLostOrRepeated(behind, attempts);
      assertThat(behind.status("restored")).as("once at the start and once more").isGreaterThan(1);
    }
  }

  @Test
  void a_leader_that_was_paused_serves_no_stale_read() {
    try (ProcessCluster cluster = new ProcessCluster(folder, 1000, 1000)) {
      cluster.start();
      cluster.apply("first");
      NodeProcess old = cluster.leader();
      old.pause();
      CompletableFuture<String> askedWhilePaused;
      String written;
      try {
        cluster.leader(cluster.others(old));
        written = cluster.apply("written", cluster.others(old));
        askedWhilePaused = old.ask("read", written);
      } finally {
        old.resume();
      }
      // It sees the write, or it does not answer; it never says that there is none.
      assertThat(NodeProcess.await(askedWhilePaused))
          .isIn(
              "read " + written + " 1",
              "read " + written + " DROPPED",
              "read " + written + " TIMED_OUT");
      awaitCount(old, written);
    }
  }

  @Test
  void a_wiped_disk_and_one_of_another_node_are_refused() throws IOException {
    try (ProcessCluster cluster = new ProcessCluster(folder, 1000, 1000)) {
      cluster.start();
      String written = cluster.apply("first");
      NodeProcess leader = cluster.leader();
      NodeProcess wiped = cluster.others(leader).get(0);
      NodeProcess other = cluster.others(leader).get(1);
      awaitCount(other, written);
      wiped.stop();
      Path kept = folder.resolve("kept");
      Files.move(wiped.dataFolder(), kept);
      wiped.start();
      assertThat(wiped.awaitFirstLine()).startsWith("failed").contains("REPLACED_DISK");
      assertThat(wiped.awaitExit()).isEqualTo(1);

      delete(wiped.dataFolder());
      other.stop();
      Files.move(other.dataFolder(), wiped.dataFolder());
      wiped.start();
      assertThat(wiped.awaitFirstLine()).startsWith("failed").contains("another node");
      assertThat(wiped.awaitExit()).isEqualTo(1);

      Files.move(wiped.dataFolder(), other.dataFolder());
      Files.move(kept, wiped.dataFolder());
      wiped.start();
      other.start();
      ProcessCluster.awaitReady(wiped);
      ProcessCluster.awaitReady(other);
      awaitCount(wiped, cluster.apply("last"));
    }
  }

  private static void awaitCount(NodeProcess node, String command) {
    Awaits.untilAsserted(
        () ->
            assertThat(NodeProcess.await(node.ask("count", command)))
                .isEqualTo("count " + command + " 1"));
  }

  private static void assertNothingLostOrRepeated(
      NodeProcess node, List<ProcessCluster.Attempt> attempts) {
    List<CompletableFuture<String>> counts =
        attempts.stream().map(attempt -> node.ask("count", attempt.name())).toList();
    for (int i = 0; i < attempts.size(); i++) {
      assertCount(node, attempts.get(i), NodeProcess.await(counts.get(i)));
    }
  }

  private static void assertCount(
      NodeProcess node, ProcessCluster.Attempt attempt, String counted) {
    String once = "count " + attempt.name() + " 1";
    String never = "count " + attempt.name() + " 0";
    if (attempt.isApplied()) {
      assertThat(counted).as("node %d, acknowledged", node.number()).isEqualTo(once);
    } else if (attempt.isRefused()) {
      assertThat(counted).as("node %d, refused", node.number()).isEqualTo(never);
    } else {
      assertThat(counted).as("node %d, %s", node.number(), attempt).isIn(once, never);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
