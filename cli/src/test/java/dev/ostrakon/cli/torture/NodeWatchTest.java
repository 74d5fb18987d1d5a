package dev.ostrakon.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is noticed of processes that end by themselves, and what they are seen to take. */
final class NodeWatchTest {
  @TempDir private Path folder;

  private NodeProcess node(String script) {
    List<String> command = List.of("sh", "-c", script);
    return new NodeProcess("n1", 1, command, folder.resolve("n1.log"), folder.resolve("n1.offset"));
  }

  private static List<String> awaitDeath(NodeWatch watch) {
    List<String> deaths = new ArrayList<>();
    Awaitility.await().until(() -> deaths.addAll(watch.deaths()));
    return deaths;
  }

  @Test
  void a_process_that_ends_by_itself_is_told_once_with_the_last_lines_of_its_log()
      throws IOException {
    NodeProcess node = node("seq 1 100; echo no more memory; exit 7");
    NodeWatch watch = new NodeWatch(List.of(node));
    node.start();

    String death = awaitDeath(watch).get(0);

    assertThat(death)
        .startsWith("Node n1 ended by itself with exit code 7, ")
        .contains("n1.log", "  | 100", "  | no more memory")
        .doesNotContain("  | 50");
    assertThat(watch.deaths()).isEmpty();
  }

  @Test
  void a_process_that_is_killed_by_the_torture_has_not_ended_by_itself() throws Exception {
    NodeProcess node = node("exec sleep 60");
    NodeWatch watch = new NodeWatch(List.of(node));
    node.start();
    node.kill();
    node.start();
    node.kill();

    assertThat(watch.deaths()).isEmpty();
    assertThat(node.starts()).isEqualTo(2);
  }

  @Test
  void a_process_that_ended_just_before_it_was_to_be_killed_or_started_is_told() throws Exception {
    NodeProcess node = node("exit 3");
    node.start();
    Awaitility.await().until(() -> !node.isAlive());
    node.kill();
    node.start();
    Awaitility.await().until(() -> !node.isAlive());
    node.start();
    Awaitility.await().until(() -> !node.isAlive());

    assertThat(new NodeWatch(List.of(node)).deaths()).hasSize(3);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void memory_and_descriptors_are_measured_once_the_nodes_serve() throws Exception {
    NodeProcess node = node("exec sleep 60");
    NodeWatch watch = new NodeWatch(List.of(node));
    node.start();
    assertThat(watch.deaths()).isEmpty();
    assertThat(watch.usage()).isEmpty();

    watch.measure();
    assertThat(watch.deaths()).isEmpty();
    node.kill();

    assertThat(watch.usage())
        .singleElement()
        .asString()
        .matches("n1: start/max/end memory_mib=.* descriptors=([1-9]\\d*)/\\1/\\1 starts=1");
  }
}
