package dev.ostrakon.examples.bank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.node.embedded.EmbeddedCluster;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class BankProgramTest {

  @Test
  void nobody_spends_what_he_has_not() throws InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (EmbeddedCluster cluster = EmbeddedCluster.start();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      BankProgram.run(cluster.addresses(), out);
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "alice pays the rent: true",
            "alice buys a car: false",
            "balances: {alice=2000, bob=8000}",
            "statement of bob: [8000 alice rent]");
  }
}
