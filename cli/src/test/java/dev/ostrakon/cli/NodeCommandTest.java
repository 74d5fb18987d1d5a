package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.node.embedded.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of a node: what it says while it waits, and how it ends. */
class NodeCommandTest {

  /** Far above what it takes, for machines that stand still now and then. */
  private static final Duration LIMIT = Duration.ofSeconds(40);

  @TempDir private Path folder;

  @Test
  void a_node_that_waits_names_the_peers_that_are_missing_and_ends_at_once() throws Exception {
    List<Integer> ports = FreePorts.find(2);
    Process process =
        start(
            "--peers",
            "n1=127.0.0.1:"
                + ports.get(0)
                + ",n2=no-such-host.invalid:7102,n3=127.0.0.1:"
                + ports.get(1));
    try {
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(output())
                      .contains("waiting node=n1 for=the welcome of all peers")
                      .contains("peer n2 at no-such-host.invalid:7102: the name does not resolve")
                      .contains("peer n3 at 127.0.0.1:" + ports.get(1) + ": the connection is"));
      long toldNanos = System.nanoTime();
      process.destroy();
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - toldNanos)).isLessThan(Duration.ofSeconds(8));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void a_node_that_serves_ends_in_good_order() throws Exception {
    int port = FreePorts.find(1).get(0);
    Process process = start("--peers", "n1=127.0.0.1:" + port);
    try {
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> assertThat(output()).contains("ostrakon: node n1 ready on 127.0.0.1:" + port));
      process.destroy();
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(output()).contains("host stopped node=n1");
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.ostrakon.cli.Main", "node", "--id", "n1"));
    command.addAll(List.of("--data", folder.resolve("data").toString()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }
}
