package dev.ostrakon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.examples.bank.Bank;
import dev.ostrakon.examples.bank.BankReport;
import dev.ostrakon.examples.bank.Booking;
import dev.ostrakon.examples.bank.LedgerReplay;
import dev.ostrakon.examples.bank.RandomTransfers;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Runs every program that the documentation shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExamplesTest {
  @SuppressWarnings("NullAway.Init") // Before all tests.
  private EmbeddedCluster cluster;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @BeforeAll
  void start() {
    cluster = EmbeddedCluster.start();
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private OstrakonClient connect() {
    return OstrakonClient.connect(cluster.addresses().toArray(String[]::new));
  }

  @Test
  void the_program_of_the_readme_prints_what_it_should() {
    GettingStarted.run(cluster.addresses(), out);

    assertThat(lines())
        .containsExactly(
            "hello, world", "true, bob has 100", "alice = 50", "bob = 100", "copy = 50");
  }

  @Test
  void a_ledger_ends_with_its_last_balances() throws InterruptedException {
    List<Booking> ledger =
        List.of(
            new Booking("1", "1993-01-01", "acct:1", "house:cash", 70_000, 70_000),
            new Booking("2", "1993-01-01", "acct:2", "house:cash", 500, 500),
            new Booking("3", "1993-01-02", "acct:1", "bank:AB", -20_000, 50_000),
            new Booking("4", "1993-01-03", "acct:2", "house:fees", -600, -100));
    try (OstrakonClient db = connect()) {
      LedgerReplay replay = new LedgerReplay(new Bank(db), ledger, 2);
      replay.prepare();
      BankReport report = replay.run();

      assertThat(report.problems()).isEmpty();
      assertThat(report.toLine())
          .startsWith("bank: OK accounts=2 transfers=4 refused=0 mismatches=0 sum=0 seconds=");
    }
  }

  @Test
  void a_ledger_that_does_not_chain_is_found() throws InterruptedException {
    List<Booking> ledger = List.of(new Booking("1", "1993-01-01", "acct:9", "house:cash", 100, 99));
    try (OstrakonClient db = connect()) {
      LedgerReplay replay = new LedgerReplay(new Bank(db), ledger, 2);
      replay.prepare();
      BankReport report = replay.run();

      assertThat(report.isOk()).isFalse();
      assertThat(report.problems()).containsExactly("acct:9 has 100, expected 99");
      assertThat(report.toLine()).startsWith("bank: FAILED accounts=1 transfers=1");
    }
  }

  @Test
  void random_transfers_leave_the_sum_alone() throws InterruptedException {
    try (OstrakonClient db = connect()) {
      RandomTransfers transfers =
          new RandomTransfers(new Bank(db, "demo/"), new RandomTransfers.Shape(20, 8, 2, 42));
      transfers.prepare();
      BankReport report = transfers.run();

      assertThat(report.isOk()).as(report.toLine()).isTrue();
      assertThat(report.transfers()).isPositive();
      assertThat(transfers.progress().audits()).isPositive();
    }
  }
}
