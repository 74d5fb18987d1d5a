package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client asks of the program around it, and what it takes from it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClientLifeTest {
  @Test
  void a_program_ends_whose_main_throws_before_close_even_without_a_class_loader()
      throws Exception {
    try (FakeCluster cluster = new FakeCluster(1, 1)) {
      Process program = start(cluster.addresses()[0]);
      try {
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
        assertThat(said).contains("put from main", "before close()");
        assertThat(program.exitValue()).isEqualTo(1);
      } finally {
        program.destroyForcibly();
      }
    }
  }

  private static Process start(String address) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(MainWithoutClose.class.getName());
    command.add(address);
    return new ProcessBuilder(command)
        .directory(new File(System.getProperty("java.io.tmpdir")))
        .redirectErrorStream(true)
        .start();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "localhost:",
        ":7101",
        "localhost:0",
        "localhost:65536",
        "localhost:+7101",
        "localhost:7101 ",
        " localhost:7101",
        "http://localhost:7101",
        "local host:7101",
        "local..host:7101",
        "-host:7101",
        "::1:7101",
        "[::1]",
        "[::1:7101",
        "[1.2.3.4]:7101",
        "[host]:7101",
        "[::12345]:7101",
        "256.0.0.1:7101",
        "1.2.3:7101",
        "a:b:7101",
        "localhost:7101,localhost:7102"
      })
  void an_address_is_checked_when_it_is_given(String address) {
    OstrakonClient.Builder builder = OstrakonClient.builder();
    assertThatThrownBy(() -> builder.addresses(List.of("localhost:7101", address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + address + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:7101",
        "127.0.0.1:1",
        "[::1]:65535",
        "[fe80::1]:7101",
        "node-1.example.org:7101",
        "node_1:7101",
        "n1.example.org.:7101"
      })
  void addresses_of_every_form_are_taken(String address) {
    assertThat(Connector.socketAddress(address).toString()).isEqualTo(address);
  }

  @Test
  void nodes_are_reached_at_ipv6_addresses() {
    assumeTrue(hasIpv6());
    try (FakeCluster cluster = new FakeCluster("[::1]", 2, 2);
        OstrakonClient db = OstrakonClient.connect(cluster.addresses()[0])) {
      assertThat(cluster.addresses()[0]).startsWith("[::1]:");
      db.batch().put("a", "1").put("b", "2").put("c", "3").commit().join();
      assertThat(db.get("b").join()).isPresent();
      assertThat(db.status().join()).hasSize(2).allMatch(report -> report.status().isPresent());
    }
  }

  private static boolean hasIpv6() {
    byte[] loopback = new byte[16];
    loopback[15] = 1; // ::1
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(loopback))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void the_longest_timeout_is_no_overflow() {
    try (FakeCluster cluster = new FakeCluster(1, 1);
        OstrakonClient db = OstrakonClient.connect(cluster.addresses())) {
      OstrakonClient patient = db.withTimeout(Duration.ofSeconds(Long.MAX_VALUE));
      patient.put("a", "1").join();
      assertThat(patient.get("a").join()).isPresent();
      assertThat(patient.transact(tx -> tx.get("a")).join()).contains("1");
    }
  }

  @Test
  void text_that_utf8_cannot_encode_is_rejected_and_not_replaced() {
    try (FakeCluster cluster = new FakeCluster(1, 1);
        OstrakonClient db = OstrakonClient.connect(cluster.addresses())) {
      for (String text : List.of("\uD83D", "a\uDE00", "\uDE00\uD83D", "x\uD83Dy")) {
        assertThatThrownBy(() -> db.put("a", text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.get(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Scan.prefix(text)).isInstanceOf(IllegalArgumentException.class);
      }
      db.put("a", "\uD83D\uDE00?\uFFFD").join();
      assertThat(db.get("a").join().orElseThrow().value()).isEqualTo("\uD83D\uDE00?\uFFFD");
    }
  }

  @Test
  void bytes_that_are_no_text_are_not_given_as_text() {
    byte[] bytes = {'a', (byte) 0xC3, '('};
    try (FakeCluster cluster = new FakeCluster(1, 1);
        OstrakonClient db = OstrakonClient.connect(cluster.addresses())) {
      db.put("a".getBytes(StandardCharsets.UTF_8), bytes).join();
      assertThatThrownBy(() -> db.get("a").join())
          .hasCauseInstanceOf(NotTextException.class)
          .hasMessageContaining("3 bytes is not UTF-8 from byte 1");
      assertThatThrownBy(() -> db.getAll(List.of("a")).join())
          .hasCauseInstanceOf(NotTextException.class);
      assertThatThrownBy(() -> db.transact(tx -> tx.get("a")).join())
          .hasCauseInstanceOf(NotTextException.class);
      ScanResult.Entry entry = db.scan(Scan.all()).join().entries().get(0);
      assertThatThrownBy(entry::valueText).isInstanceOf(NotTextException.class);
      assertThat(entry.valueBytes()).isEqualTo(bytes);
      assertThat(db.get("a".getBytes(StandardCharsets.UTF_8)).join().orElseThrow().value())
          .isEqualTo(bytes);
    }
  }
}
