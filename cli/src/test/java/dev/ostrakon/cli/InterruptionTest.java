package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Scan;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What commands leave when a signal ends them: real processes, on a cluster in this one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InterruptionTest {
  private static final Duration END_MAX = Duration.ofSeconds(10);

  @TempDir private Path folder;

  private EmbeddedCluster cluster;
  private String addresses;

  @BeforeAll
  void start() {
    cluster = EmbeddedCluster.start();
    addresses = String.join(",", cluster.addresses());
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  private CommandProcess command(String... arguments) throws IOException {
    return CommandProcess.start(folder, Map.of("OSTRAKON_CLUSTER", addresses), arguments);
  }

  /** Ends it and requires that this takes no longer than promised, give or take a busy machine. */
  private static void interrupt(CommandProcess process) throws InterruptedException {
    long start = System.nanoTime();
    process.terminate();
    assertThat(process.exitCode()).isEqualTo(Main.INTERRUPTED);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(END_MAX.multipliedBy(2));
  }

  private List<String> keys() {
    try (OstrakonClient client = OstrakonClient.connect(addresses.split(","))) {
      return client.scan(Scan.all()).join().entries().stream()
          .map(entry -> entry.keyText())
          .toList();
    }
  }

  private List<String> temporaryFolders() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).map(Path::toString).toList();
    }
  }

  @Test
  void a_demo_on_the_cluster_of_the_environment_tells_how_far_it_came_and_removes_its_keys()
      throws Exception {
    try (CommandProcess demo = command("demo", "--seconds", "600", "--accounts", "50")) {
      demo.awaitErr(" transfers (");
      interrupt(demo);
      assertThat(demo.out()).startsWith("bank: OK accounts=50 transfers=");
      assertThat(demo.err())
          .contains("demo: on the cluster at " + cluster.addresses().get(0))
          .contains("demo: interrupted", "demo: removed the 51 keys");
    }
    assertThat(keys()).noneMatch(key -> key.startsWith("demo-"));
  }

  @Test
  @Tag("ci")
  void a_bench_tells_what_it_measured_and_removes_its_keys() throws Exception {
    String[] arguments = {"bench", "--workload", "put", "--keys", "5000", "--seconds", "600"};
    try (CommandProcess bench = command(arguments)) {
      bench.awaitErr("bench: put, ");
      interrupt(bench);
      assertThat(bench.out()).contains("put: ", "latency ms: ", "errors: none");
      assertThat(bench.err()).contains("bench: removed the 5000 keys");
    }
    assertThat(keys()).noneMatch(key -> key.startsWith("bench-"));
  }

  @Test
  @Tag("ci")
  void a_torture_tells_its_counts_and_removes_its_keys() throws Exception {
    String history = folder.resolve("h.edn").toString();
    String[] arguments = {
      "torture", "--workload", "bank", "--seconds", "600", "--history", history
    };
    try (CommandProcess torture = command(arguments)) {
      torture.awaitErr(" operations (");
      interrupt(torture);
      assertThat(torture.out()).startsWith("torture: INTERRUPTED ops=");
      assertThat(torture.err()).contains("the history so far is in " + history, "removed the 10 ");
    }
    assertThat(keys()).noneMatch(key -> key.startsWith("torture-"));
    try (CommandProcess check = command("check", history)) {
      assertThat(check.exitCode()).isEqualTo(Main.OK);
    }
  }

  @Test
  @Tag("ci")
  void a_torture_of_its_own_nodes_removes_their_folder() throws Exception {
    String history = Files.createTempFile(folder, "h", ".edn").toString();
    try (CommandProcess torture =
        CommandProcess.start(
            folder,
            Map.of(),
            "torture",
            "--spawn",
            "3",
            "--workload",
            "bank",
            "--history",
            history)) {
      torture.awaitErr("data and logs of the nodes are in ");
      torture.awaitErr("torture: ");
      assertThat(temporaryFolders()).isNotEmpty();
      interrupt(torture);
      assertThat(torture.out()).startsWith("torture: INTERRUPTED ");
    }
    assertThat(temporaryFolders()).isEmpty();
  }

  @Test
  @Tag("ci")
  void a_demo_of_its_own_nodes_removes_their_folder() throws Exception {
    try (CommandProcess demo = CommandProcess.start(folder, Map.of(), "demo", "--seconds", "60")) {
      demo.awaitErr(" transfers (");
      assertThat(temporaryFolders()).isNotEmpty();
      interrupt(demo);
      assertThat(demo.out()).startsWith("bank: OK accounts=1000 transfers=");
    }
    assertThat(temporaryFolders()).isEmpty();
  }

  @Test
  @Tag("ci")
  void what_cannot_be_removed_in_time_is_told_with_the_command_that_removes_it() throws Exception {
    try (EmbeddedCluster own = EmbeddedCluster.start();
        CommandProcess demo =
            CommandProcess.start(
                folder,
                Map.of("OSTRAKON_CLUSTER", String.join(",", own.addresses())),
                "demo",
                "--seconds",
                "600",
                "--accounts",
                "50")) {
      demo.awaitErr(" transfers (");
      own.kill(0);
      own.kill(1);
      interrupt(demo);
      assertThat(demo.err())
          .contains(
              "keys of this run are left; remove them with: ostrakon kv delete --prefix demo-")
          .contains("bank: INTERRUPTED transfers=");
    }
  }

  @Test
  @Tag("ci")
  void simulations_tell_how_many_ran() throws Exception {
    try (CommandProcess simulate =
        CommandProcess.start(folder, Map.of(), "simulate", "--seeds", "1000000")) {
      simulate.awaitErr(" of 1000000 seeds");
      interrupt(simulate);
      assertThat(simulate.out()).startsWith("simulate: OK seeds=");
      assertThat(simulate.err()).contains("simulate: interrupted");
    }
  }
}
