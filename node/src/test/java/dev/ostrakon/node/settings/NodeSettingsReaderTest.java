package dev.ostrakon.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.NodeAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsReaderTest {
  private static final String PEERS = "n1=127.0.0.1:7101,n2=127.0.0.1:7102,n3=[::1]:7103";

  @TempDir private Path folder;

  private final Map<NodeOption, String> commandLine = new EnumMap<>(NodeOption.class);
  private final Map<String, String> environment = new HashMap<>();

  private void giveWhatIsRequired() {
    commandLine.put(NodeOption.ID, "n1");
    commandLine.put(NodeOption.DATA, folder.toString());
    commandLine.put(NodeOption.PEERS, PEERS);
  }

  private NodeSettings read() {
    return NodeSettingsReader.read(commandLine, environment, null);
  }

  private NodeSettings read(String... yamlLines) throws IOException {
    Path yaml = folder.resolve("node.yaml");
    Files.writeString(yaml, String.join("\n", yamlLines));
    return NodeSettingsReader.read(commandLine, environment, yaml);
  }

  @Test
  void everything_that_need_not_be_said_has_a_default() {
    giveWhatIsRequired();
    NodeSettings settings = read();
    assertThat(settings.listen()).isEqualTo(new NodeAddress("127.0.0.1", 7101));
    assertThat(settings.peers()).containsKey(new NodeId("n3"));
    assertThat(settings.peers().get(new NodeId("n3"))).isEqualTo(new NodeAddress("::1", 7103));
    assertThat(settings.plan().groups()).isEqualTo(3);
    assertThat(settings.plan().replicas()).isEqualTo(3);
    assertThat(settings.plan().slots()).isEqualTo(256);
    assertThat(settings.admin()).isNull();
  }

  @Test
  void memory_that_is_not_said_follows_from_the_heap_and_the_groups_of_the_node() {
    giveWhatIsRequired();
    commandLine.put(NodeOption.GROUPS, "6");
    commandLine.put(NodeOption.REPLICAS, "2");
    commandLine.put(NodeOption.VALUE_CACHE_BYTES, "12345");
    MemorySettings expected = MemorySettings.forHeap(2L << 30, 4);
    assertThat(NodeSettingsReader.read(commandLine, environment, null, 2L << 30).memory())
        .isEqualTo(
            new MemorySettings(
                expected.checkpointBytes(),
                expected.overlayBytesMax(),
                expected.stateCacheBytes(),
                12_345,
                expected.logCacheBytes(),
                expected.entryCacheBytes(),
                expected.requestBytes()));
  }

  @Test
  void a_checkpoint_size_alone_can_be_given() {
    giveWhatIsRequired();
    commandLine.put(NodeOption.CHECKPOINT_BYTES, String.valueOf(1 << 30));
    assertThat(read().memory().overlayBytesMax()).isEqualTo(2L << 30);
  }

  @Test
  void the_command_line_beats_the_environment_and_that_beats_the_file() throws IOException {
    giveWhatIsRequired();
    commandLine.put(NodeOption.GROUPS, "5");
    environment.put("OSTRAKON_GROUPS", "6");
    environment.put("OSTRAKON_SLOTS", "512");
    environment.put("PATH", "/bin");
    NodeSettings settings = read("groups: 7", "slots: 1024", "key-bytes-max: 99", "leases: false");
    assertThat(settings.plan().groups()).isEqualTo(5);
    assertThat(settings.plan().slots()).isEqualTo(512);
    assertThat(settings.plan().limits().keyBytesMax()).isEqualTo(99);
    assertThat(settings.timing().leases()).isFalse();
  }

  @Test
  void peers_in_a_file_may_be_a_mapping() throws IOException {
    NodeSettings settings =
        read(
            "id: n2",
            "data: " + folder,
            "peers:",
            "  n1: 127.0.0.1:1",
            "  n2: 127.0.0.1:2",
            "admin: 127.0.0.1:3");
    assertThat(settings.listen()).isEqualTo(new NodeAddress("127.0.0.1", 2));
    assertThat(settings.plan().replicas()).isEqualTo(2);
    assertThat(settings.admin()).isEqualTo(new NodeAddress("127.0.0.1", 3));
  }

  @Test
  void an_unknown_option_of_a_file_is_named_with_its_line_and_what_is_allowed() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read("id: n1", "goups: 3"))
        .withMessageContaining("node.yaml line 2: unknown option goups")
        .withMessageContaining("groups, replicas");
  }

  @Test
  void an_option_that_stands_twice_in_a_file_is_refused() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read("groups: 3", "id: n1", "groups: 4"))
        .withMessageContaining("line 3: option groups stands there twice");
  }

  @Test
  void a_value_of_the_wrong_shape_or_type_is_refused_with_its_line() {
    giveWhatIsRequired();
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read("groups: [1, 2]"))
        .withMessageContaining("line 1: expected a single value for groups, was a list");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read("id: n1", "groups: many"))
        .withMessageContaining("node.yaml line 2: groups is a whole number, was 'many'");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read("{"))
        .withMessageContaining("is not YAML");
  }

  @Test
  void a_missing_option_says_where_it_can_be_given() {
    commandLine.put(NodeOption.ID, "n1");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(this::read)
        .withMessageContaining("data is missing: give --data, OSTRAKON_DATA, or data in the YAML")
        .withMessageContaining("peers is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ID | n9 | id is one of peers [n1, n2, n3], was n9",
        "ID | no good | a node's name is",
        "LISTEN | nowhere | expected host:port",
        "GROUPS | 0 | groups is in 1..",
        "REPLICAS | 4 | replicas is in 1..3, the number of peers, was 4",
        "SLOTS | 100 | slots is a power of two",
        "SLOTS | 2 | slots is at least groups=3, was 2",
        "KEY_BYTES_MAX | -1 | key-bytes-max is positive",
        "TXN_BYTES_MAX | 100 | txn-bytes-max is at least key-bytes-max + value-bytes-max",
        "ENTRY_CACHE_BYTES | 0 | entry-cache-bytes is positive",
        "ENTRY_CACHE_BYTES | 2000000000 | entry-cache-bytes is at most",
        "OVERLAY_BYTES_MAX | 7 | overlay-bytes-max exceeds checkpoint-bytes",
        "ELECTION_TICKS | 2 | election-ticks is at least twice heartbeat-ticks",
        "SESSION_WINDOW | 0 | session-window is positive",
        "FRAME_BYTES_MAX | 1000 | frame-bytes-max is at least twice txn-bytes-max",
        "LEASES | maybe | expected true or false",
        "LEADERS | one | expected spread or adaptive, was 'one'",
        "TLS_CERT | /nowhere | tls-cert and tls-key go together",
        "TLS_CLIENTS | certified | needs tls-ca",
        "ADMIN | 127.0.0.1:7101 | admin is another address than listen",
        "ROUTES | n8=127.0.0.1:1 | routes names peers only",
        "PEERS | n1=127.0.0.1:1,n1=127.0.0.1:2 | node n1 is named twice"
      })
  void a_rule_that_is_broken_is_said_in_one_sentence(
      NodeOption option, String value, String sentence) {
    giveWhatIsRequired();
    commandLine.put(option, value);
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(this::read)
        .withMessageContaining(sentence);
  }
}
