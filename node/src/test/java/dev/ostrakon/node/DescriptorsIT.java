package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that may open few descriptors, and callers that would take them all. */
@Tag("ci")
class DescriptorsIT {
  private static final int DESCRIPTORS_MAX = 400;
  private static final int IDLE = 650;
  private static final int MIB = 1 << 20;

  private final Vertx vertx = Vertx.vertx();
  @TempDir Path folder;

  @AfterEach
  void close() {
    Awaits.await(vertx.close());
  }

  @Test
  void A6_idle_connections_leave_the_node_descriptors_for_its_own_files() throws IOException {
    List<Socket> idle = new ArrayList<>();
    InetAddress host = InetAddress.getLoopbackAddress();
    int refused = 0; // Which is as good.
    try (OstrakonProcess node =
            OstrakonProcess.startWithDescriptors(folder, DESCRIPTORS_MAX, List.of());
        KvClientOfTests client = new KvClientOfTests(vertx, List.of(node.address()))) {
      client.put("before", "1");
      for (int i = 0; i < IDLE; i++) {
        Socket socket = new Socket();
        idle.add(socket);
        try {
          socket.connect(new InetSocketAddress(host, node.port()), 2_000);
        } catch (IOException e) {
          refused++;
        }
      }
      assertThat(refused).as("connections refused of %s", IDLE).isLessThan(IDLE);
      String large = "x".repeat(MIB - 1);
      for (int i = 0; i < 60; i++) { // The log goes through several files.
        assertThat(client.put("large" + i % 4, large).getHeader().hasError()).isFalse();
      }
      assertThat(node.isAlive()).as(node::log).isTrue();
      assertThat(node.log()).doesNotContain("Too many open files");

      try (KvClientOfTests other = new KvClientOfTests(vertx, List.of(node.address()))) {
        Awaits.untilAsserted(() -> assertThat(other.get("before").getFound()).isTrue());
      }
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }
}
