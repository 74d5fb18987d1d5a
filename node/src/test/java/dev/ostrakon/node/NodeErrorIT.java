package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.node.embedded.FreePorts;
import dev.ostrakon.node.settings.NodeOption;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.NodeSettingsReader;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An error in a thread of a node makes the node say that it has failed, so that it can end. */
class NodeErrorIT {

  @TempDir Path folder;

  @Test
  void error_in_a_task_of_an_event_loop_fails_the_node() {
    assertFails(
        node ->
            node.hosting()
                .hosted()
                .get(0)
                .owner()
                .execute(
                    () -> {
                      throw new AssertionError("a bug");
                    }));
  }

  @Test
  void exception_in_a_task_of_an_event_loop_fails_the_node() {
    assertFails(
        node ->
            node.hosting()
                .hosted()
                .get(0)
                .owner()
                .execute(
                    () -> {
                      throw new IllegalStateException("a bug");
                    }));
  }

  @Test
  void exception_at_a_tick_fails_the_node() {
    assertFails(
        node -> {
          HostedReplica<?> replica = node.hosting().hosted().get(0);
          replica
              .owner()
              .execute(
                  () ->
                      replica.addTicked(
                          () -> {
                            throw new IllegalStateException("a bug");
                          }));
        });
  }

  private void assertFails(Consumer<OstrakonNode> action) {
    OstrakonNode node = Awaits.await(OstrakonNode.start(settings()));
    try {
      Awaits.await(node.ready());
      action.accept(node);
      assertThat(Awaits.await(node.failure())).hasMessageContaining("a bug");
    } finally {
      Awaits.await(node.kill());
    }
  }

  private NodeSettings settings() {
    int port = FreePorts.find(1).get(0);
    Map<NodeOption, String> options = new EnumMap<>(NodeOption.class);
    options.put(NodeOption.ID, "n1");
    options.put(NodeOption.PEERS, "n1=127.0.0.1:" + port);
    options.put(NodeOption.DATA, folder.toString());
    return NodeSettingsReader.read(options, Map.of(), null);
  }
}
