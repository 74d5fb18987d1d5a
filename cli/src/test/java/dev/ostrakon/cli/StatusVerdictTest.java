package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.node.embedded.EmbeddedCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The verdict of {@code status} while nodes of a cluster die one after the other. */
@Tag("ci")
final class StatusVerdictTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int status(EmbeddedCluster cluster, String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = new String[5 + more.length];
    words[0] = "status";
    words[1] = "--cluster";
    words[2] = String.join(",", cluster.addresses());
    words[3] = "--timeout-millis";
    words[4] = "3000";
    System.arraycopy(more, 0, words, 5, more.length);
    return Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private void await(EmbeddedCluster cluster, int code) {
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> status(cluster) == code);
  }

  @Test
  void is_healthy_then_degraded_then_without_quorum_then_silent() {
    try (EmbeddedCluster cluster = EmbeddedCluster.start()) {
      await(cluster, Main.OK);
      assertThat(out.toString()).startsWith("HEALTHY");

      cluster.kill(0);
      await(cluster, Main.ABSENT);
      assertThat(out.toString())
          .startsWith("DEGRADED: " + cluster.addresses().get(0) + " does not answer");
      assertThat(status(cluster, "--json")).isEqualTo(Main.ABSENT);
      assertThat(err.toString()).startsWith("{\"error\":\"unreachable\",\"exit_code\":5");

      cluster.kill(1);
      await(cluster, Main.REFUSED);
      assertThat(out.toString()).startsWith("NO QUORUM: ");

      cluster.kill(2);
      await(cluster, Main.UNREACHABLE);
      assertThat(out.toString()).isEmpty();
      assertThat(err.toString()).contains(cluster.addresses().get(1));
    }
  }
}
