package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes, and a disk whose syncs do not return for a while. Needs gcc. */
@Tag("ci")
class HangingDiskIT {

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // Before each test.
  private Path library;

  @BeforeEach
  void buildLibrary() throws IOException, InterruptedException {
    Path source = folder.resolve("hang_sync.c");
    try (InputStream code =
        Objects.requireNonNull(getClass().getResourceAsStream("/hang_sync.c"))) {
      Files.copy(code, source);
    }
    library = folder.resolve("hang_sync.so");
    Process gcc =
        new ProcessBuilder(
                "gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl")
            .redirectErrorStream(true)
            .start();
    String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(gcc.waitFor()).as(output).isZero();
  }

  @Test
  void leader_whose_disk_hangs_hands_over_and_takes_part_again_once_it_answers()
      throws IOException {
    try (ProcessCluster cluster = new ProcessCluster(folder, 10_000, 10_000)) {
      cluster.nodes().forEach(node -> node.setEnvironment(environment(node)));
      cluster.start();
      cluster.apply("first");
      NodeProcess hung = cluster.leader();
      List<NodeProcess> others = cluster.others(hung);
      Files.createFile(switchFile(hung));
      ClusterLoad load = new ClusterLoad(cluster, 16);
      NodeProcess next = cluster.leader(others);
      String written = cluster.apply("while-it-hangs", others);
      Awaits.untilAsserted(() -> assertThat(hung.status()).doesNotContain("role=LEADER"));
      load.awaitApplied(300);
      assertThat(next.isAlive()).isTrue();
      assertThat(hung.status()).contains("role=FOLLOWER");

      Files.delete(switchFile(hung));
      List<ProcessCluster.Attempt> attempts = load.stop();
      String last = cluster.apply("last");
      awaitCount(hung, last);
      awaitCount(hung, written);
      assertThat(attempts).anyMatch(ProcessCluster.Attempt::isApplied);
      assertThat(hung.log()).contains("DiskStalled");
    }
  }

  private static void awaitCount(NodeProcess node, String command) {
    Awaits.untilAsserted(
        () ->
            assertThat(NodeProcess.await(node.ask("count", command)))
                .isEqualTo("count " + command + " 1"));
  }

  private Map<String, String> environment(NodeProcess node) {
    return Map.of(
        "LD_PRELOAD", library.toString(), "OSTRAKON_HANG_FILE", switchFile(node).toString());
  }

  /** While it exists the node's disk hangs. */
  private Path switchFile(NodeProcess node) {
    return folder.resolve("hang-n" + node.number());
  }
}
