package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.node.embedded.FreePorts;
import dev.ostrakon.node.settings.NodeOption;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.NodeSettingsReader;
import dev.ostrakon.node.settings.SettingsException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest values that the settings allow go all the way: put, get, checkpoint, restart. */
class LargestLimitsIT {
  /** The largest txn-bytes-max; the settings say so to whoever asks for more. */
  private static final int TXN_BYTES_MAX = 7_333_248;

  private static final int KEY_BYTES = 1 << 10;

  private final Vertx vertx = Vertx.vertx();
  private final int port = FreePorts.find(1).get(0);
  @TempDir Path folder;

  @AfterEach
  void closeVertx() {
    Awaits.await(vertx.close());
  }

  @Test
  void largest_value_survives_checkpoint_and_restart() {
    int valueBytes = TXN_BYTES_MAX - KEY_BYTES;
    putAndRestart(options(KEY_BYTES, valueBytes, TXN_BYTES_MAX), "k", "v".repeat(valueBytes));
  }

  @Test
  void largest_key_survives_checkpoint_and_restart() {
    int keyBytes = TXN_BYTES_MAX - 20;
    putAndRestart(options(keyBytes, 20, TXN_BYTES_MAX), "k".repeat(keyBytes), "v".repeat(20));
  }

  @Test
  void one_byte_more_is_refused_with_the_limit() {
    Map<NodeOption, String> options = options(KEY_BYTES, 20, TXN_BYTES_MAX + 1);
    assertThatThrownBy(() -> NodeSettingsReader.read(options, Map.of(), null).validate())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("txn-bytes-max is at most " + TXN_BYTES_MAX);
  }

  @Test
  void value_that_no_log_could_carry_is_refused() {
    Map<NodeOption, String> options = options(KEY_BYTES, 10_000_000, 20_000_000);
    options.put(NodeOption.FRAME_BYTES_MAX, "40000000");
    assertThatThrownBy(() -> NodeSettingsReader.read(options, Map.of(), null).validate())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("fits into an entry of the log")
        .hasMessageContaining("frame-bytes-max is at most");
  }

  private void putAndRestart(Map<NodeOption, String> options, String key, String value) {
    NodeSettings settings = NodeSettingsReader.read(options, Map.of(), null);
    OstrakonNode node = start(settings);
    long checkpoint;
    try (KvClientOfTests client = client()) {
      long before = checkpointIndex(node);
      client.put(key, value);
      client.put("other", "1"); // A checkpoint may begin before what made it due was applied.
      assertThat(client.get(key).getValue().toStringUtf8()).isEqualTo(value);
      OstrakonNode running = node;
      Awaits.untilAsserted(() -> assertThat(checkpointIndex(running)).isGreaterThan(before));
      checkpoint = checkpointIndex(node);
    } finally {
      Awaits.await(node.stop());
    }
    node = start(settings);
    try (KvClientOfTests client = client()) {
      assertThat(checkpointIndex(node)).isGreaterThanOrEqualTo(checkpoint);
      assertThat(client.get(key).getValue().toStringUtf8()).isEqualTo(value);
      client.put(key, value);
    } finally {
      Awaits.await(node.stop());
    }
  }

  private static OstrakonNode start(NodeSettings settings) {
    OstrakonNode node = Awaits.await(OstrakonNode.start(settings));
    Awaits.await(node.ready());
    return node;
  }

  private static long checkpointIndex(OstrakonNode node) {
    HostedReplica<?> shard =
        node.hosting().hosted().stream()
            .filter(replica -> replica.group().number() == 1)
            .findFirst()
            .orElseThrow();
    return Awaits.await(shard.ask(replica -> replica.checkpointIndex()));
  }

  private KvClientOfTests client() {
    return new KvClientOfTests(vertx, List.of("127.0.0.1:" + port));
  }

  private Map<NodeOption, String> options(int keyBytes, int valueBytes, int txnBytes) {
    Map<NodeOption, String> options = new EnumMap<>(NodeOption.class);
    options.put(NodeOption.ID, "n1");
    options.put(NodeOption.PEERS, "n1=127.0.0.1:" + port);
    options.put(NodeOption.DATA, folder.toString());
    options.put(NodeOption.GROUPS, "1");
    options.put(NodeOption.CHECKPOINT_BYTES, "1048576");
    options.put(NodeOption.KEY_BYTES_MAX, Integer.toString(keyBytes));
    options.put(NodeOption.VALUE_BYTES_MAX, Integer.toString(valueBytes));
    options.put(NodeOption.TXN_BYTES_MAX, Integer.toString(txnBytes));
    return options;
  }
}
