package dev.ostrakon.examples.bank;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A morning at the bank, on a cluster that this program starts for itself. */
public final class BankProgram {
  private BankProgram() {}

  /** Starts a cluster, or takes the one whose addresses are the arguments. */
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (args.length > 0) {
      run(List.of(args), out);
      return;
    }
    try (EmbeddedCluster cluster = EmbeddedCluster.start()) {
      run(cluster.addresses(), out);
    }
  }

  static void run(List<String> addresses, PrintStream out) throws InterruptedException {
    try (OstrakonClient db = OstrakonClient.connect(addresses.toArray(String[]::new))) {
      Bank bank = new Bank(db);
      bank.open("alice", 100_00);
      bank.open("bob", 0);

      out.println("alice pays the rent: " + bank.pay("alice", "bob", 80_00, "rent"));
      out.println("alice buys a car: " + bank.pay("alice", "bob", 9_000_00, "car"));
      out.println("balances: " + bank.balances(List.of("alice", "bob")));
      out.println("statement of bob: " + bank.statement("bob"));
    }
  }
}
