package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.node.embedded.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Three nodes in three processes on one machine, and a client's view of them. */
final class ProcessCluster implements AutoCloseable {

  private final List<NodeProcess> nodes = new ArrayList<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile int leaderGuess;

  ProcessCluster(Path folder, int checkpointEntries, int retainedEntries) {
    List<Integer> ports = FreePorts.find(3);
    for (int number = 1; number <= 3; number++) {
      nodes.add(
          new NodeProcess(
              number, ports, folder.resolve("n" + number), checkpointEntries, retainedEntries));
    }
  }

  void start() {
    nodes.forEach(NodeProcess::start);
    nodes.forEach(ProcessCluster::awaitReady);
  }

  static void awaitReady(NodeProcess node) {
    assertThat(node.awaitFirstLine()).as(() -> node.log()).isEqualTo("ready");
  }

  List<NodeProcess> nodes() {
    return nodes;
  }

  List<NodeProcess> others(NodeProcess than) {
    return nodes.stream().filter(node -> node != than).toList();
  }

  /** The node that leads the newest term among some nodes that run. */
  NodeProcess leader(List<NodeProcess> among) {
    List<NodeProcess> found = new ArrayList<>();
    Awaits.untilAsserted(
        () -> {
          found.clear();
          long newest = 0;
          for (NodeProcess node : among) {
            String status = node.status();
            if (status.contains("role=LEADER") && node.status("term") > newest) {
              newest = node.status("term");
              found.clear();
              found.add(node);
            }
          }
          assertThat(found).hasSize(1);
        });
    return found.get(0);
  }

  NodeProcess leader() {
    return leader(nodes.stream().filter(NodeProcess::isAlive).toList());
  }

  /**
   * Has one command applied; retries under new names while it is certain, or possible, that the
   * last try was in vain.
   *
   * @return the name under which it was acknowledged
   */
  String apply(String command) {
    return apply(command, nodes);
  }

  /** The same, asking some of the nodes only. */
  String apply(String command, List<NodeProcess> among) {
    List<String> acknowledged = new ArrayList<>();
    Awaits.untilAsserted(
        () -> {
          Attempt attempt = attempt(command, among);
          assertThat(attempt.answer()).startsWith("applied ");
          acknowledged.add(attempt.name());
        });
    return acknowledged.get(0);
  }

  /** One try, and what came of it. */
  record Attempt(String name, String answer) {
    boolean isApplied() {
      return answer.equals("applied " + name + " 1");
    }

    boolean isRefused() {
      return answer.startsWith("notleader ")
          || answer.startsWith("overloaded ")
          || answer.startsWith("superseded ");
    }
  }

  /** Proposes a command once, under a name of its own, to the node that probably leads. */
  Attempt attempt(String command) {
    return attempt(command, nodes);
  }

  private Attempt attempt(String command, List<NodeProcess> among) {
    String name = command + "-" + attempts.incrementAndGet();
    int asked = leaderGuess;
    String answer = NodeProcess.await(among.get(asked % among.size()).ask("propose", name));
    if (!answer.startsWith("applied ")) {
      leaderGuess = asked + 1;
    }
    return new Attempt(name, answer);
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::kill);
  }
}
